/**
 * What tools, servers and workers need besides quotes: to check, compile and sign campaigns, to make keys, to hear how a
 * quote came about, and to refund. The module is several times the storefront's.
 *
 * @packageDocumentation
 */
import {
  Engine as StorefrontEngine,
  opening,
  type KeyRing,
  type OpenOptions,
  type QuoteBytesOptions,
  type RingKey,
  type Start,
} from './engine.js';
import { codeName, findCode, granting, openingEdge, type Opened, type UniqueCode } from './edge.js';
import { CounterfoilError, engineFailed, isTrap, type Diagnostic } from './error.js';
import type { CoreExports } from './glue.js';
import { Instance, toJson } from './instance.js';
import { workshop } from './module.js';
import type { Quote, QuoteRequest } from './types.js';
import type { Follows, Happened, KnownCustomer, LoyaltyAccount, LoyaltyPreview } from './loyalty.js';
import type { Refund, ReturnedUnits, Trace } from './stories.js';

export { CounterfoilError };
export { inParts, readHead, readRoot, type HeadOptions, type Lead, type Opened, type PartsOptions, type SnapshotHead, type UniqueCode } from './edge.js';
export { Ledger } from './ledger.js';
export type { Diagnostic, FixBy, Place } from './error.js';
export type { KeyRing, OpenOptions, QuoteBytesOptions, RingKey, RoleKeys, SnapshotInfo } from './engine.js';
export type { ModuleSource } from './module.js';
export type { Session } from './session.js';
export type * from './loyalty.js';
export type * from './stories.js';
export type * from './types.js';

/** A quote, and how it came about. */
export interface TracedQuote {
  /** The quote as `quote` answers it. */
  readonly quote: Quote;
  /** Who took what of which unit, and why others did not. */
  readonly trace: Trace;
}

/** Units that come back. */
export interface Returns {
  /** The units that came back before. */
  readonly before?: readonly ReturnedUnits[];
  /** The units that come back now. */
  readonly now: readonly ReturnedUnits[];
}

/** Campaign documents by a name that diagnostics speak of: `{ 'spring.json': { campaigns: […] } }`. */
export type Documents = Readonly<Record<string, unknown>>;

/** The life of a snapshot, UTC milliseconds: recurring schedules are written out for it. */
export interface Life {
  /** Its first moment. */
  readonly from: number;
  /** The moment after its last. */
  readonly until: number;
}

/** Campaigns ready to be signed. */
export interface Compiled {
  /** The section of the snapshot. */
  readonly section: Uint8Array;
  /** What the ledger counts by, where there is anything: the programme as JSON. */
  readonly programme?: string;
  /** How many campaigns are in it. */
  readonly campaigns: number;
  /** What is odd about them. */
  readonly warnings: readonly Diagnostic[];
  /** The codes among the warnings that keep campaigns from being published until somebody says that they mean it. */
  readonly grave: readonly string[];
  /** What the edge has besides, where some campaign is not open; `sign` and `signEdge` take it as it is. */
  readonly edge?: Uint8Array;
  /** The campaigns whose codes are listed, with the currency of what is on them. */
  readonly codeLists: readonly { readonly campaign: string; readonly currency?: string }[];
}

/** What is kept of a code of a list: its fingerprint, what is on it, the holder's fingerprint, its uses, its last day, its state. */
export type KeptCode = readonly [fingerprint: string, balance: number, holder: string, uses: number, expires: number, state: number];

/** Lines of a code list. */
export interface CodeLines {
  /** The first line of the list, which names the columns. */
  readonly head: string;
  /** Whole lines. */
  readonly lines: string;
  /** The number of the first of them. */
  readonly line: number;
  /** The shop's pepper, 64 hexadecimal digits. */
  readonly pepper: string;
  /** Whether the campaign's codes may have balances. */
  readonly hasCurrency: boolean;
}

/** For whom a snapshot is signed. */
export interface Terms {
  /** The shop. */
  readonly audience: string;
  /** The environment: `production`. */
  readonly environment: string;
  /** Higher than every version before. */
  readonly version: number;
  /** UTC milliseconds. */
  readonly issuedAt: number;
  /** UTC milliseconds: hosts stop using the snapshot then. */
  readonly expiresAt: number;
  /** The version of the shop's last root document, where there are any. */
  readonly rootVersion?: number;
}

