// The private half of a publication: codes by the million, in the module's memory once and nowhere else, and snapshots of
// which only the parts are fetched that are not there yet.

import { download as downloadWhole, tooLarge, type Download, type Known, type Limits } from './download.js';
import type { Engine, KeyRing, OpenOptions, Start } from './engine.js';
import { CounterfoilError, engineFailed, isTrap } from './error.js';
import type { CoreExports } from './glue.js';
import { Instance, toJson } from './instance.js';
import { Live } from './live.js';
import { workshop } from './module.js';

/** What is known of a code that is one of many. The ledger counts; a snapshot is as old as it is. */
export interface UniqueCode {
  /** The campaign that it belongs to. */
  readonly campaign: string;
  /** What had become of it when the snapshot was made. */
  readonly state: 'active' | 'revoked' | 'spent';
  /** Whether it is for one customer alone; a quote tells whether for this one. */
  readonly isPersonal: boolean;
  /** What is on it, minor units of `currency`, where its campaign's codes have balances. */
  readonly balance?: number;
  /** The currency of the balance. */
  readonly currency?: string;
  /** How often it may be used, where it is not as its campaign says. */
  readonly uses?: number;
  /** From when it is no more, UTC milliseconds, where that is not as its campaign says. */
  readonly endsAt?: number;
}

interface EdgeExports extends CoreExports {
  cf_heavy(snapshot: number, keyRing: number, options: number, root: number): number;
  cf_hashes(count: number): number;
  cf_file(): number;
  cf_head(head: number, keyRing: number, options: number, root: number): number;
  cf_root(keyRing: number, options: number, root: number): number;
  cf_find(length: number): number;
  cf_code_name(length: number): number;
  cf_granting(length: number): number;
}

const edge = (instance: Instance): EdgeExports => instance.exports as EdgeExports;

type Parts = [bytes: Uint8Array, keyRing: Uint8Array, options: Uint8Array, root: Uint8Array];

const lengths = (parts: Parts) => parts.map(({ length }) => length) as [number, number, number, number];

/** Opens a snapshot of the edge. Its long sections are hashed by the host, where they stand. */
export async function openingEdge<T extends Engine>(
  bytes: Uint8Array | ArrayBuffer,
  keyRing: KeyRing,
  options: OpenOptions,
  make: (start: Start) => T,
): Promise<T> {
  const { now = Date.now(), module: source, root, pulse, ...rest } = options;
  // written before it is verified, so that whoever changes it meanwhile has it refused
  const file = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const beside: Beside = [toJson(keyRing), toJson({ now, ...rest }), new Uint8Array(root ?? []).slice()];
  const module = await workshop.load(source);
  try {
    const engine = make(restarting(module, file, beside, await opened(module, [file, ...beside])));
    if (pulse) engine.takePulse(pulse, { now });
    return engine;
  } catch (error) {
    throw isTrap(error) ? engineFailed(error) : error;
  }
}

/** What is given besides the file. */
type Beside = [keyRing: Uint8Array, options: Uint8Array, root: Uint8Array];

async function opened(module: WebAssembly.Module, parts: Parts): Promise<Live> {
  const written = new Instance(module);
  written.write(...parts);
  await hash(written, parts);
  return new Live(module, parts, written.exports);
}

/** Has the host hash what is long, several times as fast as the module can. */
async function hash(written: Instance, parts: Parts): Promise<void> {
  const subtle = (globalThis as { crypto?: Crypto }).crypto?.subtle;
  if (subtle === undefined) return;
  const places = JSON.parse(written.text(edge(written).cf_heavy(...lengths(parts)))) as [from: number, length: number][];
  const hashes: ArrayBuffer[] = [];
  for (const [from, length] of places) hashes.push(await subtle.digest('SHA-256', written.bytes.subarray(from, from + length) as Uint8Array<ArrayBuffer>));
  if (hashes.length === 0) return;
  const at = edge(written).cf_hashes(hashes.length);
  hashes.forEach((one, index) => written.bytes.set(new Uint8Array(one), at + 32 * index));
}

/**
 * Starts with `first`, and anew after a trap. A file with many codes stands in the memory of its instance and nowhere else: after
 * a trap it is taken from there, and verified as if it came from anywhere. So nothing here may hold on to `bytes`.
 */
