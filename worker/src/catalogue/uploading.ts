import { CounterfoilError, readCodes } from 'counterfoil/workshop';
import type { Env } from '../env';
import { pepperOf } from '../pepper';
import { Refusal } from '../problem';
import type { Outcome } from './catalogue';
import type { Listed } from './code_lists';

/** Characters of a list that are read at once. */
const AT_ONCE = 262_144;

/** The list ends where a line is longer than this: it is none. */
const LONGEST_LINE = 4_096;

/**
 * Takes a list of codes, CSV whose first line names the columns, as it arrives: all its codes are never in memory together. It is in
 * the catalogue when all of it is; a fault leaves the codes that were there.
 */
export async function upload(env: Env, campaign: string, body: ReadableStream<Uint8Array>, takesPlace: boolean): Promise<Listed> {
  const catalogue = env.CATALOGUE.getByName('catalogue');
  const pepper = pepperOf(env);
  const { hasCurrency } = done(await catalogue.listOf(campaign));
  const id = crypto.randomUUID();
  try {
    for await (const lines of partsOf(body)) done(await catalogue.takeCodes(campaign, id, await readCodes({ ...lines, pepper, hasCurrency })));
    return done(await catalogue.keepCodes(campaign, id, takesPlace));
  } catch (error) {
    await catalogue.dropCodes(campaign, id);
    throw error instanceof CounterfoilError ? Refusal.from(error, 422) : error;
  }
}

/** Whole lines, each time with the first one, which names the columns. */
async function* partsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ head: string; lines: string; line: number }> {
  let head: string | undefined;
  let line = 2;
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    rest += text;
    if (head === undefined) {
      const end = rest.indexOf('\n');
      if (end < 0 && rest.length <= LONGEST_LINE) continue;
      head = rest.slice(0, end + 1);
      rest = rest.slice(end + 1);
    }
    if (rest.length < AT_ONCE) continue;
    const end = rest.lastIndexOf('\n') + 1;
    const lines = rest.slice(0, end);
    yield { head, lines, line };
    line += lines.split('\n').length - 1;
    rest = rest.slice(end);
  }
  // a file without a last line feed
  yield head === undefined ? { head: rest, lines: '', line } : { head, lines: rest, line };
}

function done<T>(outcome: Outcome<T>): T {
  if ('done' in outcome) return outcome.done;
  throw new Refusal(outcome.status, outcome.problem);
}
