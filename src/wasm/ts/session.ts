import { KeptAnswer } from './answer.js';
import type { Names } from './encoder.js';
import { CounterfoilError } from './error.js';
import type { CoreExports } from './glue.js';
import type { Host, Live } from './live.js';
import type { Customer, Line, Quote, QuoteRequest } from './types.js';
import { slot } from './value.js';
import { DISCOUNT_TOTAL, DUE, POINTS, QuoteView, SUBTOTAL } from './view.js';

/**
 * A cart that is kept inside the engine. After each change the totals are there.
 *
 * ```ts
 * const session = engine.session(request);
 * session.setQuantity('a', 3);  // the new total
 * session.quote().outcomes;     // the whole quote, when it is needed
 * ```
 */
export class Session {
  readonly #host: Host;
  #request: QuoteRequest;
  #names: Names = { currency: '', lines: [], shipping: [], codes: [], payments: [] };
  /** Lines by id, once it is asked for. */
  #places: Map<string, number> | undefined;
  #live: Live | undefined;
  #isClosed = false;
  #id = -1;
  #total = 0;

  /** Use {@link Engine.session}. */
  constructor(request: QuoteRequest, host: Host) {
    this.#host = host;
    this.#request = request;
    this.#guard((live) => this.#open(live));
    // what was read is kept: the caller's objects are the caller's
    this.#request = { ...request, lines: request.lines.map((line) => ({ ...line })) };
  }

  /** What is to be paid. */
  get total(): number {
    return this.#total;
  }

  /** Sum of the lines at original prices. */
  get subtotal(): number {
    return this.#head(SUBTOTAL);
  }

  /** All discounts. */
  get discountTotal(): number {
    return this.#head(DISCOUNT_TOTAL);
  }

  /** What is left to pay after payments. */
  get due(): number {
    return this.#head(DUE);
  }

  /** Points earned. */
  get points(): number {
    return this.#head(POINTS);
  }

  /** Sets the quantity of a line; returns the new total. */
  setQuantity(lineId: string, quantity: number): number {
    return this.#guard((live) => {
      const index = (this.#places ??= new Map(this.#names.lines.map((id, at) => [id, at]))).get(lineId);
      if (index === undefined) throw lineUnknown(lineId);
      live.release();
      const total = live.exports.cf_session_set_quantity(this.#id, index, slot(quantity));
      // what cannot be set alone goes in with all of the cart, or is refused in words
      if (total !== total) return this.#change({ lines: this.#request.lines.map((line, at) => (at === index ? { ...line, quantity } : line)) });
      (this.#request.lines[index] as Line).quantity = quantity;
      return (this.#total = total);
    });
  }

  /** Adds a line; returns the new total. */
  addLine(line: Line): number {
    return this.#change({ lines: [...this.#request.lines, { ...line }] });
  }

  /** Removes a line; returns the new total. */
  removeLine(lineId: string): number {
    if (!this.#request.lines.some((line) => line.id === lineId)) throw lineUnknown(lineId);
    return this.#change({ lines: this.#request.lines.filter((line) => line.id !== lineId) });
  }

  /** Enters a code; returns the new total. */
  addCode(code: string): number {
    return this.#change({ codes: [...(this.#request.codes ?? []), code] });
  }

  /** Takes a code back, as it was typed; returns the new total. */
  removeCode(code: string): number {
    return this.#change({ codes: (this.#request.codes ?? []).filter((typed) => typed !== code) });
  }

  /** Says who buys, or that nobody is signed in; returns the new total. */
  setCustomer(customer: Customer | null): number {
    return this.#change({ customer });
  }

  /** The whole quote of the cart as it is. */
  quote(): Quote {
    return this.#guard((live) => {
      live.release();
      // another session may have been evaluated since
      this.#total = live.exports.cf_session_at(this.#id, this.#request.now ?? Date.now());
      return new QuoteView(this.#host, live, new KeptAnswer(this.#names, live));
    });
  }

  /** Gives the cart's place in the engine back. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      // an instance that was dropped took the cart with it
      if (this.#live === this.#host.live()) this.#live.exports.cf_session_close(this.#id);
    } catch (error) {
      throw this.#host.failed(error);
    }
  }

  #head(slot: number): number {
    return this.#guard((live) => {
      live.release();
      live.exports.cf_session_at(this.#id, NaN);
      return live.numbers[live.totals + slot]!;
    });
  }

  #change(change: Partial<QuoteRequest>): number {
    return this.#guard((live) => {
      const request = { ...this.#request, ...change };
      const names = { ...this.#names };
      this.#total = live.send(request, names, (exports, count) => exports.cf_session_replace(this.#id, count));
      this.#request = request;
      this.#names = names;
      this.#places = undefined;
      return this.#total;
    });
  }

  #open(live: Live): void {
    this.#id = live.send(this.#request, this.#names, open);
    this.#live = live;
    this.#total = live.exports.cf_session_at(this.#id, NaN);
  }

  #guard<T>(call: (live: Live) => T): T {
    try {
      if (this.#isClosed) throw closed();
      const live = this.#host.live();
      // the engine was started again: the cart goes in anew
      if (live !== this.#live && this.#live !== undefined) this.#open(live);
      return call(live);
    } catch (error) {
      throw this.#host.failed(error);
    }
  }
}

const open = (exports: CoreExports, count: number): number => exports.cf_session_open(count);

function lineUnknown(id: string): CounterfoilError {
  const message = `there is no line \`${id}\` in this session`;
  const help = 'use the id of a line that is in the cart';
  return new CounterfoilError({ code: 'line_unknown', severity: 'error', message, help, params: { line: id }, fixBy: 'developer' });
}

function closed(): CounterfoilError {
  const message = 'the session is closed';
  const help = 'make a new one with `engine.session(request)`';
  return new CounterfoilError({ code: 'session_closed', severity: 'error', message, help, fixBy: 'developer' });
}
