import { brotliCompressSync, constants } from 'node:zlib';
import type { SnapshotHead } from 'counterfoil/workshop';
import type { Env } from './env';

/** Names the snapshot in force. The only mutable value in the namespace. */
export interface Pointer {
  version: number;
  sha256: string;
  publishedAt: number;
  /** The root document that it was published under; none when absent. Versions count from there on. */
  rootVersion?: number;
  /** The private half of the same publication, by its hash. */
  edge?: string;
}

/** A private half that waits for its public one, or has it. */
export interface EdgeHalf {
  version: number;
  revision: string;
  sha256: string;
}

/** Nearly the shortest, in a fifth of the time: a publish has to fit the CPU limit of a request. */
const BROTLI_QUALITY = 9;

const POINTER_KEY = 'current';

/** Whether a snapshot comes before another: under an earlier root document, or with a lower version under the same. */
export function isBefore(one: Pointer, other: Pointer): boolean {
  const [under, otherUnder] = [one.rootVersion ?? 0, other.rootVersion ?? 0];
  return under < otherUnder || (under === otherUnder && one.version < other.version);
}

/** The shop's root documents, in one file. */
const ROOT_KEY = 'root';

/** Names the private half that was sent last. */
const EDGE_KEY = 'edge';

/** Values of KV have at most 25 MiB, and a private half 64: what is longer lies in the bucket, or in several values where there is none. */
export const PART_BYTES = 20 * 1024 * 1024;

/** The shortest time that KV may answer from a location's cache. */
const POINTER_CACHE_SECONDS = 30;

/**
 * Snapshots and their sections in KV, large ones in R2: bytes under their hash, written once, and one pointer.
 *
 * KV is eventually consistent. After a publish, other locations may see the old pointer for a minute or so, and two
 * publishes at the same moment from different locations are not serialised: the later write of the pointer stays.
 * Both only ever show a snapshot that was signed and accepted; readers refuse to step back below the version they
 * hold.
 */
export class SnapshotStore {
  readonly #kv: KVNamespace;
  readonly #bucket: R2Bucket | undefined;

  constructor({ SNAPSHOTS, LARGE }: Pick<Env, 'SNAPSHOTS' | 'LARGE'>) {
    this.#kv = SNAPSHOTS;
    this.#bucket = LARGE;
  }

  current(): Promise<Pointer | null> {
    return this.#kv.get<Pointer>(POINTER_KEY, { type: 'json', cacheTtl: POINTER_CACHE_SECONDS });
  }

  /** The shop's root documents as far as they were handed to this worker; empty where there are none. */
  async root(): Promise<Uint8Array<ArrayBuffer>> {
    const root = await this.#kv.get(ROOT_KEY, { type: 'arrayBuffer', cacheTtl: POINTER_CACHE_SECONDS });
    return new Uint8Array(root ?? new ArrayBuffer());
  }

  /** Keeps them in the place of those that they continue. */
  keepRoot(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#kv.put(ROOT_KEY, bytes);
  }

  bytes(sha256: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(snapshotKey(sha256), { type: 'arrayBuffer' });
  }

  /** The same in brotli; null where it is no shorter, or was published before there was any. */
  brotli(sha256: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(brotliKey(sha256), { type: 'arrayBuffer' });
  }

  /** What is signed of a snapshot; null of one that a release published which kept no parts. */
  head(sha256: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(headKey(sha256), { type: 'arrayBuffer' });
  }

  /** A section of a snapshot that everyone may see. */
  section(sha256: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(sectionKey(sha256), { type: 'arrayBuffer' });
  }

  /** The private half of a hash. No address hands it out but those of who runs the shop. */
  async edge(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const kept = await this.#kv.get<SnapshotHead | number>(edgeKey(sha256), { type: 'json' });
    if (kept === null) return null;
    // an earlier release kept it whole
    if (typeof kept === 'number') return this.#long(edgeKey(sha256), kept);
    const head = await this.edgeHead(sha256);
    if (!head) return null;
    const bytes = new Uint8Array(kept.sections.reduce((sum, { length }) => sum + length, kept.length));
    bytes.set(new Uint8Array(head));
    let at = kept.length;
    for (const section of kept.sections) {
      const part = await this.#long(edgeSectionKey(section.sha256), section.length);
      if (!part) return null;
      bytes.set(part, at);
      at += section.length;
    }
    return bytes;
  }

  /** What is signed of a private half. */
  edgeHead(sha256: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(`${edgeKey(sha256)}/head`, { type: 'arrayBuffer' });
  }

