import type { Env } from './env';
import { Refusal } from './problem';

/** The pepper that new tables of codes are made under: the first. */
export function pepperOf(env: Env): string {
  const [pepper] = peppers(env);
  if (pepper !== undefined) return pepper;
  throw new Refusal(503, {
    code: 'pepper_missing',
    message: 'The worker has no pepper, which unique codes need.',
    help: 'Set the secret PEPPER to the text of the file that `counterfoil codes pepper` wrote.',
    fixBy: 'developer',
  });
}

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
