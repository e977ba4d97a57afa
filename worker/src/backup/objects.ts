import type { Env } from '../env';
import { bookOf } from '../ledger/book';
import type { Kept, Line } from './kept';

/**
 * Objects that one call reads, fills or wakes. An invocation on Cloudflare may ask ten thousand others: whoever hands on the
 * names of so many at once reaches as many times more.
 */
export const OBJECTS_A_CALL = 500;
/** Objects that are read at once. */
const OBJECTS_AT_ONCE = 8;

/** The object of a name in a backup, as `book/<name>` or `redemption/<id>`; nothing where there is no such kind. */
export function objectOf(env: Env, name: string): DurableObjectStub<Kept> | undefined {
  const slash = name.indexOf('/');
  const [kind, own] = [name.slice(0, slash), name.slice(slash + 1)];
  const stub = {
    book: () => bookOf(env, own),
    redemption: () => env.REDEMPTIONS.getByName(own),
    customer: () => env.CUSTOMERS.getByName(own),
    project: () => env.VOUCHERIFY.getByName(own),
    publications: () => env.PUBLICATIONS.getByName(own),
    catalogue: () => env.CATALOGUE.getByName(own),
    records: () => env.RECORDS.getByName(own),
  }[kind];
  return stub?.() as unknown as DurableObjectStub<Kept> | undefined;
}

/** Writes what objects have kept for a backup, one after another. */
export async function dumpAll(env: Env, names: readonly string[], epoch: number, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  const dump = async (name: string): Promise<ReadableStream<Uint8Array>> => (await reached(env, name).dump(name, epoch)) as ReadableStream<Uint8Array>;
  for (let at = 0; at < names.length; at += OBJECTS_AT_ONCE) {
    const texts = await Promise.all(names.slice(at, at + OBJECTS_AT_ONCE).map(dump));
    for (const text of texts) for await (const chunk of text) await writer.write(chunk);
  }
}

/** A line that an object cannot take over, and the version of its own storage. */
export interface Mismatch {
  line: Line;
  own: number;
}

/** Fills objects from lines of a backup, those of one object beside each other. Answers the first that one cannot take over. */
export async function fillAll(env: Env, lines: readonly Line[]): Promise<Mismatch | null> {
  for (let at = 0; at < lines.length; ) {
    const [line] = lines.slice(at, at + 1) as [Line];
    const end = lines.findIndex(({ object }, index) => index > at && object !== line.object);
    const next = end < 0 ? lines.length : end;
    const own = await reached(env, line.object).fill(lines.slice(at, next) as never);
    if (own !== null) return { line, own };
    at = next;
  }
  return null;
}

/** Has objects go on where a backup left them. */
export async function wakeAll(env: Env, names: readonly string[]): Promise<void> {
  for (const name of names) await reached(env, name).wake();
}

function reached(env: Env, name: string): DurableObjectStub<Kept> {
  const object = objectOf(env, name);
  if (!object) throw new Error(`no object is called ${name}`);
  return object;
}