function restarting(module: WebAssembly.Module, bytes: Uint8Array, beside: Beside, first: Live): Start {
  let last = first;
  let place = placeOf(last);
  let isFresh = true;
  // the core does not keep a file without codes, which is small
  const small = place ? undefined : bytes.slice();
  const file = () => small ?? last.bytes.subarray(...place!);
  const start = () => {
    if (!isFresh) {
      last = new Live(module, [file(), ...beside]);
      place = placeOf(last);
    }
    isFresh = false;
    return last;
  };
  return Object.assign(start, { parts: () => [file(), ...beside] });
}

/** Where an instance keeps its file, if it does. */
function placeOf(live: Live): [from: number, to: number] | undefined {
  const at = edge(live).cf_file();
  return at === 0 ? undefined : [at, at + live.exports.cf_length()];
}

const STATES = ['active', 'revoked', 'spent', 'revoked'] as const;

/** What is known of a code, if it is one of many. */
export function findCode(live: Live, typed: string): UniqueCode | undefined {
  const at = edge(live).cf_find(writeCode(live, typed)) >> 3;
  if (at === 0) return undefined;
  const { numbers } = live;
  const [campaign, state, balance, letters] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, numbers[at + 3]!];
  const [uses, endsAt] = [numbers[at + 4]!, numbers[at + 5]!];
  return {
    campaign: live.description.campaigns[campaign]!,
    state: STATES[state & 3]!,
    isPersonal: state >= 4,
    ...(letters > 0 && { balance, currency: String.fromCharCode(letters >> 16, (letters >> 8) & 255, letters & 255) }),
    ...(uses > 0 && { uses }),
    ...(endsAt > 0 && { endsAt }),
  };
}

/** What codes open for a grant. */
export interface Opened {
  /** The campaign of each code; `null` of one that is not good for this customer now, for whatever reason. */
  readonly campaigns: readonly (string | null)[];
  /** The campaigns for who has shown the codes, which a grant names by its hash. */
  readonly section: Uint8Array<ArrayBuffer>;
}

/** What the books name a code by. */
export function codeName(live: Live, typed: string): string {
  return live.text(edge(live).cf_code_name(live.writeText(typed)));
}

/** What a customer may preview who has shown codes. */
export function granting(live: Live, codes: readonly string[], customer: string | undefined, from: number, until: number): Opened {
  const body = toJson({ codes, customer, from, until });
  live.write(body);
  const answer = live.answer(edge(live).cf_granting(body.length));
  const end = answer.indexOf(0);
  return { campaigns: JSON.parse(new TextDecoder().decode(answer.subarray(0, end))) as Opened['campaigns'], section: answer.slice(end + 1) };
}

/** Codes are short and mostly ASCII, which is written faster than a text encoder is asked. */
function writeCode(live: Live, typed: string): number {
  const { length } = typed;
  const at = live.exports.cf_body(length * 3);
  const { bytes } = live;
  for (let i = 0; i < length; i++) {
    const code = typed.charCodeAt(i);
    if (code > 127) return live.writeText(typed);
    bytes[at + i] = code;
  }
  return length;
}

/** More than any head has: a signed body of 64 KiB with its frame. */
const HEAD_BYTES = 131_072;

/** What is signed of a snapshot. */
export interface SnapshotHead {
  /** Bytes of the head; the sections follow it. */
  readonly length: number;
  readonly version: number;
  /** In the order in which they follow. */
  readonly sections: readonly { readonly sha256: string; readonly length: number }[];
}

/** Whom a head is believed by, and for whom it is. */
export interface HeadOptions {
  /** Milliseconds; default the host's clock. */
  now?: number;
  /** Default `storefront`. */
  profile?: 'edge' | 'storefront';
  /** The root documents, where the key ring is kept up to date by them. */
  root?: Uint8Array | undefined;
  /** The wasm module, where the host has it already or must not fetch it. */
  module?: OpenOptions['module'] | undefined;
}

/**
 * Reads and verifies the head of a snapshot, with its sections behind it or without them.
 *
 * @throws CounterfoilError what `Engine.open` refuses before it looks at sections
 */
export async function readHead(snapshot: Uint8Array, keyRing: KeyRing, options: HeadOptions = {}): Promise<SnapshotHead> {
  return reader(keyRing, options).then((read) => read(snapshot));
}

/** Reads heads one after the other, in memory of its own. */
async function reader(keyRing: KeyRing, { now = Date.now(), profile = 'storefront', root, module: source }: HeadOptions): Promise<(bytes: Uint8Array) => SnapshotHead> {
  const bench = new Instance(await workshop.load(source));
  return (bytes) => {
    const parts: Parts = [bytes, toJson(keyRing), toJson({ now, profile }), root ?? new Uint8Array()];
    bench.write(...parts);
    return JSON.parse(bench.text(edge(bench).cf_head(...lengths(parts)))) as SnapshotHead;
  };
}

