import { Encoder } from './encoder.js';
import { CounterfoilError, fromCore, isTrap } from './error.js';
import { createGlue, type Core, type CoreExports } from './glue.js';

/** A snapshot in one instance of the module, with views of its memory. */
export class Live {
  readonly core: Core;
  readonly at: number;
  readonly exports: CoreExports;
  readonly description: Description;
  readonly encoder: Encoder;
  #numbers: Float64Array;
  #bytes: Uint8Array;

  constructor(module: WebAssembly.Module, bytes: Uint8Array, keyRing: unknown, options: unknown) {
    const glue = createGlue();
    this.exports = glue.initSync({ module });
    try {
      this.core = glue.Core.open(bytes, keyRing, options);
    } catch (thrown) {
      throw fromCore(thrown);
    }
    this.at = this.core.__wbg_ptr;
    this.description = JSON.parse(this.core.describe()) as Description;
    this.#numbers = new Float64Array(this.exports.memory.buffer);
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
    this.encoder = new Encoder(this);
  }

  /** The module's memory as 64-bit slots. Growing the memory detaches views, so the view is asked for anew. */
  get numbers(): Float64Array {
    if (this.#numbers.buffer !== this.exports.memory.buffer) this.#numbers = new Float64Array(this.exports.memory.buffer);
    return this.#numbers;
  }

  /** The module's memory as bytes. */
  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.exports.memory.buffer) this.#bytes = new Uint8Array(this.exports.memory.buffer);
    return this.#bytes;
  }

  /** Answers a body; the bytes are a view of the module's memory. */
  quoteBytes(body: Uint8Array, now: number): Uint8Array {
    const from = this.exports.core_body(this.at, body.length);
    this.bytes.set(body, from);
    const answer = this.exports.core_quote_bytes(this.at, body.length, now, Date.now());
    if (answer === 0) throw this.refusal();
    return this.bytes.subarray(answer, answer + this.exports.core_quote_length(this.at));
  }

  /** A copy of the last answer, so that later quotes do not change it. */
  readAnswer(): Float64Array {
    const from = this.exports.core_answer(this.at) >> 3;
    return this.numbers.slice(from, from + this.exports.core_answer_count(this.at));
  }

  /**
   * Why a request that the encoder or the core did not take is refused. The door for bytes tells: both doors so refuse
   * with the same code at the same place. What JSON cannot tell, such as a price that is not-a-number where none is
   * needed, keeps the refusal it had.
   */
  explain(request: unknown, refused: unknown): unknown {
    if (isTrap(refused)) return refused;
    try {
      this.quoteBytes(encoder.encode(JSON.stringify(request) ?? 'null'), NaN);
    } catch (error) {
      if (error instanceof CounterfoilError || isTrap(error)) return error;
    }
    return refused;
  }

  /** Hands UTF-8 text to the core; returns its length in bytes. */
  writeText(text: string): number {
    // a code unit is at most three bytes
    const room = text.length * 3;
    const from = this.exports.core_body(this.at, room);
    return encoder.encodeInto(text, this.bytes.subarray(from, from + room)).written;
  }

  /** The refusal that the core keeps of the last call. */
  refusal(): unknown {
    return fromCore(this.core.take_error());
  }
}

const encoder = new TextEncoder();

/** What views and sessions need of their engine. */
export interface Host {
  /** The instance that runs; another one after a trap. */
  live(): Live;
  /** What to throw for an error; a trap ends the instance. */
  failed(error: unknown): unknown;
}

/** What the core says of its snapshot. */
export interface Description {
  version: number;
  revision: string;
  audience: string;
  environment: string;
  profile: 'storefront' | 'edge';
  issuedAt: number;
  expiresAt: number;
  /** Ids by index. */
  campaigns: string[];
  /** By campaign: 1 where redemptions are limited in all, 2 where per customer. */
  limited: number[];
  /** Customer attributes that are compared as numbers. */
  numbers: string[];
  /** Code, campaign; code, campaign; … */
  codes: (string | number)[];
  /** Kind, name; kind, name; … */
  dimensions: string[];
  /** Dimension, spelling; …: word 1 first. `null` stands for "there is a value". */
  words: (number | string | boolean | null)[];
}
