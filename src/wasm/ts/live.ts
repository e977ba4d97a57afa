import { KeptAnswer, LastAnswer, type Answer } from './answer.js';
import { encode, WIDE, type Names } from './encoder.js';
import { CounterfoilError, isTrap, type Diagnostic } from './error.js';
import type { CoreExports } from './glue.js';
import { Instance, toJson } from './instance.js';
import type { QuoteRequest, Reason } from './types.js';
import { MISFIT } from './value.js';
import { Vocabulary } from './vocabulary.js';

/** A snapshot in one instance of the module. */
export class Live extends Instance {
  readonly description: Description;
  /** Where the slots of the last totals stand. */
  readonly totals: number;
  readonly #vocabulary: Vocabulary;
  #request: Float64Array = new Float64Array(0);
  /** Where the last request stands, and how many slots it has. */
  #at = 0;
  #count = 0;
  #last: LastAnswer | undefined;

  /** `written` holds the parts already. */
  constructor(module: WebAssembly.Module, parts: readonly Uint8Array[], written?: CoreExports) {
    super(module, written);
    if (written === undefined) this.write(...parts);
    // a grant has its customer; what codes have opened stands alone; -1 is the length of what is not there
    const [bytes, keyRing, options, root, grant = -1, customer = -1] = parts.map(({ length }) => length) as [number, number, number, number, number?, number?];
    const at = this.exports.cf_open(bytes, keyRing, options, root, grant, customer);
    this.description = JSON.parse(this.text(at)) as Description;
    this.totals = this.exports.cf_totals() >> 3;
    this.#vocabulary = new Vocabulary(this);
  }

  /** Takes a pulse: until when it is good, and how many campaigns it has stopped or brought back. */
  pulse(bytes: Uint8Array, now: number): [expiresAt: number, changes: number] {
    this.release();
    this.write(bytes);
    const expiresAt = this.exports.cf_pulse(bytes.length, now);
    if (expiresAt !== expiresAt) throw this.refusal();
    return [expiresAt, this.exports.cf_length()];
  }

  /**
   * Hands a request to the core as numbers and has it taken; not-a-number stands for a refusal. The door for bytes then
   * tells why: both doors so refuse with the same code at the same place.
   */
  send(request: QuoteRequest, names: Names, take: (exports: CoreExports, count: number) => number): number {
    this.release();
    try {
      // memory that grew took the view with it; a view that is never written beyond its end stays quick to write
      if (this.#request.length === 0) this.#request = this.#room(2048);
      let count = encode(this.#vocabulary, this.#request, request, names);
      if (count === WIDE) return this.#sendWide(request, names, take);
      while (count > this.#request.length) {
        this.#request = this.#room(Math.max(count, 2048));
        count = encode(this.#vocabulary, this.#request, request, names);
      }
      this.#count = count;
      const taken = take(this.exports, count);
      if (taken === taken) return taken;
    } catch (error) {
      throw isTrap(error) ? error : this.explain(request, error);
    }
    throw this.explain(request, MISFIT);
  }

  /** The same for what numbers do not carry: the request crosses as JSON. */
  #sendWide(request: QuoteRequest, names: Names, take: (exports: CoreExports, count: number) => number): number {
    const body = toJson(request);
    this.write(body);
    if (this.exports.cf_request(body.length, Date.now()) === 0) throw this.refusal();
    const { currency, lines, shipping, codes, payments } = request;
    names.currency = currency;
    names.lines = lines.map(({ id }) => id);
    names.shipping = (shipping ?? []).map(({ id }) => id);
    names.codes = (codes ?? []).slice();
    names.payments = (payments ?? []).map(({ id }) => id ?? '');
    this.#count = WIDE;
    return take(this.exports, WIDE);
  }

  /** The core's buffer for flat requests, with room for `slots`. */
  #room(slots: number): Float64Array {
    this.#at = this.exports.cf_slots(slots) >> 3;
    return this.numbers.subarray(this.#at, this.#at + slots);
  }

  /** Answers a body; the bytes are a view of the module's memory. */
  quoteBytes(body: Uint8Array, now: number): Uint8Array {
    this.release();
    this.write(body);
    return this.answer(this.exports.cf_quote_bytes(body.length, now, Date.now()));
  }

  /** The answer to the request that was sent last, which is read later. Of a wide one there are no slots to keep. */
  answered(names: Names): Answer {
    return this.#count === WIDE ? new KeptAnswer(names, this) : new LastAnswer(names, this);
  }

  /** Says which answer is left in the core until it is asked for. */
  hold(answer: LastAnswer | undefined): void {
    this.#last = answer;
  }

  /** Another answer takes the place of the last one. */
  release(): void {
    if (this.#last === undefined) return;
    this.#last.replace(this.lastRequest());
    this.#last = undefined;
  }

  /** A copy of the slots of the last request. */
  lastRequest(): number[] {
    const { numbers } = this;
    const at = this.#at;
    const request = new Array<number>(this.#count);
    for (let i = 0; i < request.length; i++) request[i] = numbers[at + i]!;
    return request;
  }

  /** Evaluates a request again from its slots. */
  evaluate(request: readonly number[]): void {
    this.release();
    // a request of another instance may be larger than this one has had room for
    if (request.length > this.#request.length) this.#request = this.#room(request.length);
    this.#request.set(request);
    this.#count = request.length;
    this.exports.cf_evaluate(request.length);
  }

  /** A copy of the slots of the last answer. */
  readAnswer(): number[] {
    const from = this.exports.cf_answer() >> 3;
    const count = this.exports.cf_length();
    const { numbers } = this;
    // a list of whole numbers costs less than another typed array and is quicker to read
    const answer = new Array<number>(count);
    for (let i = 0; i < count; i++) answer[i] = numbers[from + i]!;
    return answer;
  }

  /** A reason of an answer, as the core words it. */
  reason(currency: number, reason: readonly number[]): Reason {
    // the reason takes the place of the request
    this.release();
    this.numbers.set(reason, this.exports.cf_slots(reason.length) >> 3);
    return JSON.parse(this.text(this.exports.cf_reason(currency))) as Reason;
  }

  /** Why a request is refused. What JSON cannot tell keeps the refusal it had. */
  explain(request: unknown, refused: unknown): unknown {
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
  /** A reason of an answer. */
  reason(currency: number, reason: readonly number[]): Reason;
  /** What to throw for an error; a trap ends the instance. */
  failed(error: unknown): unknown;
}

/** What the core says of its snapshot. */
export interface Description {
  version: number;
  rootVersion: number;
  revision: string;
  audience: string;
  environment: string;
  profile: 'storefront' | 'edge';
  issuedAt: number;
  expiresAt: number;
  /** Campaigns that this version cannot read. */
  setAside: Diagnostic[];
  /** Ids by index. */
  campaigns: string[];
  /** Names of levels by index. */
  levels: string[];
  /** Codes of reasons by index. */
  reasons: string[];
  /** Numbers that rules compare: what each is of, and its dimension or word. */
  numbers: number[];
  /** Dimensions of lines' attributes that rules compare as numbers. */
  lineNumbers: number[];
  /** Not empty when categories are paths. */
  paths: true[];
  /** Code, campaign; code, campaign; … */
  codes: (string | number)[];
  /** Kind, name; kind, name; … */
  dimensions: string[];
  /** Dimension, spelling; …: word 1 first. `null` stands for "there is a value". */
  words: (number | string | boolean | null)[];
}
