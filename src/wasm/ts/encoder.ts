import {
  LINE_SLOTS,
  LINE_WORD_COUNT,
  MAX_CODES,
  MAX_LINES,
  MAX_PRICE,
  MAX_SHIPPING,
  MAX_WORDS,
  REQUEST_BIRTHDAY,
  REQUEST_CODE_COUNT,
  REQUEST_CONTEXT_COUNT,
  REQUEST_CURRENCY,
  REQUEST_INCLUDE,
  REQUEST_LAST_ORDER_AT,
  REQUEST_LINE_COUNT,
  REQUEST_NOW,
  REQUEST_NUMBER_COUNT,
  REQUEST_ORDER_COUNT,
  REQUEST_PAID,
  REQUEST_PAID_WITH_POINTS,
  REQUEST_SHIPPING_COUNT,
  REQUEST_SIGNED_UP_AT,
  REQUEST_SLOTS,
  REQUEST_UTC_OFFSET,
} from './generated.js';
import type { Live } from './live.js';
import type { Attributes, AttributeValue, Line, Payment, QuoteRequest } from './types.js';

/** Numbers of the words of one dimension, by what they stand for. */
type Words = Map<AttributeValue, number>;

/** An attribute that some rule reads: its words, the word for "there is a value", and its place as a number. */
interface AttributeWords {
  name: string;
  words: Words;
  present: number;
  number: number;
}

const NOT_GIVEN = NaN;
const INVALID = Infinity;
const NO_WORDS: Words = new Map();
const PAYMENT_TYPES: readonly unknown[] = ['points', 'gift_card', 'store_credit', 'other'];

/**
 * Thrown where a request is not of the types it must be. The engine then asks the door for bytes, which words the
 * refusal with its place: one parser knows how requests are refused.
 */
export const MISFIT = new TypeError('the request is not what JSON can say');

/** The names of a request that its quote gives back. */
export interface Names {
  lines: string[];
  shipping: string[];
  codes: string[];
  currency: number;
  include: number;
}

/** A number of the caller: what is not given and what is no number are told apart by the core. */
export const slot = (value: unknown): number =>
  typeof value === 'number' ? (value === value ? value : INVALID) : value == null ? NOT_GIVEN : INVALID;

function list(value: unknown, most: number): void {
  if (!Array.isArray(value) || value.length > most) throw MISFIT;
}

function text(value: unknown): void {
  if (typeof value !== 'string') throw MISFIT;
}

/** The members of an object; anything else has none. */
const members = (value: Attributes | null | undefined): Attributes | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;

/** Translates requests into numbers: only what some rule of the snapshot reads. */
export class Encoder {
  readonly #live: Live;
  readonly #category: Words;
  readonly #sku: Words;
  readonly #product: Words;
  readonly #segment: Words;
  readonly #country: Words;
  readonly #channel: Words;
  readonly #method: Words;
  readonly #lineAttributes: AttributeWords[] = [];
  readonly #customerAttributes: AttributeWords[] = [];
  readonly #codes = new Map<string, number>();
  readonly #numberCount: number;
  // lines by price, to find those of the same product; a slot is taken when its epoch is the current one
  readonly #twins = new Int32Array(1024);
  readonly #epochs = new Uint32Array(1024);
  #epoch = 0;
  #birthday: string | undefined;
  #birthdayDay = NOT_GIVEN;
  #currencyText = '';
  #currency = NOT_GIVEN;

  constructor(live: Live) {
    this.#live = live;
    const { dimensions, words, codes, numbers } = live.description;
    const tables: Words[] = [];
    const present: number[] = [];
    for (let i = 0; i < dimensions.length; i += 2) tables.push(new Map());
    for (let i = 0; i < words.length; i += 2) {
      const spelling = words[i + 1];
      const dimension = words[i] as number;
      if (spelling === null || spelling === undefined) present[dimension] = i / 2 + 1;
      else tables[dimension]?.set(spelling, i / 2 + 1);
    }
    const byKind = new Map<string, Words>();
    for (let i = 0; i < tables.length; i++) {
      const [kind, name, table] = [dimensions[2 * i]!, dimensions[2 * i + 1]!, tables[i]!];
      const attribute = { name, words: table, present: present[i] ?? 0, number: numbers.indexOf(name) };
      if (kind === 'LineAttribute') this.#lineAttributes.push(attribute);
      else if (kind === 'CustomerAttribute') this.#customerAttributes.push(attribute);
      else byKind.set(kind, table);
    }
    this.#category = byKind.get('Category') ?? NO_WORDS;
    this.#sku = byKind.get('Sku') ?? NO_WORDS;
    this.#product = byKind.get('Product') ?? NO_WORDS;
    this.#segment = byKind.get('Segment') ?? NO_WORDS;
    this.#country = byKind.get('Country') ?? NO_WORDS;
    this.#channel = byKind.get('Channel') ?? NO_WORDS;
    this.#method = byKind.get('ShippingMethod') ?? NO_WORDS;
    this.#numberCount = numbers.length;
    for (let i = 0; i < codes.length; i += 2) this.#codes.set(codes[i] as string, codes[i + 1] as number);
  }

