import { Encoder, type Names } from './encoder.js';
import { CounterfoilError, fromCore } from './error.js';
import { createGlue } from './glue.js';
import { Live } from './live.js';
import { loadModule, type ModuleSource } from './module.js';
import { Session } from './session.js';
import type { Quote, QuoteRequest } from './types.js';
import { QuoteView } from './view.js';

/** Public keys that a snapshot is verified with. */
export interface KeyRing {
  /** The shop whose snapshots are accepted. */
  audience: string;
  /** The environment: `production`. */
  environment: string;
  /** Who may sign what. */
  roles: { publisher: RoleKeys; root?: RoleKeys; pulse?: RoleKeys };
}

/** The keys of a role. */
export interface RoleKeys {
  /** How many different keys must have signed. */
  threshold: number;
  /** The keys. */
  keys: readonly RingKey[];
}

/** A trusted key. */
export interface RingKey {
  /** For people. */
  name?: string;
  /** 64 lower-case hexadecimal digits. */
  publicKey: string;
  /** UTC milliseconds. */
  validFrom?: number;
  /** UTC milliseconds. */
  validUntil?: number;
}

/** How a snapshot is opened. */
export interface OpenOptions {
  /** The host's clock, UTC milliseconds; default `Date.now()`. */
  now?: number;
  /** The highest version this host has used; an older snapshot is refused. */
  minVersion?: number;
  /** `public` (default): codes that are unknown, ended or not started get one answer. `full`: the true reason. */
  disclosure?: 'public' | 'full';
  /** Which half of a publication; default `storefront`. */
  profile?: 'storefront' | 'edge';
  /** The wasm module, where the host has it already or must not fetch it. */
  module?: ModuleSource;
}

/** How bytes are answered. */
export interface QuoteBytesOptions {
  /** Overrides the body's `now`: a server must not believe its client's clock. */
  now?: number;
}

/** The head of an opened snapshot. */
export interface SnapshotInfo {
  /** Grows with every publication. */
  readonly version: number;
  /** Names what was published. */
  readonly revision: string;
  /** The shop it is for. */
  readonly audience: string;
  /** The environment it is for. */
  readonly environment: string;
  /** Which half of a publication. */
  readonly profile: 'storefront' | 'edge';
  /** UTC milliseconds. */
  readonly issuedAt: number;
  /** UTC milliseconds. */
  readonly expiresAt: number;
  /** How many campaigns it carries. */
  readonly campaigns: number;
}

/**
 * An opened snapshot that answers requests, without a network.
 *
 * ```ts
 * const engine = await Engine.open(bytes, keyRing);
 * const quote = engine.quote({ currency: 'EUR', lines: [{ id: 'a', unitPrice: 4500, quantity: 2 }], codes: ['TEN'] });
 * quote.total;               // 8100
 * quote.outcomes[0].status;  // 'applied'
 * ```
 */
export class Engine {
  readonly #bytes: Uint8Array;
  readonly #keyRing: KeyRing;
  readonly #options: { now: number; minVersion?: number; disclosure?: string; profile?: string };
  readonly #module: WebAssembly.Module;
  #live: Live;
  #encoder: Encoder;

  private constructor(module: WebAssembly.Module, bytes: Uint8Array, keyRing: KeyRing, options: OpenOptions) {
    const { now = Date.now(), module: _, ...rest } = options;
    this.#module = module;
    this.#bytes = bytes;
    this.#keyRing = keyRing;
    this.#options = { now, ...rest };
    this.#live = new Live(module, bytes, keyRing, this.#options);
    this.#encoder = new Encoder(this.#live);
  }

