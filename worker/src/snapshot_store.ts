import { brotliCompressSync, constants } from 'node:zlib';

/** Names the snapshot in force. The only mutable value in the namespace. */
export interface Pointer {
  version: number;
  sha256: string;
  publishedAt: number;
}

/** Nearly the shortest, in a fifth of the time: a publish has to fit the CPU limit of a request. */
const BROTLI_QUALITY = 9;

const POINTER_KEY = 'current';

/** The shortest time that KV may answer from a location's cache. */
const POINTER_CACHE_SECONDS = 30;

/**
 * Snapshots in KV: bytes under their hash, written once, and one pointer.
 *
 * KV is eventually consistent. After a publish, other locations may see the old pointer for a minute or so, and two
 * publishes at the same moment from different locations are not serialised: the later write of the pointer stays.
 * Both only ever show a snapshot that was signed and accepted; readers refuse to step back below the version they
 * hold.
 */
export class SnapshotStore {
  readonly #kv: KVNamespace;

  constructor(kv: KVNamespace) {
    this.#kv = kv;
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

function brotliKey(sha256: string): string {
  return `brotli/${sha256}`;
}

function snapshotKey(sha256: string): string {
  return `snapshot/${sha256}`;
}
