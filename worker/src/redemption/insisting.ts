import type { Command } from '../ledger/book';

/** How often a book is asked that does not answer. */
const TRIES = 4;

/** Asks a book, and again where it does not answer. */
export async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tried === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * 4 ** tried));
    }
  }
}

/** A book goes by its own clock. */
export function withoutNow({ now: _, ...command }: Command): Command {
  return command as Command;
}
