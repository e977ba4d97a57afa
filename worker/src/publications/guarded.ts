import { Note } from '../note';

/**
 * Campaigns whose codes are somebody's, by what their codes begin with: a code that was published is good for its customer
 * alone, and one of a set that was not published is good for nobody yet.
 */
export const guarded = new Note<Record<string, string>>('guarded', {});

/** What all of these begin with; nothing, where that is too short to tell a campaign by. */
export function prefixOf(codes: readonly string[]): string {
  const [first = '', ...rest] = codes;
  let length = first.length;
  for (const code of rest) while (!code.startsWith(first.slice(0, length))) length -= 1;
  return length >= SHORTEST_PREFIX ? first.slice(0, length) : '';
}

const SHORTEST_PREFIX = 3;
