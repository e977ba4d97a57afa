// The check symbol of generated codes, so that a slip of the finger is told before anybody is asked. The core decides
// what a code is worth; this only compares a code with the form that the shop prints.

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A code as people read it from paper: no spaces and hyphens, and letters that look like digits are those digits. */
const readable = (typed: string): string =>
  typed.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');

/** Each symbol times a different power of x in the field of 32 elements (x^5 + x^2 + 1), all added. */
function checkOf(symbols: readonly number[]): number {
  return symbols.reduce((sum, symbol) => {
    const shifted = (sum ^ symbol) << 1;
    return shifted & 0x20 ? shifted ^ 0x25 : shifted;
  }, 0);
}

/**
 * Whether a code has the form of the pattern (`TEA-####-####-####-*`), but a check symbol that does not fit: somebody
 * mistyped it. A code of another form may be another campaign's and is not judged.
 */
export function isMistyped(pattern: string, typed: string): boolean {
  const form = pattern.replaceAll('-', '');
  const given = readable(typed);
  if (!form.includes('*') || given.length !== form.length) return false;
  const random: number[] = [];
  let check = -1;
  for (let at = 0; at < form.length; at++) {
    const symbol = form[at]!;
    const value = ALPHABET.indexOf(given[at]!);
    if (symbol !== '#' && symbol !== '*') {
      if (readable(symbol) !== given[at]) return false;
    } else if (value < 0) return true;
    else if (symbol === '#') random.push(value);
    else check = value;
  }
  return check !== checkOf(random);
}

/** A code as it was pasted, without the spaces and invisible signs around and in it. */
export const cleaned = (pasted: string): string => pasted.replaceAll(/[\s\u200b-\u200f\u2060\ufeff]/g, '');
