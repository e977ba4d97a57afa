import { Encoder } from './encoder.js';
import { CounterfoilError, isTrap } from './error.js';
import { Instance, toJson } from './instance.js';

/** A snapshot in one instance of the module. */
export class Live extends Instance {
  readonly description: Description;
  readonly encoder: Encoder;

  constructor(module: WebAssembly.Module, bytes: Uint8Array, keyRing: Uint8Array, options: Uint8Array) {
    super(module);
    this.write(bytes, keyRing, options);
    this.description = JSON.parse(this.text(this.exports.cf_open(bytes.length, keyRing.length, options.length))) as Description;
    this.encoder = new Encoder(this);
  }

  /** Answers a body; the bytes are a view of the module's memory. */
  quoteBytes(body: Uint8Array, now: number): Uint8Array {
    this.write(body);
    return this.answer(this.exports.cf_quote_bytes(body.length, now, Date.now()));
  }

  /** A copy of the last answer, so that later quotes do not change it. */
  readAnswer(): Float64Array {
    const from = this.exports.cf_answer() >> 3;
    return this.numbers.slice(from, from + this.exports.cf_length());
  }

  /** A reason as the core words it, as JSON. */
  reason(currency: number, promotion: number, reason: Float64Array): string {
    const at = this.exports.cf_slots(reason.length);
    this.numbers.set(reason, at >> 3);
    return this.text(this.exports.cf_reason(currency, promotion, reason.length));
  }

  /**
   * Why a request that the encoder or the core did not take is refused. The door for bytes tells: both doors so refuse
   * with the same code at the same place. What JSON cannot tell keeps the refusal it had.
   */
  explain(request: unknown, refused: unknown): unknown {
    if (isTrap(refused)) return refused;
    try {
      this.quoteBytes(toJson(request), NaN);
    } catch (error) {
      if (error instanceof CounterfoilError || isTrap(error)) return error;
    }
    return refused;
  }
}

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
