import { fromCore } from './error.js';
import { createGlue, type Core, type CoreExports } from './glue.js';

/** A snapshot in one instance of the module, with views of its memory. */
export class Live {
  readonly core: Core;
  readonly at: number;
  readonly exports: CoreExports;
  readonly description: Description;
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