/** What a pulse says of the open snapshot. */
export interface PulseTerms {
  /** UTC milliseconds. */
  readonly issuedAt: number;
  /** UTC milliseconds: it confirms nothing any more then. */
  readonly expiresAt: number;
  /** Ids of campaigns that must not run. The storefront's pulse is public. */
  readonly stopped?: readonly string[];
  /** The lowest version that may still be used; default this one. */
  readonly minVersion?: number;
}

/** A key that signs, as `counterfoil keygen` writes it. It is a secret: keep it out of logs. */
export interface SecretKey {
  /** What it signs. */
  readonly role: 'root' | 'publisher' | 'pulse' | 'edge';
  /** For people. */
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly secretKey: string;
}

/** A new key. */
export interface KeyPair {
  /** Signs; stays where it is published from. */
  readonly secretKey: SecretKey;
  /** For the `keys` of a key ring. */
  readonly publicKey: RingKey;
}

/**
 * An engine that tells how its quotes came about, and what returns are paid.
 *
 * ```ts
 * const engine = await Engine.open(bytes, keyRing);
 * const { quote, trace } = engine.trace({ currency: 'EUR', lines: [{ id: 'a', unitPrice: 4500, quantity: 2 }] });
 * const { amount } = engine.refund(order, { now: [{ line: 'a', quantity: 1 }] });
 * ```
 */
export class Engine extends StorefrontEngine {
  /**
   * Verifies a snapshot and makes its campaigns ready. Nothing of it is used before the last check.
   *
   * @throws CounterfoilError as the storefront's `Engine.open`
   */
  static override async open(bytes: Uint8Array | ArrayBuffer, keyRing: KeyRing, options: OpenOptions = {}): Promise<Engine> {
    const make = (start: Start) => new Engine(start);
    return options.profile === 'edge' ? openingEdge(bytes, keyRing, options, make) : opening(bytes, keyRing, options, workshop, make);
  }

  /** What is known of a code that is one of many; nothing of shared codes and of codes that there are not. */
  findCode(typed: string): UniqueCode | undefined {
    return this.ask((live) => findCode(live, typed));
  }

  /** What a book may name a code by: the same for every spelling of it and under every pepper. Key it before it is stored. */
  codeName(typed: string): string {
    return this.ask((live) => codeName(live, typed));
  }

  /** For a grant: what a customer who has shown these codes may preview, between two moments. */
  granting(codes: readonly string[], customer: string | undefined, from: number, until: number): Opened {
    return this.ask((live) => granting(live, codes, customer, from, until));
  }

  /**
   * Answers a request, and tells how the answer came about.
   *
   * @throws CounterfoilError as `quote`
   */
  trace(request: QuoteRequest, options: QuoteBytesOptions = {}): TracedQuote {
    return parsed(this.traceBytes(toJson(request), options));
  }

  /**
   * The same for a request as UTF-8 JSON: `{ "quote": …, "trace": … }`, the quote as `quoteBytes` writes it.
   *
   * @throws CounterfoilError as `quoteBytes`
   */
  traceBytes(body: Uint8Array, options: QuoteBytesOptions = {}): Uint8Array<ArrayBuffer> {
    return this.ask((live) => {
      live.write(body);
      return live.answer(tools(live).cf_trace(body.length, options.now ?? NaN, Date.now())).slice();
    });
  }

  /**
   * What the ledger counts by: the programme of the snapshot as JSON, with an allowance for every campaign that runs.
   *
   * @throws CounterfoilError `snapshot_malformed`
   */
  programme(): string {
    return this.ask((live) => live.text(tools(live).cf_programme()));
  }

  /**
   * Signs a pulse that confirms this snapshot: at most an hour long at the edge, a day elsewhere. It names those of the
   * stopped campaigns that this snapshot has: a public pulse so tells nothing of campaigns of the edge.
   *
   * @throws CounterfoilError `secret_key_invalid`, `key_role_mismatch`, `snapshot_malformed`
   */
  signPulse(terms: PulseTerms, keys: readonly SecretKey[]): Uint8Array<ArrayBuffer> {
    return this.ask((live) => {
      const { campaigns } = live.description;
      const body = toJson({ ...terms, stopped: terms.stopped?.filter((id) => campaigns.includes(id)), keys });
      live.write(body);
      return live.answer(tools(live).cf_pulse_sign(body.length)).slice();
    });
  }

  /**
   * Answers a request, and tells what its customer would earn and could have.
   *
   * @throws CounterfoilError as `quote`
   */
  preview(request: QuoteRequest, accounts: readonly LoyaltyAccount[], options: QuoteBytesOptions = {}): LoyaltyPreview {
    return parsed(this.previewBytes(toJson({ request, accounts }), options));
  }