  /**
   * Verifies a snapshot and makes its campaigns ready. Nothing of it is used before the last check.
   *
   * @throws {@link CounterfoilError} `snapshot_malformed`, `snapshot_too_large`, `format_unsupported`, `key_unknown`,
   * `signature_invalid`, `threshold_not_met`, `audience_mismatch`, `environment_mismatch`, `profile_mismatch`,
   * `snapshot_expired`, `snapshot_not_yet_valid`, `snapshot_rolled_back`, `section_mismatch`, `key_ring_invalid`
   */
  static async open(bytes: Uint8Array | ArrayBuffer, keyRing: KeyRing, options: OpenOptions = {}): Promise<Engine> {
    // a copy: whoever changes the bytes later must not change what is reopened after a trap
    const kept = bytes instanceof Uint8Array ? bytes.slice() : new Uint8Array(bytes.slice(0));
    return new Engine(await loadModule(options.module), kept, keyRing, options);
  }

  /** The head of the snapshot. */
  get snapshot(): SnapshotInfo {
    const { version, revision, audience, environment, profile, issuedAt, expiresAt, campaigns } = this.#live.description;
    return { version, revision, audience, environment, profile, issuedAt, expiresAt, campaigns: campaigns.length };
  }

  /**
   * Answers a request. Totals are there at once; lines, outcomes and the rest are built when they are read.
   *
   * @throws {@link CounterfoilError} `field_missing`, `field_invalid`, `amount_out_of_range`, `too_many_lines`, …
   */
  quote(request: QuoteRequest): Quote {
    try {
      const live = this.#live;
      const names: Names = { lines: [], shipping: [], codes: [], currency: 0, include: 0 };
      const count = this.#encoder.encode(request, request.now ?? Date.now(), names);
      const total = live.exports.core_evaluate(live.at, count);
      if (total !== total) throw live.refusal();
      return new QuoteView(live, request.currency, names, readAnswer(live));
    } catch (error) {
      throw this.#recover(error);
    }
  }

  /**
   * Answers a request given as UTF-8 JSON with a quote as UTF-8 JSON: no object is built on either side.
   *
   * @throws {@link CounterfoilError} as {@link Engine.quote}, and `json_malformed`
   */
  quoteBytes(body: Uint8Array, options: QuoteBytesOptions = {}): Uint8Array<ArrayBuffer> {
    try {
      const live = this.#live;
      const { exports, at } = live;
      const from = exports.core_body(at, body.length);
      live.bytes.set(body, from);
      const answer = exports.core_quote_bytes(at, body.length, options.now ?? NaN, Date.now());
      if (answer === 0) throw live.refusal();
      return live.bytes.slice(answer, answer + exports.core_quote_length(at));
    } catch (error) {
      throw this.#recover(error);
    }
  }

  /** Keeps a cart inside, so that a change costs only the change. */
  session(request: QuoteRequest): Session {
    return new Session(request, {
      live: () => this.#live,
      encode: (changed, names) => this.#encoder.encode(changed, changed.now ?? Date.now(), names),
      recover: (error) => this.#recover(error),
    });
  }

  /**
   * A trap leaves an instance in a state nobody knows: it is dropped, and the snapshot opened again from the bytes
   * that were verified before. The call that trapped fails; the next one works.
   */
  #recover(error: unknown): unknown {
    if (!(error instanceof WebAssembly.RuntimeError)) return error;
    this.#live = new Live(this.#module, this.#bytes, this.#keyRing, this.#options);
    this.#encoder = new Encoder(this.#live);
    const message = 'the engine failed on this request and was started again';
    const help = 'report the request that caused it; other requests are answered';
    return new CounterfoilError({ code: 'engine_failed', severity: 'error', message, help, fixBy: 'developer' }, undefined, {
      cause: error,
    });
  }
}

/** A copy of the last answer, so that later quotes do not change it. */
export function readAnswer(live: Live): Float64Array {
  const from = live.exports.core_answer(live.at) >> 3;
  return live.numbers.slice(from, from + live.exports.core_answer_count(live.at));
}

/**
 * A fresh random key for a redemption: whoever repeats a call with the same key gets the first answer.
 *
 * @throws {@link CounterfoilError} `random_unavailable`
 */
export async function idempotencyKey(): Promise<string> {
  const glue = createGlue();
  glue.initSync({ module: await loadModule() });
  try {
    return glue.idempotency_key();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}
