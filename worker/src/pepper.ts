import type { Env } from './env';
import { Refusal } from './problem';

/** The peppers that unique codes may be of, the text of a file to a line. */
export function peppers(env: Env): string[] {
  const files = (env.PEPPER ?? '').split('\n').filter((line) => line.trim() !== '');
  return files.map((file) => {
    try {
      return String((JSON.parse(file) as { pepper: unknown }).pepper);
    } catch {
      throw new Refusal(503, {
        code: 'pepper_invalid',
        message: 'The secret PEPPER is not what `counterfoil codes pepper` wrote.',
        help: 'Set it to the text of the pepper file; while codes change to a new one, to both, each on a line.',
        fixBy: 'developer',
      });
    }
  });
}
