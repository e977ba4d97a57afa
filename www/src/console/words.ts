/** How the console writes moments, shares and outcomes. */

const moments = new Intl.DateTimeFormat('en-IE', { dateStyle: 'medium', timeStyle: 'short' });
export const moment = (at: number) => moments.format(at);

const dates = new Intl.DateTimeFormat('en-IE', { dateStyle: 'medium' });
/** @param zone whose day it is; default the reader's */
export const date = (at: number, zone?: string) => (zone === undefined ? dates : new Intl.DateTimeFormat('en-IE', { dateStyle: 'medium', timeZone: zone })).format(at);

const percents = new Intl.NumberFormat('en-IE', { style: 'percent', maximumFractionDigits: 1 });
/** A part of a whole, both counts or both amounts. */
export const share = (part: number, whole: number) => (whole === 0 ? '–' : percents.format(part / whole));
export const percent = (proportion: number) => percents.format(proportion);

/** A decimal as the worker tells it, such as `0.125`, as a share. */
export const percentOf = (decimal: string) => percents.format(decimal as Intl.StringNumericLiteral);

const numbers = new Intl.NumberFormat('en-IE');
export const number = (count: number) => numbers.format(count);

/** How often one amount goes into another: `12.4`. */
export function times(amount: number, into: number): string {
  if (into === 0) return '–';
  const tenths = (BigInt(amount) * 10n) / BigInt(into);
  return `${numbers.format(tenths / 10n)}.${tenths % 10n}`;
}

export const outcomes: Readonly<Record<string, string>> = {
  confirmed: 'Confirmed',
  held: 'Held',
  refused: 'Refused',
  released: 'Released',
  refunded: 'Refunded in part',
  rolled_back: 'Rolled back',
};

/** `uses_limit_reached` as people read it. */
export const plain = (code: string) => code.replaceAll('_', ' ');

/** What is refused and what helps, each as a sentence: the engine's own texts have no full stops. */
export const sentences = (...texts: readonly string[]) =>
  texts.filter((text) => text !== '').map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`).join(' ');
