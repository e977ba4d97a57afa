/** A code as the engine compares it: ASCII letters in upper case, without spaces and hyphens. `tests/js/people.test.mjs` holds it to the engine. */
export function normalise(typed: string): string {
  return typed.replaceAll(/[\p{White_Space}-]/gu, '').replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());
}
