import type { Names } from './encoder.js';
import type { Host, Live } from './live.js';

/** The slots of an answer. */
export interface Answer {
  /** What the numbers of lines, charges and codes stand for. */
  readonly names: Names;
  /** All of them. */
  slots(host: Host): readonly number[];
}

/** An answer that was copied, so that later calls do not change it. */
export class KeptAnswer implements Answer {
  readonly names: Names;
  readonly #slots: readonly number[];

  constructor(names: Names, live: Live) {
    this.names = names;
    this.#slots = live.readAnswer();
  }

  slots(): readonly number[] {
    return this.#slots;
  }
}

/**
 * An answer that is left in the core until it is asked for. Most carts are asked for their totals only; where another
 * answer has taken its place, the same request is evaluated again, which gives the same.
 */
export class LastAnswer implements Answer {
  readonly names: Names;
  /** The core it was left in, or the request once another answer has taken its place. */
  #from: Live | number[];

  constructor(names: Names, live: Live) {
    this.names = names;
    this.#from = live;
    live.hold(this);
  }

  /** Another answer takes its place: what it was computed from is kept instead. */
  replace(request: number[]): void {
    this.#from = request;
  }

  slots(host: Host): readonly number[] {
    try {
      const live = host.live();
      const from = this.#from;
      if (from === live) live.hold(undefined);
      else live.evaluate(from instanceof Array ? from : from.lastRequest());
      return live.readAnswer();
    } catch (error) {
      throw host.failed(error);
    }
  }
}
