/** The last good snapshot, as it lies in a store. */
export interface Kept {
  /** As received; verified anew whenever they are opened. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The version below which nothing is accepted any more. Holds also when the bytes no longer open. */
  floor: number;
  /** When that version was issued, UTC milliseconds: a clock that shows less is wrong. */
  issuedAt: number;
  /** Where the bytes came from. */
  source: string;
  /** What that source calls them. */
  etag?: string;
  /** The shop's root documents, where it has any. */
  root?: Uint8Array<ArrayBuffer>;
}

/**
 * Where the last good snapshot outlives the page or the worker. `write` replaces all or nothing: after a crash in the middle
 * the older one is found.
 */
export interface Keep {
  /** What was written last; nothing where nothing was. */
  read(): Promise<Kept | undefined>;
  /** Replaces what is there. */
  write(kept: Kept): Promise<void>;
}

interface Label {
  floor: number;
  issuedAt: number;
  source: string;
  etag?: string;
}

// A store is no place to trust: somebody may have written anything there.
function labelled(bytes: ArrayBuffer, label: Partial<Label> | null | undefined, root?: ArrayBuffer | null): Kept | undefined {
  const { floor, issuedAt, source, etag } = label ?? {};
  if (!Number.isSafeInteger(floor) || !Number.isSafeInteger(issuedAt) || typeof source !== 'string') return undefined;
  return { bytes: new Uint8Array(bytes), floor: floor!, issuedAt: issuedAt!, source, ...(typeof etag === 'string' && { etag }), ...(root && { root: new Uint8Array(root) }) };
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
      const store = await caches.open('counterfoil');
      const [kept, root] = await Promise.all([store.match(key), store.match(`${key}/root`)]);
      return kept && labelled(await kept.arrayBuffer(), parsed(kept.headers.get(LABEL)), await root?.arrayBuffer());
    },
    async write({ bytes, root, ...label }) {
      // a header carries ASCII only
      const text = JSON.stringify(label).replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
      // Workers' caches keep nothing without being told for how long.
      const headers = { [LABEL]: text, 'cache-control': 'max-age=31536000' };
      const store = await caches.open('counterfoil');
      // root documents first: they only grow, and the older snapshot opens with them too
      if (root) await store.put(`${key}/root`, new Response(root, { headers: { 'cache-control': 'max-age=31536000' } }));
      await store.put(key, new Response(bytes, { headers }));
    },
  };
}

/** The calls of a Workers KV namespace that are needed. */
export interface KvNamespace {
  /** The value with what was put beside it. */
  getWithMetadata(key: string, type: 'arrayBuffer'): Promise<{ value: ArrayBuffer | null; metadata: unknown }>;
  /** Replaces the value. */
  put(key: string, value: ArrayBufferView, options?: { metadata: unknown }): Promise<void>;
  /** The value. */
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>;
}

/** Keeps in a Workers KV namespace, under `key`. */
export function kvKeep(namespace: KvNamespace, key: string): Keep {
  return {
    async read() {
      const { value, metadata } = await namespace.getWithMetadata(key, 'arrayBuffer');
      return value ? labelled(value, metadata as Partial<Label> | null, await namespace.get(`${key}/root`, 'arrayBuffer')) : undefined;
    },
    async write({ bytes, root, ...label }) {
      if (root) await namespace.put(`${key}/root`, root);
      await namespace.put(key, bytes, { metadata: label });
    },
  };
}

/** The calls of an R2 bucket that are needed. */
export interface R2Bucket {
  /** The object with what was put beside it. */
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer>; customMetadata?: Record<string, string> } | null>;
  /** Replaces the object. */
  put(key: string, value: ArrayBufferView, options?: { customMetadata: Record<string, string> }): Promise<unknown>;
}

/** Keeps in an R2 bucket, under `key`: also what is longer than a value of KV, 25 MiB. */
export function r2Keep(bucket: R2Bucket, key: string): Keep {
  return {
    async read() {
      const [kept, root] = await Promise.all([bucket.get(key), bucket.get(`${key}/root`)]);
      return kept ? labelled(await kept.arrayBuffer(), parsed(kept.customMetadata?.label ?? null), await root?.arrayBuffer()) : undefined;
    },
    async write({ bytes, root, ...label }) {
      if (root) await bucket.put(`${key}/root`, root);
      await bucket.put(key, bytes, { customMetadata: { label: JSON.stringify(label) } });
    },
  };
}