/** Whom a host believes that follows a shop's root documents, and what they allow. */
export interface Lead {
  /** The keys of the last document. Its `version` is how many there are. */
  readonly keyRing: KeyRing;
  /** When the last document ends, UTC milliseconds; nothing where there is none. */
  readonly expiresAt?: number;
  /** What publishers may give at most. */
  readonly ceilings: {
    /** The largest part of what an order's lines cost that discounts may take together, basis points. */
    readonly discount: number;
    /** The longest life of a snapshot, milliseconds. */
    readonly life: number;
    /** What a campaign may cost in all, minor units. */
    readonly budgets: readonly { readonly currency: string; readonly amount: number }[];
  };
}

/**
 * Follows a shop's root documents from a key ring, as `Engine.open` does; without any they lead nowhere else.
 *
 * @throws CounterfoilError `key_unknown`, `signature_invalid`, `threshold_not_met`, `root_out_of_order`, `root_expired`,
 * `snapshot_malformed`, `key_ring_invalid`
 */
export async function readRoot(root: Uint8Array, keyRing: KeyRing, { now = Date.now(), module }: Pick<HeadOptions, 'now' | 'module'> = {}): Promise<Lead> {
  const bench = new Instance(await workshop.load(module));
  const parts = [toJson(keyRing), toJson({ now }), root] as const;
  bench.write(...parts);
  return JSON.parse(bench.text(edge(bench).cf_root(...(parts.map(({ length }) => length) as [number, number, number])))) as Lead;
}

/** Where the parts of a snapshot are. */
export interface PartsOptions {
  /** Whom to believe, as for `follow`. */
  keyRing: KeyRing;
  /** The folder of the sections, each under its SHA-256; default `sections/` beside the source. */
  sections?: string | URL;
  /** Sent with each request: `{ authorization: 'Bearer …' }` where the parts are not for everyone. */
  headers?: Readonly<Record<string, string>>;
  /** As for `follow`; default `edge`. */
  profile?: 'edge' | 'storefront';
  /** The wasm module, where the host has it already or must not fetch it. */
  module?: OpenOptions['module'];
}

/**
 * For `follow`: the sources serve heads (`head.cfs`), and of the sections only those are fetched that the last snapshot did
 * not have. A thousand new codes beside a million are a download of ten kilobytes.
 *
 * ```ts
 * follow(Engine, { profile: 'edge', sources: ['https://cdn.example/edge/head.cfs'], keyRing, download: inParts({ keyRing }) });
 * ```
 */
export function inParts({ keyRing, sections: folder, headers = {}, profile = 'edge', module }: PartsOptions) {
  return async (address: string, etag: string | undefined, limits: Limits, known: () => Promise<Known>): Promise<Download> => {
    const answer = await downloadWhole(address, etag, { ...limits, maxBytes: Math.min(limits.maxBytes, HEAD_BYTES), headers });
    if (answer.unchanged) return answer;
    const { bytes: old, root } = await known();
    const read = await reader(keyRing, { profile, root, module });
    const head = read(answer.bytes);
    const held = new Map<string, Uint8Array>();
    if (old !== undefined) {
      try {
        const { length, sections } = read(old);
        let at = length;
        for (const one of sections) held.set(one.sha256, old.subarray(at, (at += one.length)));
      } catch (error) {
        // what is kept may have ended or been damaged: then everything is fetched
        if (!(error instanceof CounterfoilError)) throw error;
      }
    }
    const size = head.sections.reduce((sum, { length }) => sum + length, head.length);
    if (size > limits.maxBytes) throw tooLarge(address, size, limits.maxBytes);
    const bytes = new Uint8Array(size);
    bytes.set(answer.bytes.subarray(0, head.length));
    let at = head.length;
    for (const { sha256, length } of head.sections) {
      const part = held.get(sha256) ?? (await section(new URL(sha256, new URL(folder ?? 'sections/', address)), length, { timeout: limits.timeout, headers }));
      bytes.set(part.subarray(0, length), at);
      at += length;
    }
    return { unchanged: false, bytes, etag: answer.etag };
  };
}

/** A section never changes, so that any cache may answer; what it is is found when the snapshot is opened. */
async function section(address: URL, length: number, limits: Omit<Limits, 'maxBytes'>): Promise<Uint8Array> {
  const answer = await downloadWhole(address.href, undefined, { ...limits, maxBytes: length });
  return answer.unchanged ? new Uint8Array() : answer.bytes;
}
