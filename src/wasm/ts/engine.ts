import type { Names } from './encoder.js';
import { engineFailed, isTrap, type Diagnostic } from './error.js';
import type { CoreExports } from './glue.js';
import { Instance, toJson } from './instance.js';
import { Live, type Host } from './live.js';
import { storefront, type HostModule, type ModuleSource } from './module.js';
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
  roles: { publisher: RoleKeys; root?: RoleKeys; pulse?: RoleKeys; edge?: RoleKeys };
  /** How many of the shop's root documents it passes over; 0 or left out: none. */
  version?: number;
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
  /** The root document that it was published under: versions count from there on, and none of an earlier one is used. */
  minRootVersion?: number;
  /** `public` (default): codes that are unknown, ended or not started get one answer. `full`: the true reason. */
  disclosure?: 'public' | 'full';
  /** Which half of a publication; default `storefront`. */
  profile?: 'storefront' | 'edge';
  /** The shop's root documents: newer keys than those of the key ring, and ceilings. */
  root?: Uint8Array | undefined;
  /** Word that the snapshot is current. At the edge nothing is quoted without, where the key ring has pulse keys. */
  pulse?: Uint8Array | undefined;
  /** For `counterfoil/workshop` at the edge: the peppers that unique codes may be of, 64 hexadecimal digits each. Secrets of the host. */
  peppers?: readonly string[];
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
  /** The root document that it was published under; 0 where the shop has none. */
  readonly rootVersion: number;
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
  /** Those that this version of the package cannot read, because a newer one published them: they give nothing here, the others work. */
  readonly setAside: readonly Diagnostic[];
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
  readonly #start: Start;
  readonly #snapshot: SnapshotInfo;
  readonly #host: Host = {
    live: () => this.#running(),
    reason: (currency, reason) => this.#guard((live) => live.reason(currency, reason)),
    failed: (error) => this.#failed(error),
  };
  #live: Live | undefined;
  /** The pulses that have changed something, and the last one. */
  #pulses: { bytes: Uint8Array; now: number; changes: number }[] = [];

  /** The grant that was taken last. */
  #granted: Granted | undefined;

  /** @internal */
  protected constructor(start: Start) {
    this.#start = start;
    const { version, rootVersion, revision, audience, environment, profile, issuedAt, expiresAt, setAside, campaigns } = this.#running().description;
    this.#snapshot = { version, rootVersion, revision, audience, environment, profile, issuedAt, expiresAt, setAside, campaigns: campaigns.length };
  }

  /**
   * Verifies a snapshot and makes its campaigns ready. Nothing of it is used before the last check.
   *
   * @throws {@link CounterfoilError} `snapshot_malformed`, `snapshot_too_large`, `format_unsupported`, `key_unknown`,
   * `signature_invalid`, `threshold_not_met`, `audience_mismatch`, `environment_mismatch`, `profile_mismatch`,
   * `snapshot_expired`, `snapshot_not_yet_valid`, `snapshot_rolled_back`, `root_outdated`, `root_out_of_order`,
   * `root_expired`, `ceiling_exceeded`, `section_mismatch`, `key_ring_invalid`, and for a pulse what `takePulse` throws
   */
  static async open(bytes: Uint8Array | ArrayBuffer, keyRing: KeyRing, options: OpenOptions = {}): Promise<Engine> {
    return opening(bytes, keyRing, options, storefront, (start) => new Engine(start));
  }

  /** The head of the snapshot. */
  get snapshot(): SnapshotInfo {
    return this.#snapshot;
  }

  /** How many pulses have changed which campaigns run: where it has grown, quotes may be others. */
  get changes(): number {
    return this.#pulses.filter(({ changes }) => changes > 0).length;
  }

  /**
   * Takes word that the snapshot is current, and of campaigns that were stopped; answers until when it is good. A stop holds
   * for as long as this engine lives; what the pulse of an earlier snapshot has stopped, until one speaks of this snapshot. A
   * pulse that is refused changes nothing.
   *
   * @throws {@link CounterfoilError} `pulse_expired`, `pulse_rolled_back`, `pulse_mismatch`, `snapshot_rolled_back`,
   * `key_unknown`, `signature_invalid`, …
   */
  takePulse(bytes: Uint8Array, options: { now?: number } = {}): number {
    const { now = Date.now() } = options;
    const [expiresAt, changes] = this.#guard((live) => live.pulse(bytes, now));
    if (this.#pulses.at(-1)?.changes === 0) this.#pulses.pop();
    this.#pulses.push({ bytes: bytes.slice(), now, changes });
    return expiresAt;
  }

  /**
   * Takes a grant of the edge: until it ends, the codes that it was given for are known here and previewed without a network.
   * It takes the place of the one before, and of none when it is refused. A newer snapshot needs a newer grant.
   *
   * @throws {@link CounterfoilError} `grant_invalid`, `grant_expired`, and what `open` throws of the snapshot as it is now
   */
  takeGrant(bytes: Uint8Array, options: { customer?: string; now?: number } = {}): void {
    const { customer = '', now = Date.now() } = options;
    this.#take({ bytes: bytes.slice(), customer, now });
  }

  #take(granted: Granted): void {
    const live = this.#guard((before) => (before.release(), this.begun(undefined, granted)));
    this.#granted = granted;
    this.#live = live;
  }

  /**
   * For `counterfoil/sealed`: the snapshot, the key ring, the options at `now`, root documents, and the section that codes have
   * opened so far.
   *
   * @internal
   */
  openedWith(now: number): Uint8Array[] {
    const opened = this.#granted?.customer === undefined ? this.#granted?.bytes : undefined;
    return [...this.#start.parts(now), opened ?? new Uint8Array(0)];
  }

  /**
   * For `counterfoil/sealed`: quotes with the section that codes have opened of this snapshot, in place of a grant too. The host
   * vouches for it, as it does for the key ring.
   *
   * @internal
   */
  takeOpened(section: Uint8Array, now: number): void {
    this.#take({ bytes: section, customer: undefined, now });
  }

  /**
   * Answers a request. Totals are there at once; lines, outcomes and the rest are built when they are read.
   *
   * @throws {@link CounterfoilError} `field_missing`, `field_invalid`, `amount_out_of_range`, `too_many_lines`, …
   */
  quote(request: QuoteRequest): Quote {
    // what #guard does, without a closure for each quote
    try {
      const live = this.#running();
      const names: Names = { currency: '', lines: [], shipping: [], codes: [], payments: [] };
      live.send(request, names, evaluate);
      return new QuoteView(this.#host, live, live.answered(names));
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /**
   * Answers a request given as UTF-8 JSON with a quote as UTF-8 JSON: no object is built on either side.
   *
   * @throws {@link CounterfoilError} as {@link Engine.quote}, and `json_malformed`
   */
  quoteBytes(body: Uint8Array, options: QuoteBytesOptions = {}): Uint8Array<ArrayBuffer> {
    return this.#guard((live) => live.quoteBytes(body, options.now ?? NaN).slice());
  }

  /** Keeps a cart inside, so that a change costs only the change. */
  session(request: QuoteRequest): Session {
    return new Session(request, this.#host);
  }

  /** @internal What the snapshot and the request are asked; a trap ends the instance. */
  ask<T>(call: (live: Live) => T): T {
    return this.#guard(call);
  }

  #guard<T>(call: (live: Live) => T): T {
    try {
      return call(this.#running());
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #running(): Live {
    return (this.#live ??= this.begun());
  }

  /** @internal All that is open here and was taken, in another instance; for `counterfoil/loyalty` in one of its module. */
  begun(module?: WebAssembly.Module, granted = this.#granted): Live {
    const live = this.#start(granted, module);
    for (const { bytes, now } of this.#pulses) live.pulse(bytes, now);
    return live;
  }

  /**
   * A trap leaves an instance in a state nobody knows: it is dropped, and the snapshot is opened again, from the bytes
   * that were verified before, by the next call.
   */
  #failed(error: unknown): unknown {
    if (!isTrap(error)) return error;
    this.#live = undefined;
    return engineFailed(error);
  }
}

/** Opens a snapshot, and tells what with. */
export interface Start {
  (granted?: Granted, module?: WebAssembly.Module): Live;
  parts(now: number): Uint8Array[];
}

/** A grant as it was taken, or what codes have opened. */
export interface Granted {
  /** As it came. */
  bytes: Uint8Array;
  /** Who has taken it; nobody has what codes have opened. */
  customer: string | undefined;
  /** When, UTC milliseconds. */
  now: number;
}

/** Opens a snapshot with a module of the package. */
export async function opening<T extends Engine>(
  bytes: Uint8Array | ArrayBuffer,
  keyRing: KeyRing,
  options: OpenOptions,
  host: HostModule,
  make: (start: Start) => T,
): Promise<T> {
  const { now = Date.now(), module: source, root, pulse, ...rest } = options;
  // copies: whoever changes them later must not change what is opened again after a trap
  const kept = new Uint8Array(bytes).slice();
  const chain = new Uint8Array(root ?? []).slice();
  const trusted = toJson(keyRing);
  const module = await host.load(source);
  try {
    const parts = (at: number): Uint8Array[] => [kept, trusted, toJson({ now: at, ...rest }), chain];
    const start = (granted?: Granted, into = module): Live => {
      const of = granted?.customer;
      const taken = granted ? [granted.bytes, ...(of === undefined ? [] : [new TextEncoder().encode(of)])] : [];
      return new Live(into, [...parts(granted?.now ?? now), ...taken]);
    };
    const engine = make(Object.assign(start, { parts }));
    if (pulse) engine.takePulse(pulse, { now });
    return engine;
  } catch (error) {
    throw isTrap(error) ? engineFailed(error) : error;
  }
}

const evaluate = (exports: CoreExports, count: number): number => exports.cf_evaluate(count);

/**
 * A fresh random key for a redemption: whoever repeats a call with the same key gets the first answer.
 *
 * @throws {@link CounterfoilError} `random_unavailable`
 */
export async function idempotencyKey(): Promise<string> {
  keys ??= storefront.load().then((module) => new Instance(module));
  try {
    const instance = await keys;
    return instance.text(instance.exports.cf_idempotency_key());
  } catch (error) {
    keys = undefined;
    throw error;
  }
}

let keys: Promise<Instance> | undefined;
