// What a value of a request may be. The core checks ranges; here is checked what a slot could not tell any more.

/**
 * Thrown where a request is not of the types it must be. The engine then asks the door for bytes, which words the
 * refusal with its place: one parser knows how requests are refused.
 */
export const MISFIT = new TypeError('the request is not what JSON can say');

/** What is not given, and what is no number: the core tells them apart. */
export const NOT_GIVEN = NaN;
const INVALID = Infinity;

/** A number of the caller. */
export const slot = (value: unknown): number =>
  typeof value === 'number' ? (value === value ? value : INVALID) : value == null ? NOT_GIVEN : INVALID;

export function text(value: unknown): string {
  if (typeof value !== 'string') throw MISFIT;
  return value;
}

export function list<T>(value: readonly T[], most: number): readonly T[] {
  if (!Array.isArray(value) || value.length > most) throw MISFIT;
  return value;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

export function object(value: unknown): void {
  if (value != null && !isObject(value)) throw MISFIT;
}

/** The object; anything else has no members. */
export const objectIfAny = <T>(value: T | null | undefined): T | undefined => (isObject(value) ? (value as T) : undefined);

export function whole(value: number, most: number): number {
  if (!Number.isInteger(value) || value < 0 || value > most) throw MISFIT;
  return value;
}

/** A number that only some rule reads, or that it is not given. */
export function given(value: unknown, least: number): number {
  if (value == null) return NOT_GIVEN;
  if (!Number.isSafeInteger(value) || (value as number) < least) throw MISFIT;
  return value as number;
}

/** The place of one of these texts. */
function choice(value: unknown, choices: readonly unknown[]): number {
  const place = choices.indexOf(value);
  if (place < 0) throw MISFIT;
  return place;
}

/** A bit for each of these texts that is asked for. */
export function parts(value: readonly string[] | null | undefined, all: readonly string[], most: number): number {
  let bits = 0;
  if (value != null) for (const part of list(value, most)) bits |= 1 << choice(part, all);
  return bits;
}
