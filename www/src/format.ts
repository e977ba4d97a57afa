/** Money, times and counts as the page writes them. Amounts stay whole minor units: only their digits are moved. */

const locale = 'en-IE';
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  let found = formats.get(currency);
  if (!found) formats.set(currency, (found = new Intl.NumberFormat(locale, { style: 'currency', currency })));
  return found;
}

/** Minor units as a decimal numeral: 1250 -> "12.50". */
function numeral(minor: number, exponent: number): Intl.StringNumericLiteral {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const part = exponent > 0 ? `.${digits.slice(-exponent)}` : '';
  return `${minor < 0 ? '-' : ''}${whole}${part}` as Intl.StringNumericLiteral;
}

export function money(minor: number, currency = 'EUR'): string {
  const format = formatOf(currency);
  return format.format(numeral(minor, format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** What came off, with a real minus sign. */
export const off = (minor: number, currency?: string) => `−${money(minor, currency)}`;

export const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

const clock = new Intl.DateTimeFormat(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit' });

/** A moment of the next days on the shopper's clock. */
export const timeOf = (moment: number) => clock.format(moment);

const calendar = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });

export const dateOf = (moment: number) => calendar.format(moment);

/** A change of points, with a real minus sign. */
export const signed = (points: number) => (points < 0 ? `−${-points}` : `+${points}`);

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export function ago(since: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  if (seconds < 10) return 'just now';
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

/** A measured time. A page that shares its process sees a clock of 0.1 ms, an isolated one of 5 µs. */
export function took(milliseconds: number): string {
  if (milliseconds >= 10) return `${Math.round(milliseconds)} ms`;
  if (milliseconds >= 1) return `${milliseconds.toFixed(1)} ms`;
  const microseconds = Math.round(milliseconds * 1000);
  if (microseconds > 0) return `${microseconds} µs`;
  return globalThis.crossOriginIsolated ? 'under 5 µs' : 'under 0.1 ms';
}

/** A diagnostic's text, which is lower case with names in backticks, as a sentence of the page. */
export function sentence(text: string): string {
  const plain = text.replaceAll('`', '').trim();
  if (plain === '') return '';
  const capital = plain.charAt(0).toUpperCase() + plain.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