  /** Writes a request into the core's buffer; returns the number of slots. Fills `names`. */
  encode(request: QuoteRequest, names: Names): number {
    const { lines, shipping, codes, customer, payments, include } = request;
    list(lines, MAX_LINES);
    if (customer != null && (typeof customer !== 'object' || Array.isArray(customer))) throw MISFIT;
    const live = this.#live;
    // cold calls first: they may use or grow the module's memory
    const birthday = this.#day(customer?.birthday);
    const entered = codes == null ? [] : this.#enter(codes);
    const w = this.#room(request);
    const base = live.exports.cf_slots(0) >> 3;

    names.currency = w[base + REQUEST_CURRENCY] = this.#currencyNumber(request.currency);
    w[base + REQUEST_NOW] = request.now == null ? Date.now() : slot(request.now);
    w[base + REQUEST_UTC_OFFSET] = slot(request.utcOffset);
    w[base + REQUEST_BIRTHDAY] = birthday;
    w[base + REQUEST_SIGNED_UP_AT] = slot(customer?.signedUpAt);
    w[base + REQUEST_ORDER_COUNT] = slot(customer?.orders?.count);
    w[base + REQUEST_LAST_ORDER_AT] = slot(customer?.orders?.lastAt);
    let paid = 0;
    let points = 0;
    if (payments != null) {
      list(payments, MAX_SHIPPING);
      for (const { type, amount } of payments) {
        checkPayment(type, amount);
        paid += amount;
        if (type === 'points') points += amount;
      }
    }
    w[base + REQUEST_PAID] = paid;
    w[base + REQUEST_PAID_WITH_POINTS] = points;
    names.include = w[base + REQUEST_INCLUDE] = include == null ? 0 : parts(include);
    let p = base + REQUEST_SLOTS;

    const contextFrom = p;
    const segments = customer?.segments;
    if (segments != null) for (let i = 0; i < segments.length; i++) p = push(w, p, this.#segment, segments[i]);
    if (request.country != null) p = push(w, p, this.#country, request.country);
    if (request.channel != null) p = push(w, p, this.#channel, request.channel);
    const known = members(customer?.attributes);
    const customerAttributes = this.#customerAttributes;
    if (known != null) {
      for (let i = 0; i < customerAttributes.length; i++) {
        const attribute = customerAttributes[i]!;
        p = pushAttribute(w, p, attribute, known[attribute.name]);
      }
    }
    w[base + REQUEST_CONTEXT_COUNT] = p - contextFrom;

    w[base + REQUEST_NUMBER_COUNT] = this.#numberCount;
    w.fill(NOT_GIVEN, p, p + this.#numberCount);
    if (known != null) {
      for (let i = 0; i < customerAttributes.length; i++) {
        const { name, number } = customerAttributes[i]!;
        if (number >= 0) w[p + number] = lastNumber(known[name]);
      }
    }
    p += this.#numberCount;

    w[base + REQUEST_CODE_COUNT] = entered.length;
    for (let i = 0; i < entered.length; i++) w[p++] = entered[i]!;
    names.codes = codes == null ? [] : codes.slice();

    names.shipping = [];
    w[base + REQUEST_SHIPPING_COUNT] = shipping == null ? 0 : shipping.length;
    if (shipping != null) {
      for (let i = 0; i < shipping.length; i++) {
        const charge = shipping[i]!;
        text(charge.id);
        names.shipping.push(charge.id);
        w[p++] = this.#method.get(charge.id) ?? 0;
        w[p++] = slot(charge.price);
      }
    }

    w[base + REQUEST_LINE_COUNT] = lines.length;
    p = this.#lines(w, p, lines, names);
    return p - base;
  }

  #lines(w: Float64Array, from: number, lines: readonly Line[], names: Names): number {
    const category = this.#category;
    const sku = this.#sku;
    const product = this.#product;
    const attributes = this.#lineAttributes;
    const ids = new Array<string>(lines.length);
    this.#epoch = (this.#epoch + 1) >>> 0;
    let p = from;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const { id, sku: ownSku, product: ownProduct, categories } = line;
      text(id);
      ids[i] = id;
      const at = p;
      w[p] = slot(line.unitPrice);
      w[p + 1] = slot(line.quantity);
      w[p + 2] = this.#twin(lines, i);
      p += LINE_SLOTS;
      if (ownSku != null) p = push(w, p, sku, ownSku);
      if (ownProduct != null) p = push(w, p, product, ownProduct);
      if (categories != null) for (let k = 0; k < categories.length; k++) p = push(w, p, category, categories[k]);
      if (attributes.length > 0) {
        const known = members(line.attributes);
        if (known !== undefined) {
          for (let k = 0; k < attributes.length; k++) {
            const attribute = attributes[k]!;
            p = pushAttribute(w, p, attribute, known[attribute.name]);
          }
        }
      }
      w[at + LINE_WORD_COUNT] = p - at - LINE_SLOTS;
    }
    names.lines = ids;
    return p;
  }

  /** The line before this one of the same product at the same price, or -1. */
  #twin(lines: readonly Line[], index: number): number {
    const line = lines[index]!;
    const key = line.sku ?? line.product;
    if (key == null) return -1;
    const twins = this.#twins;
    const epochs = this.#epochs;
    let at = (Math.imul(line.unitPrice, 0x9e3779b1) >>> 22) & 1023;
    while (epochs[at] === this.#epoch) {
      const other = lines[twins[at]!]!;
      if (other.unitPrice === line.unitPrice && (other.sku ?? other.product) === key) {
        const before = twins[at]!;
        twins[at] = index;
        return before;
      }
      at = (at + 1) & 1023;
    }
    epochs[at] = this.#epoch;
    twins[at] = index;
    return -1;
  }

  /** The core's memory, with room in the buffer for this request. */
  #room(request: QuoteRequest): Float64Array {
    const { lines, customer, shipping, codes } = request;
    if (codes != null) list(codes, MAX_CODES);
    if (shipping != null) list(shipping, MAX_SHIPPING);
    if (customer?.segments != null) list(customer.segments, MAX_WORDS);
    let words = 8 + (customer?.segments?.length ?? 0) + this.#numberCount;
    words += count(members(customer?.attributes), this.#customerAttributes);
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      words += 2;
      if (line.categories != null) {
        list(line.categories, MAX_WORDS);
        words += line.categories.length;
      }
      if (this.#lineAttributes.length > 0) words += count(line.attributes, this.#lineAttributes);
    }
        const head = REQUEST_SLOTS + MAX_CODES + 2 * MAX_SHIPPING + LINE_SLOTS * lines.length;
    this.#live.exports.cf_slots(head + words);
    return this.#live.numbers;
  }

  #enter(codes: readonly string[]): number[] {
    const entered = new Array<number>(codes.length);
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i]!;
      text(code);
      // most codes are typed as they are printed; others are normalised by the core
      entered[i] = this.#codes.get(code) ?? this.#live.exports.cf_code(this.#live.writeText(code));
    }
    return entered;
  }

  #day(birthday: string | null | undefined): number {
    if (birthday == null) return NOT_GIVEN;
    if (birthday !== this.#birthday) {
      text(birthday);
      this.#birthdayDay = this.#live.exports.cf_day(this.#live.writeText(birthday));
      this.#birthday = birthday;
    }
    return this.#birthdayDay;
  }

  #currencyNumber(code: string): number {
    if (code !== this.#currencyText) {
      text(code);
      if (!/^[A-Z]{3}$/.test(code)) throw MISFIT;
      this.#currencyText = code;
      this.#currency = code.charCodeAt(0) * 65536 + code.charCodeAt(1) * 256 + code.charCodeAt(2);
    }
    return this.#currency;
  }
}

