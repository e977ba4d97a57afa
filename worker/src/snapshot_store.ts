import { brotliCompressSync, constants } from 'node:zlib';
import type { Env } from './env';

/** Names the snapshot in force. The only mutable value in the namespace. */
export interface Pointer {
  version: number;
  sha256: string;
  publishedAt: number;
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

/** Names the private half that was sent last. */
const EDGE_KEY = 'edge';

/** Values of KV have at most 25 MiB, and a private half 64: what is longer lies in the bucket, or in several values where there is none. */
export const PART_BYTES = 20 * 1024 * 1024;

/** The shortest time that KV may answer from a location's cache. */
const POINTER_CACHE_SECONDS = 30;

/**
 * Snapshots in KV, large ones in R2: bytes under their hash, written once, and one pointer.
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

  bytes(sha256: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(snapshotKey(sha256), { type: 'arrayBuffer' });
  }

  /** The same in brotli; null where it is no shorter, or was published before there was any. */
  brotli(sha256: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(brotliKey(sha256), { type: 'arrayBuffer' });
  }

  /** The private half of a hash. No address hands it out but those of who runs the shop. */
  async edge(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const length = await this.#kv.get<number>(edgeKey(sha256), { type: 'json' });
    if (length === null) return null;
    const whole = length > PART_BYTES ? await this.#bucket?.get(edgeKey(sha256)) : undefined;
    if (whole) return new Uint8Array(await whole.arrayBuffer());
    const bytes = new Uint8Array(length);
    for (let from = 0; from < length; from += PART_BYTES) {
      const part = await this.#kv.get(edgeKey(sha256, from), { type: 'arrayBuffer' });
      if (!part || part.byteLength !== Math.min(PART_BYTES, length - from)) return null;
      bytes.set(new Uint8Array(part), from);
    }
    return bytes;
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

  /** Keeps a private half; its length last, which says that all of it is there. */
  async keepEdge(half: EdgeHalf, bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength > PART_BYTES && this.#bucket) {
      await this.#bucket.put(edgeKey(half.sha256), bytes, { sha256: half.sha256 });
    } else {
      for (let from = 0; from < bytes.byteLength; from += PART_BYTES) {
        await this.#kv.put(edgeKey(half.sha256, from), bytes.slice(from, from + PART_BYTES));
      }
    }
    await this.#kv.put(edgeKey(half.sha256), JSON.stringify(bytes.byteLength));
    await this.#kv.put(EDGE_KEY, JSON.stringify(half));
  }

  /** What the ledger counts by under a snapshot that was accepted, also after its end: what began under it is finished so. */
  programme(sha256: string): Promise<string | null> {
    return this.#kv.get(programmeKey(sha256), { type: 'text' });
  }

  /** Bytes first: a pointer must never name what was not written. */
  async keep(pointer: Pointer, bytes: ArrayBuffer, programme: string): Promise<void> {
    await this.#kv.put(programmeKey(pointer.sha256), programme);
    await this.#kv.put(snapshotKey(pointer.sha256), bytes);
    const short = brotliCompressSync(new Uint8Array(bytes), { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
    if (short.byteLength < bytes.byteLength) await this.#kv.put(brotliKey(pointer.sha256), short);
    await this.#kv.put(POINTER_KEY, JSON.stringify(pointer));
  }
}

function programmeKey(sha256: string): string {
  return `programme/${sha256}`;
}

function edgeKey(sha256: string, from?: number): string {
  return from === undefined ? `edge/${sha256}` : `edge/${sha256}/${from}`;
}

function brotliKey(sha256: string): string {
  return `brotli/${sha256}`;
}

function snapshotKey(sha256: string): string {
  return `snapshot/${sha256}`;
}