  /**
   * The same for UTF-8 JSON: `{ "request": …, "accounts": [ … ] }`.
   *
   * @throws CounterfoilError as `quoteBytes`
   */
  previewBytes(body: Uint8Array, options: QuoteBytesOptions = {}): Uint8Array<ArrayBuffer> {
    return this.ask((live) => {
      live.write(body);
      return live.answer(tools(live).cf_preview(body.length, options.now ?? NaN, Date.now())).slice();
    });
  }

  /**
   * What follows from what has happened to a member: commands for the ledger, and what the shop hands out.
   *
   * @throws CounterfoilError `json_malformed`, and what an order's request is refused for
   */
  follow(happened: Happened): Follows {
    return parsed(this.followBytes(toJson(happened)));
  }

  /**
   * The same for UTF-8 JSON.
   *
   * @throws CounterfoilError as `follow`
   */
  followBytes(body: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.ask((live) => {
      live.write(body);
      return live.answer(tools(live).cf_follow(body.length, Date.now())).slice();
    });
  }

  /**
   * The segments that a customer is in, by name: those that documents declare, and those that `customer.segments` tells.
   *
   * @throws CounterfoilError what is refused of the customer
   */
  segments(known: KnownCustomer): string[] {
    return this.ask((live) => {
      const body = toJson(known);
      live.write(body);
      return parsed(live.answer(tools(live).cf_segments(body.length)));
    });
  }

  /**
   * What is paid back for units of an order: the request that it was charged by, with its `now`.
   *
   * @throws CounterfoilError `line_unknown`, `return_too_large`, and what the order is refused for
   */
  refund(order: QuoteRequest, returns: Returns): Refund {
    return parsed(this.refundBytes(toJson({ order, ...returns })));
  }

  /**
   * The same for a return as UTF-8 JSON: `{ "order": …, "before": [ … ], "now": [ { "line": …, "quantity": … } ] }`.
   *
   * @throws CounterfoilError as `refund`, and `json_malformed`
   */
  refundBytes(body: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.ask((live) => {
      live.write(body);
      return live.answer(tools(live).cf_refund(body.length, Date.now())).slice();
    });
  }
}

/** What is wrong with documents, were they published together for this life; an empty list when nothing is. */
export async function check(documents: Documents, life: Life): Promise<Diagnostic[]> {
  return atBench((bench) => {
    const body = toJson({ documents, ...life });
    bench.write(body);
    return parsed(bench.answer(tools(bench).cf_check(body.length)));
  });
}

/**
 * Compiles documents: what everyone may read, and the `edge` half where some campaign is not for everyone. The same documents
 * give the same bytes in every host.
 *
 * @throws CounterfoilError with everything that is wrong with them
 */
export async function compile(documents: Documents, life: Life): Promise<Compiled> {
  return atBench((bench) => {
    const body = toJson({ documents, ...life });
    bench.write(body);
    const answer = bench.answer(tools(bench).cf_compile(body.length));
    const end = answer.indexOf(0);
    const { section: length, ...report } = parsed<Omit<Compiled, 'section' | 'edge'> & { section: number }>(answer.subarray(0, end));
    const section = answer.slice(end + 1, end + 1 + length);
    const edge = answer.slice(end + 1 + length);
    return { ...report, section, ...(edge.length > 0 && { edge }) };
  });
}

/** What a publication is signed of. */
type Signed = Pick<Compiled, 'section' | 'programme' | 'edge'>;

/**
 * Signs compiled campaigns as a snapshot. Open it with the key ring of its hosts before it is handed out. Each code of a
 * sealed campaign takes a slow hash.
 *
 * @throws CounterfoilError `secret_key_invalid`, `key_role_mismatch`, and what no host would open
 */
export async function sign(compiled: Signed, terms: Terms, keys: readonly SecretKey[]): Promise<Uint8Array<ArrayBuffer>> {
  return signed(compiled, new Uint8Array(), false, terms, keys);
}

/**
 * Signs the private half of the same publication: all campaigns, and a table of codes, empty where none are listed.
 *
 * @throws CounterfoilError as `sign`
 */
export async function signEdge(compiled: Signed, codes: Uint8Array, terms: Terms, keys: readonly SecretKey[]): Promise<Uint8Array<ArrayBuffer>> {
  return signed(compiled, codes, true, terms, keys);
}

