/**
 * What an isolate reads once for all its requests. They share what was read and never the reading: the runtime lets no
 * request use what another one opened, and what a cancelled one waits for never settles. Who asks meanwhile reads too.
 */
export class Kept<T> {
  readonly #most: number;
  readonly #values = new Map<string, T>();

  /** @param most how many are kept; the oldest is forgotten first */
  constructor(most: number) {
    this.#most = most;
  }

  /** What is known by this name, or is read now. What fails is known to nobody. */
  async of(name: string, read: () => Promise<T>): Promise<T> {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const value = await read();
    // of several readings the first that ends counts, so that all have the same
    return this.#values.get(name) ?? this.keep(name, value);
  }

  /** Remembers what was read elsewhere. */
  keep(name: string, value: T): T {
    this.#values.set(name, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#most) break;
      this.#values.delete(oldest);
    }
    return value;
  }
}
