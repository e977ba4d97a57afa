import type { Env } from './env';

/** The shortest time that KV may answer from a location's cache. */
const CACHE_SECONDS = 30;

/** How long an isolate goes without looking. */
export const LOOK_EVERY_MS = 3_000;

/** What an object tells all isolates at the edge by the namespace; they know it a few seconds later. */
export class Note<T> {
  readonly #key: string;
  readonly #nothing: T;
  #known: { lookedAt: number; read: Promise<T> } | undefined;

  /** @param nothing what an empty namespace says */
  constructor(key: string, nothing: T) {
    this.#key = key;
    this.#nothing = nothing;
  }

  /** As this isolate knows it. */
  read(env: Env, now: number): Promise<T> {
    if (this.#known && now - this.#known.lookedAt < LOOK_EVERY_MS) return this.#known.read;
    const earlier = this.#known?.read;
    const read = env.SNAPSHOTS.get<T>(this.#key, { type: 'json', cacheTtl: CACHE_SECONDS })
      .then((found) => found ?? this.#nothing)
      // what was known goes on to hold while the namespace fails
      .catch((error: unknown) => earlier ?? Promise.reject(error as Error));
    this.#known = { lookedAt: now, read };
    return read;
  }

  /** Tells the edge. */
  async write(env: Env, value: T): Promise<void> {
    await env.SNAPSHOTS.put(this.#key, JSON.stringify(value));
    this.#known = { lookedAt: Date.now(), read: Promise.resolve(value) };
  }
}
