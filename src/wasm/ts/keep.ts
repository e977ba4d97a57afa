/** The last good snapshot, as it lies in a store. */
export interface Kept {
  /** As received, like what stands beside them; verified anew whenever they are opened. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Its version, below which nothing is accepted any more, also when the bytes are damaged. Where they open, they are believed. */
  version: number;
  /** The root document that it was published under, from which on versions count. */
  rootVersion: number;
  /** Where the bytes came from. */
  source: string;
  /** What that source calls them. */
  etag?: string;
  /** The shop's root documents, where it has any. */
  root?: Uint8Array<ArrayBuffer>;
  /** The last pulse that has stopped something. */
  pulse?: Uint8Array<ArrayBuffer>;
}

/**
 * Where the last good snapshot outlives the page or the worker. `write` replaces all or nothing: after a crash in the middle
 * the older one is found, with the root documents that it opens with.
 */
export interface Keep {
  /** What was written last; nothing where nothing was. */
  read(): Promise<Kept | undefined>;
  /** Replaces what is there. */
  write(kept: Kept): Promise<void>;
}

/** What a store says of its one value: the snapshot, and behind it the root documents and the pulse. */
interface Label {
  version: number;
  rootVersion: number;
  source: string;
  etag?: string;
  /** Bytes of the root documents. */
  root?: number;
  /** Bytes of the pulse. */
  pulse?: number;
}

function labelled({ bytes, root, pulse, ...rest }: Kept): { label: Label; value: Blob } {
  const parts = [bytes, ...(root ? [root] : []), ...(pulse ? [pulse] : [])];
  return { label: { ...rest, ...(root && { root: root.length }), ...(pulse && { pulse: pulse.length }) }, value: new Blob(parts) };
}

// A store is no place to trust: somebody may have written anything there.
function read(value: ArrayBuffer, label: Partial<Label> | null | undefined): Kept | undefined {
  const { version, rootVersion, source, etag, root = 0, pulse = 0 } = label ?? {};
  const sizes = [value.byteLength - root - pulse, root, pulse];
  const isCount = (number: unknown): boolean => Number.isSafeInteger(number) && (number as number) >= 0;
  if (![version, rootVersion, ...sizes].every(isCount) || typeof source !== 'string') return undefined;
  let at = 0;
  const [bytes, chain, stop] = sizes.map((size) => new Uint8Array(value, (at += size) - size, size)) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  return { bytes, version: version!, rootVersion: rootVersion!, source, ...(typeof etag === 'string' && { etag }), ...(root && { root: chain }), ...(pulse && { pulse: stop }) };
}

const LABEL = 'counterfoil-kept';

function parsed(text: string | null): Partial<Label> | undefined {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}

/** Keeps in the `Cache` storage of pages and workers, under `name`. All tabs of an origin share it. */
export function cacheKeep(name: string): Keep {
  const key = `https://counterfoil.invalid/${encodeURIComponent(name)}`;
  return {
    async read() {
      const kept = await (await caches.open('counterfoil')).match(key);
      return kept && read(await kept.arrayBuffer(), parsed(kept.headers.get(LABEL)));
    },
    async write(kept) {
      const { label, value } = labelled(kept);
      // a header carries ASCII only
      const text = JSON.stringify(label).replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
      // Workers' caches keep nothing without being told for how long.
      const headers = { [LABEL]: text, 'cache-control': 'max-age=31536000' };
      await (await caches.open('counterfoil')).put(key, new Response(value, { headers }));
    },
  };
}

/** The calls of a Workers KV namespace that are needed. */
export interface KvNamespace {
  /** The value with what was put beside it. */
  getWithMetadata(key: string, type: 'arrayBuffer'): Promise<{ value: ArrayBuffer | null; metadata: unknown }>;
  /** Replaces the value. */
  put(key: string, value: ArrayBuffer, options: { metadata: unknown }): Promise<void>;
}

/** Keeps in a Workers KV namespace, under `key`. */
export function kvKeep(namespace: KvNamespace, key: string): Keep {
  return {
    async read() {
      const { value, metadata } = await namespace.getWithMetadata(key, 'arrayBuffer');
      return value ? read(value, metadata as Partial<Label> | null) : undefined;
    },
    async write(kept) {
      const { label, value } = labelled(kept);
      await namespace.put(key, await value.arrayBuffer(), { metadata: label });
    },
  };
}

/** The calls of an R2 bucket that are needed. */
export interface R2Bucket {
  /** The object with what was put beside it. */
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer>; customMetadata?: Record<string, string> } | null>;
  /** Replaces the object. */
  put(key: string, value: ArrayBuffer, options: { customMetadata: Record<string, string> }): Promise<unknown>;
}

/** Keeps in an R2 bucket, under `key`: also what is longer than a value of KV, 25 MiB. */
export function r2Keep(bucket: R2Bucket, key: string): Keep {
  return {
    async read() {
      const kept = await bucket.get(key);
      return kept ? read(await kept.arrayBuffer(), parsed(kept.customMetadata?.label ?? null)) : undefined;
    },
    async write(kept) {
      const { label, value } = labelled(kept);
      await bucket.put(key, await value.arrayBuffer(), { customMetadata: { label: JSON.stringify(label) } });
    },
  };
}
