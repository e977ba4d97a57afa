import { fromBase64, toBase64 } from '../base64';
import type { Env } from '../env';
import { bookOf } from '../ledger/book';
import { log } from '../log';
import { Refusal } from '../problem';
import { PART_BYTES } from '../snapshot_store';
import { projectsOf } from '../voucherify/access';
import type { Line } from './kept';
import { objectOf, OBJECTS_A_CALL, type Mismatch } from './objects';

/** Lines that are handed on at once, and how many characters of them: a message between objects has 32 MiB at most. */
const LINES_A_CALL = OBJECTS_A_CALL;
const TEXT_A_CALL = 4 * 1024 * 1024;

const FORMAT = 'counterfoil/backup/v1';

/** A value of the namespace. */
interface Value {
  key: string;
  base64: string;
}

/**
 * Everything that the worker keeps, as lines of JSON, of one moment: see `Kept`. The records begin it, so that whatever they
 * tell of is in it; redemptions come last, as the records do not know yet of those that a book holds something for.
 */
export function backup(env: Env, now: number): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  const write = async (): Promise<void> => {
    const writer = writable.getWriter();
    const records = env.RECORDS.getByName('records');
    const say = (value: object): Promise<void> => writer.write(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
    const dump = async (names: readonly string[], epoch: number): Promise<void> => {
      for (const some of chunks(names)) {
        for await (const chunk of (await records.dumpOthers(some, epoch)) as ReadableStream<Uint8Array>) await writer.write(chunk);
      }
    };
    try {
      await say({ format: FORMAT, at: now });
      const { epoch, redemptions, books, customers } = await records.beginBackup();
      const known = new Set(redemptions);
      for (const book of books) {
        for (const id of await bookOf(env, book).redemptions(epoch)) known.add(id);
        await dump([`book/${book}`], epoch);
      }
      await dump([...known].map((id) => `redemption/${id}`), epoch);
      await dump(customers.map((customer) => `customer/${customer}`), epoch);
      await dump(projectsOf(env).map(({ id }) => `project/${id}`), epoch);
      await dump(['publications/publications', 'catalogue/catalogue', 'records/records'], epoch);
      // what an order was charged by was published before it
      for await (const value of partsOf(env)) await say(value);
      for await (const key of keysOf(env)) {
        const bytes = await env.SNAPSHOTS.get(key, { type: 'arrayBuffer' });
        if (bytes) await say({ key, base64: toBase64(new Uint8Array(bytes)) } satisfies Value);
      }
      await say({ end: true });
      await writer.close();
    } catch (error) {
      // a file without its last line is not taken
      log('error', 'backup_broken', { cause: error instanceof Error ? error.message : String(error) });
      await writer.abort(error);
    }
  };
  void write();
  return readable;
}

/** Fills an empty worker from a backup; answers how many lines it took. */
export async function restore(env: Env, body: ReadableStream<Uint8Array>): Promise<{ lines: number; objects: number }> {
  const records = env.RECORDS.getByName('records');
  const { redemptions, books, customers } = await records.enlisted();
  const isEmpty = [redemptions, books, customers].every(({ length }) => length === 0);
  if (!isEmpty || (await env.SNAPSHOTS.get('current')) !== null) throw notEmpty();
  let count = 0;
  const filled = new Set<string>();
  let isWhole = false;
  let waiting: Line[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    const mismatch = await records.fillOthers(waiting as never);
    if (mismatch !== null) throw otherVersion(mismatch);
    for (const { object } of waiting) filled.add(object);
    waiting = [];
    length = 0;
  };
  for await (const text of linesOf(body)) {
    const line = parse(text, count);
    count += 1;
    if (count === 1 && line['format'] !== FORMAT) throw unreadable(0);
    if ('key' in line) {
      const { key, base64 } = line as unknown as Value;
      await env.SNAPSHOTS.put(key, fromBase64(base64));
    } else if ('object' in line) {
      const next = line as unknown as Line;
      if (!objectOf(env, next.object)) throw unreadable(count - 1);
      if (waiting.length >= LINES_A_CALL || length + text.length > TEXT_A_CALL) await flush();
      waiting.push(next);
      length += text.length;
    }
    isWhole = 'end' in line;
  }
  await flush();
  if (!isWhole) throw unreadable(count);
  // none goes on before all are there that it asks
  for (const names of chunks([...filled])) await records.wakeOthers(names);
  return { lines: count, objects: filled.size };
}

async function* keysOf(env: Env): AsyncGenerator<string> {
  for (let cursor: string | undefined; ; ) {
    const page: KVNamespaceListResult<unknown> = await env.SNAPSHOTS.list({ cursor: cursor ?? null });
    // the pointer names what must be there before it
    yield* page.keys.map(({ name }) => name).filter((name) => name !== 'current');
    if (page.list_complete) break;
    cursor = page.cursor;
  }
  yield 'current';
}

/** What lies in the bucket, in the parts that KV has where there is none: a line must fit the memory of who reads it. */
async function* partsOf({ LARGE: bucket }: Env): AsyncGenerator<Value> {
  for (let cursor: string | undefined; bucket; ) {
    const page: R2Objects = await bucket.list(cursor === undefined ? {} : { cursor });
    for (const { key, size } of page.objects) {
      for (let from = 0; from < size; from += PART_BYTES) {
        const part = await bucket.get(key, { range: { offset: from, length: Math.min(PART_BYTES, size - from) } });
        if (part) yield { key: `${key}/${from}`, base64: toBase64(new Uint8Array(await part.arrayBuffer())) };
      }
    }
    if (!page.truncated) break;
    cursor = page.cursor;
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  // a line may be long, and comes in many chunks: each is looked through once
  let pieces: string[] = [];
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const [first = '', ...others] = chunk.split('\n');
    pieces.push(first);
    for (const other of others) {
      yield pieces.join('');
      pieces = [other];
    }
  }
  const last = pieces.join('');
  if (last !== '') yield last;
}

function* chunks(names: readonly string[]): Generator<string[]> {
  for (let at = 0; at < names.length; at += OBJECTS_A_CALL) yield names.slice(at, at + OBJECTS_A_CALL);
}

function parse(text: string, at: number): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw unreadable(at);
  }
}

function notEmpty(): Refusal {
  return new Refusal(409, {
    code: 'not_empty',
    message: 'The worker keeps something already.',
    help: 'Restore a backup into a worker that was just deployed, and send traffic to it afterwards.',
    at: { document: 'request', pointer: '' },
    fixBy: 'developer',
  });
}

function unreadable(line: number): Refusal {
  return new Refusal(422, {
    code: 'backup_unreadable',
    message: `Line ${line + 1} is not one of a whole backup.`,
    help: 'Send the file as GET /admin/backup gave it, to its last line. What was taken so far stays: begin again with an empty worker.',
    params: { line: line + 1 },
    at: { document: 'request', pointer: '' },
    fixBy: 'developer',
  });
}

function otherVersion({ line: { object, version }, own }: Mismatch): Refusal {
  return new Refusal(409, {
    code: 'backup_version_other',
    message: `The backup has version ${version} of ${object}; this release has ${own}.`,
    help: 'Restore it with the release that wrote it, then deploy this one: storage is migrated when it is opened.',
    at: { document: 'request', pointer: '' },
    params: { object, version, own },
    fixBy: 'developer',
  });
}