  /** A section of a private half. */
  async edgeSection(sha256: string): Promise<ArrayBuffer | null> {
    const length = await this.#kv.get<number>(edgeSectionKey(sha256), { type: 'json' });
    return length === null ? null : ((await this.#long(edgeSectionKey(sha256), length))?.buffer ?? null);
  }

  /** The private half of a publication, if it was sent. */
  async edgeOf({ version, revision }: { version: number; revision: string }): Promise<EdgeHalf | undefined> {
    const half = await this.#kv.get<EdgeHalf>(EDGE_KEY, { type: 'json' });
    return half?.version === version && half.revision === revision ? half : undefined;
  }

  /** The private half that was sent last. */
  lastEdge(): Promise<EdgeHalf | null> {
    return this.#kv.get<EdgeHalf>(EDGE_KEY, { type: 'json' });
  }

  /** Keeps a private half, of whose sections only those are written that the last one had not; what they are last, which says that all are there. */
  async keepEdge(half: EdgeHalf, bytes: Uint8Array, { length, version, sections }: SnapshotHead): Promise<void> {
    const last = await this.lastEdge();
    const earlier = last && (await this.#kv.get<SnapshotHead | number>(edgeKey(last.sha256), { type: 'json' }));
    const there = new Set(typeof earlier === 'object' ? earlier?.sections.map(({ sha256 }) => sha256) : []);
    let at = length;
    for (const section of sections) {
      if (!there.has(section.sha256)) await this.#keepLong(edgeSectionKey(section.sha256), bytes.subarray(at, at + section.length), section.sha256);
      at += section.length;
    }
    await this.#kv.put(`${edgeKey(half.sha256)}/head`, bytes.slice(0, length));
    await this.#kv.put(edgeKey(half.sha256), JSON.stringify({ length, version, sections } satisfies SnapshotHead));
    await this.#kv.put(EDGE_KEY, JSON.stringify(half));
  }

  async #long(key: string, length: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const whole = length > PART_BYTES ? await this.#bucket?.get(key) : undefined;
    if (whole) return new Uint8Array(await whole.arrayBuffer());
    const bytes = new Uint8Array(length);
    for (let from = 0; from < length; from += PART_BYTES) {
      const part = await this.#kv.get(`${key}/${from}`, { type: 'arrayBuffer' });
      if (!part || part.byteLength !== Math.min(PART_BYTES, length - from)) return null;
      bytes.set(new Uint8Array(part), from);
    }
    return bytes;
  }

  /** Its length last, which says that all of it is there. */
  async #keepLong(key: string, bytes: Uint8Array, sha256: string): Promise<void> {
    if (bytes.byteLength > PART_BYTES && this.#bucket) {
      await this.#bucket.put(key, bytes, { sha256 });
    } else {
      for (let from = 0; from < bytes.byteLength; from += PART_BYTES) await this.#kv.put(`${key}/${from}`, bytes.slice(from, from + PART_BYTES));
    }
    await this.#kv.put(key, JSON.stringify(bytes.byteLength));
  }

  /** What the ledger counts by under a snapshot that was accepted, also after its end: what began under it is finished so. */
  programme(sha256: string): Promise<string | null> {
    return this.#kv.get(programmeKey(sha256), { type: 'text' });
  }

  /** Bytes first: a pointer must never name what was not written. */
  async keep(pointer: Pointer, bytes: ArrayBuffer, { length, sections }: SnapshotHead, programme: string): Promise<void> {
    await this.#kv.put(programmeKey(pointer.sha256), programme);
    let at = length;
    for (const section of sections) {
      await this.#keepShort(sectionKey(section.sha256), section.sha256, bytes.slice(at, at + section.length));
      at += section.length;
    }
    await this.#kv.put(headKey(pointer.sha256), bytes.slice(0, length));
    await this.#keepShort(snapshotKey(pointer.sha256), pointer.sha256, bytes);
    await this.#kv.put(POINTER_KEY, JSON.stringify(pointer));
  }

  /** Bytes, and the same in brotli where that is shorter. */
  async #keepShort(key: string, sha256: string, bytes: ArrayBuffer): Promise<void> {
    await this.#kv.put(key, bytes);
    const short = brotliCompressSync(new Uint8Array(bytes), { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
    if (short.byteLength < bytes.byteLength) await this.#kv.put(brotliKey(sha256), short);
  }
}

function programmeKey(sha256: string): string {
  return `programme/${sha256}`;
}

function headKey(sha256: string): string {
  return `head/${sha256}`;
}

function sectionKey(sha256: string): string {
  return `section/${sha256}`;
}

function edgeKey(sha256: string): string {
  return `edge/${sha256}`;
}

/** Apart from those that everyone may see. */
function edgeSectionKey(sha256: string): string {
  return `edge-section/${sha256}`;
}

function brotliKey(sha256: string): string {
  return `brotli/${sha256}`;
}

function snapshotKey(sha256: string): string {
  return `snapshot/${sha256}`;
}
