/** Money, times and counts as the language of the page writes them. Amounts stay whole minor units: only their digits are moved. */

import { locale } from './words/locale';

const made = new Map<string, unknown>();

/** The format of this name in the language that is spoken. */
function formatOf<T>(name: string, make: (locale: string) => T): T {
  const key = `${locale()} ${name}`;
  if (!made.has(key)) made.set(key, make(locale()));
  return made.get(key) as T;
}

const inCurrency = (currency: string, more: Intl.NumberFormatOptions = {}) =>
  formatOf(`${currency} ${more.trailingZeroDisplay ?? ''}`, (where) => new Intl.NumberFormat(where, { style: 'currency', currency, ...more }));

/** Minor units as a decimal numeral: 1250 -> "12.50". */
function numeral(minor: number, exponent: number): Intl.StringNumericLiteral {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const part = exponent > 0 ? `.${digits.slice(-exponent)}` : '';
  return `${minor < 0 ? '-' : ''}${whole}${part}` as Intl.StringNumericLiteral;
}

/** What a person has typed as minor units: `12.5` or `12,50` -> 1250; nothing where it is no such amount. */
export function minorOf(typed: string, currency: string): number | undefined {
  const exponent = inCurrency(currency).resolvedOptions().maximumFractionDigits ?? 2;
  const found = /^(\d{1,12})(?:[.,](\d+))?$/.exec(typed.trim());
  if (!found || (found[2] ?? '').length > exponent) return undefined;
  return Number(`${found[1]}${(found[2] ?? '').padEnd(exponent, '0')}`);
}

const writtenIn = (format: Intl.NumberFormat, minor: number) => format.format(numeral(minor, format.resolvedOptions().maximumFractionDigits ?? 2));

export const money = (minor: number, currency = 'EUR') => writtenIn(inCurrency(currency), minor);

/** An amount of which only what is not zero is written: €20, €2.50. */
export const roundMoney = (minor: number, currency = 'EUR') => writtenIn(inCurrency(currency, { trailingZeroDisplay: 'stripIfInteger' }), minor);

const withMinus = (text: string) => text.replace('-', '−');

/** What came off, with a real minus sign where the language has it. */
export const off = (minor: number, currency?: string) => withMinus(money(-minor, currency));

export const writtenCount = (count: number) => formatOf('count', (where) => new Intl.NumberFormat(where)).format(count);

/** 15 -> "15%". */
export const percentOf = (percent: number) => formatOf('percent', (where) => new Intl.NumberFormat(where, { style: 'percent' })).format(percent / 100);

export const grams = (weight: number) => formatOf('gram', (where) => new Intl.NumberFormat(where, { style: 'unit', unit: 'gram' })).format(weight);

export const dateOf = (moment: number) =>
  formatOf('date', (where) => new Intl.DateTimeFormat(where, { day: 'numeric', month: 'short', year: 'numeric' })).format(moment);

/** A change of points, with a real minus sign. */
export const signed = (points: number) => withMinus(formatOf('signed', (where) => new Intl.NumberFormat(where, { signDisplay: 'exceptZero' })).format(points));

export function ago(since: number, now: number): string {
  const relative = formatOf('relative', (where) => new Intl.RelativeTimeFormat(where, { numeric: 'auto' }));
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  if (seconds < 10) return relative.format(0, 'second');
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

const inUnit = (unit: 'ms' | 'µs', digits: number, value: number) =>
  `${formatOf(`time ${digits}`, (where) => new Intl.NumberFormat(where, { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value)} ${unit}`;

/** A measured time. A page that shares its process sees a clock of 0.1 ms, an isolated one of 5 µs. */
export function took(milliseconds: number): string {
  if (milliseconds >= 10) return inUnit('ms', 0, milliseconds);
  if (milliseconds >= 1) return inUnit('ms', 1, milliseconds);
  const microseconds = Math.round(milliseconds * 1000);
  if (microseconds > 0) return inUnit('µs', 0, microseconds);
  return `< ${globalThis.crossOriginIsolated ? inUnit('µs', 0, 5) : inUnit('ms', 1, 0.1)}`;
}