async function signed({ section, programme, edge }: Signed, codes: Uint8Array, isPrivate: boolean, terms: Terms, keys: readonly SecretKey[]): Promise<Uint8Array<ArrayBuffer>> {
  return atBench((bench) => {
    const { audience, environment, version, issuedAt, expiresAt, rootVersion } = terms;
    const besides = edge ?? new Uint8Array();
    const lengths = { section: section.length, edge: besides.length };
    const body = toJson({ audience, environment, version, issuedAt, expiresAt, rootVersion, keys, programme, ...lengths, isPrivate });
    bench.write(section, besides, codes, body);
    return bench.answer(tools(bench).cf_sign(section.length + besides.length + codes.length, body.length)).slice();
  });
}

/**
 * What is kept of the codes of some lines of a list.
 *
 * @throws CounterfoilError `code_list_invalid` with the line
 */
export async function readCodes(lines: CodeLines): Promise<string> {
  return atBench((bench) => {
    const body = toJson(lines);
    bench.write(body);
    return bench.text(tools(bench).cf_code_rows(body.length));
  });
}

/** A table of codes in the making, for the private half of a publication. */
export class CodeTable {
  readonly #instance: Instance;

  private constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** An empty one, in memory of its own. */
  static async open(): Promise<CodeTable> {
    return new CodeTable(new Instance(await workshop.load()));
  }

  /** Adds codes of a campaign, by its place among those of `build`: a list of {@link KeptCode} as JSON. */
  add(campaign: number, codes: string): void {
    const body = new TextEncoder().encode(`{"campaign":${campaign},"codes":${codes}}`);
    this.#instance.write(body);
    this.#instance.answer(tools(this.#instance).cf_table_add(body.length));
  }

  /**
   * The table.
   *
   * @param campaigns each id; followed by a colon and a currency where its codes have balances
   * @throws CounterfoilError `code_duplicated`, `too_many_codes`, `too_many_campaigns`
   */
  build(campaigns: readonly string[], pepper: string): Uint8Array<ArrayBuffer> {
    const body = toJson({ campaigns, pepper });
    this.#instance.write(body);
    return this.#instance.answer(tools(this.#instance).cf_table_build(body.length)).slice();
  }
}

/**
 * Makes a key from the host's random bytes.
 *
 * @throws CounterfoilError `random_unavailable`
 */
export async function keygen(name: string): Promise<KeyPair> {
  return atBench((bench) => parsed(bench.answer(tools(bench).cf_keygen(bench.writeText(name)))));
}

/** What makes of a code, as it was typed, the form in which codes are compared: letters in upper case, without spaces and hyphens. */
export async function normaliser(): Promise<(typed: string) => string> {
  return atBench((bench) => (typed) => bench.text(tools(bench).cf_normalise(bench.writeText(typed))));
}

/**
 * Answers a call of Voucherify's interface: JSON text in, JSON text out. The answer either names the rows that are needed
 * before it can be decided, or says what to answer and to store. See `docs/voucherify.md`.
 */
export async function voucherify(call: string): Promise<string> {
  return atBench((bench) => bench.text(tools(bench).cf_voucherify(bench.writeText(call))));
}

/** The exports that only this module has. */
interface ToolExports extends CoreExports {
  cf_trace(length: number, now: number, fallback: number): number;
  cf_programme(): number;
  cf_refund(length: number, fallback: number): number;
  cf_preview(length: number, now: number, fallback: number): number;
  cf_follow(length: number, fallback: number): number;
  cf_segments(length: number): number;
  cf_check(length: number): number;
  cf_compile(length: number): number;
  cf_sign(section: number, terms: number): number;
  cf_pulse_sign(length: number): number;
  cf_keygen(length: number): number;
  cf_voucherify(length: number): number;
  cf_normalise(length: number): number;
  cf_code_rows(length: number): number;
  cf_table_add(length: number): number;
  cf_table_build(length: number): number;
}

const tools = (instance: Instance): ToolExports => instance.exports as ToolExports;

const decoder = new TextDecoder();

const parsed = <T>(json: Uint8Array): T => JSON.parse(decoder.decode(json)) as T;

let bench: Promise<Instance> | undefined;

/** Does something with an instance that has no snapshot; one that trapped is dropped. */
async function atBench<T>(work: (bench: Instance) => T): Promise<T> {
  bench ??= workshop.load().then((module) => new Instance(module));
  try {
    return work(await bench);
  } catch (error) {
    if (error instanceof CounterfoilError) throw error;
    // an instance in a state nobody knows, or a network that may work the next time
    bench = undefined;
    throw isTrap(error) ? engineFailed(error) : error;
  }
}
