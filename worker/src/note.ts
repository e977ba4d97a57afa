import type { Env } from './env';

/** The shortest time that KV may answer from a location's cache. */
const CACHE_SECONDS = 30;

/** How long an isolate goes without looking. */
export const LOOK_EVERY_MS = 3_000;

/** What an object tells all isolates at the edge by the namespace; they know it a few seconds later. */
export class Note<T> {
  readonly #key: string;
  readonly #nothing: T;
  #known: { lookedAt: number; value: T } | undefined;

  /** @param nothing what an empty namespace says */
  constructor(key: string, nothing: T) {
    this.#key = key;
    this.#nothing = nothing;
  }

  /** As this isolate knows it. Requests share what was read and never the reading: the runtime may take one that waits for what another began for hung. */
  async read(env: Env, now: number): Promise<T> {
    const known = this.#known;
    if (known && now - known.lookedAt < LOOK_EVERY_MS) return known.value;
    // who asks meanwhile goes by what was known
    const looking = known && { ...known, lookedAt: now };
    this.#known = looking;
    try {
      const value = (await env.SNAPSHOTS.get<T>(this.#key, { type: 'json', cacheTtl: CACHE_SECONDS })) ?? this.#nothing;
      // something may have been written in between
      if (this.#known === looking) this.#known = { lookedAt: now, value };
      return value;
    } catch (error) {
      // what was known goes on to hold while the namespace fails
      if (known) return known.value;
      throw error;
    }
  }

  /** Tells the edge. */
  async write(env: Env, value: T): Promise<void> {
    await env.SNAPSHOTS.put(this.#key, JSON.stringify(value));
    this.#known = { lookedAt: Date.now(), value };
  }
}