function push(w: Float64Array, p: number, words: Words, value: unknown): number {
  const word = words.get(value as AttributeValue);
  if (word !== undefined) {
    w[p] = word;
    return p + 1;
  }
  text(value);
  return p;
}

function pushAttribute(w: Float64Array, p: number, { words, present }: AttributeWords, value: Attributes[string]): number {
  let at = p;
  if (typeof value === 'object' && value !== null) {
    if (!Array.isArray(value)) throw MISFIT;
    for (const one of value) at = pushValue(w, at, words, one);
    if (!value.some(isValue)) return p;
  } else if (isValue(value)) {
    at = pushValue(w, at, words, value);
  } else {
    return p;
  }
  if (present !== 0) w[at++] = present;
  return at;
}

function pushValue(w: Float64Array, p: number, words: Words, value: unknown): number {
  const word = words.get(value as AttributeValue);
  if (word !== undefined) {
    w[p] = word;
    return p + 1;
  }
  if (typeof value === 'object' && value !== null) throw MISFIT;
  return p;
}

/** Whether there is a value: functions are what every object inherits. */
const isValue = (value: unknown): boolean => value != null && typeof value !== 'function';

/** What an attribute counts as where it is compared as a number; of several values the last number. */
function lastNumber(value: Attributes[string]): number {
  const numbers = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'number');
  return slot(numbers.at(-1));
}

/** How many words the read attributes can have at most. */
function count(known: Attributes | null | undefined, attributes: readonly AttributeWords[]): number {
  if (known == null) return 0;
  let words = 0;
  for (let i = 0; i < attributes.length; i++) {
    const value = known[attributes[i]!.name];
    if (Array.isArray(value)) list(value, MAX_WORDS);
    words += Array.isArray(value) ? value.length + 1 : 2;
  }
  return words;
}

function checkPayment(type: Payment['type'], amount: number): void {
  if (!PAYMENT_TYPES.includes(type) || !Number.isInteger(amount) || amount < 0 || amount > MAX_PRICE) throw MISFIT;
}

function parts(include: readonly string[]): number {
  list(include, 8);
  let bits = 0;
  for (const part of include) {
    if (part === 'hints') bits |= 1;
    else if (part === 'units') bits |= 2;
    else throw MISFIT;
  }
  return bits;
}
