import {
  LINE_SLOTS,
  LINE_WORD_COUNT,
  MAX_CODES,
  MAX_LINES,
  MAX_SHIPPING,
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
import { CounterfoilError } from './error.js';
import type { Live } from './live.js';
import type { Attributes, AttributeValue, Line, QuoteRequest } from './types.js';

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
const INVALID = -Infinity;
const NO_WORDS: Words = new Map();

/** The names of a request that its quote gives back. */
export interface Names {
  lines: string[];
  shipping: string[];
  codes: string[];
  currency: number;
  include: number;
}

/** A number of the caller: what is not given and what is no number are told apart by the core. */
const slot = (value: unknown): number =>
  typeof value === 'number' ? (value === value ? value : INVALID) : value == null ? NOT_GIVEN : INVALID;

function invalid(pointer: string, message: string, help: string, code = 'field_invalid'): CounterfoilError {
  const at = { document: 'request', pointer } as const;
  return new CounterfoilError({ code, severity: 'error', message, help, at, fixBy: 'developer' });
}

/** Translates requests into numbers: only what some rule of the snapshot reads. */
export class Encoder {
  readonly #live: Live;
  readonly #category: Words | undefined;
  readonly #sku: Words | undefined;
  readonly #product: Words | undefined;
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
    this.#category = byKind.get('Category');
    this.#sku = byKind.get('Sku');
    this.#product = byKind.get('Product');
    this.#segment = byKind.get('Segment') ?? NO_WORDS;
    this.#country = byKind.get('Country') ?? NO_WORDS;
    this.#channel = byKind.get('Channel') ?? NO_WORDS;
    this.#method = byKind.get('ShippingMethod') ?? NO_WORDS;
    this.#numberCount = numbers.length;
    for (let i = 0; i < codes.length; i += 2) this.#codes.set(codes[i] as string, codes[i + 1] as number);
  }

  /** Writes a request into the core's buffer; returns the number of slots. Fills `names`. */
  encode(request: QuoteRequest, now: number, names: Names): number {
    const { lines, shipping, codes, customer, payments, include } = request;
    if (!Array.isArray(lines)) throw missing('/lines', 'lines');
    const live = this.#live;
    // cold calls first: they may use or grow the module's memory
    const birthday = this.#day(customer?.birthday);
    const entered = codes == null ? [] : this.#enter(codes);
    const w = this.#room(request);
    const base = live.exports.core_slots(live.at, 0) >> 3;

    names.currency = w[base + REQUEST_CURRENCY] = this.#currencyNumber(request.currency);
    w[base + REQUEST_NOW] = request.now == null ? now : slot(request.now);
    w[base + REQUEST_UTC_OFFSET] = slot(request.utcOffset);
    w[base + REQUEST_BIRTHDAY] = birthday;
    w[base + REQUEST_SIGNED_UP_AT] = slot(customer?.signedUpAt);
    w[base + REQUEST_ORDER_COUNT] = slot(customer?.orders?.count);
    w[base + REQUEST_LAST_ORDER_AT] = slot(customer?.orders?.lastAt);
    let paid = 0;
    let points = 0;
    if (payments != null) {
      for (const payment of payments) {
        const amount = slot(payment.amount);
        paid += amount;
        if (payment.type === 'points') points += amount;
      }
    }
    w[base + REQUEST_PAID] = paid;
    w[base + REQUEST_PAID_WITH_POINTS] = points;
    names.include = w[base + REQUEST_INCLUDE] = include == null ? 0 : parts(include);
    let p = base + REQUEST_SLOTS;

    const contextFrom = p;
    const segments = customer?.segments;
    if (segments != null) for (let i = 0; i < segments.length; i++) p = push(w, p, this.#segment.get(segments[i]!));
    if (request.country != null) p = push(w, p, this.#country.get(request.country));
    if (request.channel != null) p = push(w, p, this.#channel.get(request.channel));
    const known = customer?.attributes;
    const customerAttributes = this.#customerAttributes;
    if (known != null) {
      for (let i = 0; i < customerAttributes.length; i++) {
        const attribute = customerAttributes[i]!;
        const value = known[attribute.name];
        if (value != null) p = pushAttribute(w, p, attribute, value);
      }
    }
    w[base + REQUEST_CONTEXT_COUNT] = p - contextFrom;

    w[base + REQUEST_NUMBER_COUNT] = this.#numberCount;
    w.fill(NOT_GIVEN, p, p + this.#numberCount);
    if (known != null) {
      for (let i = 0; i < customerAttributes.length; i++) {
        const { name, number } = customerAttributes[i]!;
        if (number >= 0) w[p + number] = slot(known[name]);
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
        if (typeof charge.id !== 'string') throw missing(`/shipping/${i}/id`, 'id');
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
      const id = line.id;
      if (typeof id !== 'string') throw missing(`/lines/${i}/id`, 'id');
      ids[i] = id;
      const at = p;
      w[p] = slot(line.unitPrice);
      w[p + 1] = slot(line.quantity);
      w[p + 2] = this.#twin(lines, i);
      p += LINE_SLOTS;
      if (sku !== undefined && line.sku != null) p = push(w, p, sku.get(line.sku));
      if (product !== undefined && line.product != null) p = push(w, p, product.get(line.product));
      const categories = line.categories;
      if (category !== undefined && categories != null) {
        for (let k = 0; k < categories.length; k++) p = push(w, p, category.get(categories[k]!));
      }
      const known = line.attributes;
      if (known != null) {
        for (let k = 0; k < attributes.length; k++) {
          const attribute = attributes[k]!;
          const value = (known as Attributes)[attribute.name];
          if (value != null) p = pushAttribute(w, p, attribute, value);
        }
      }
      w[at + LINE_WORD_COUNT] = p - at - LINE_SLOTS;
    }
    names.lines = ids;
    return p;
  }

  /** An earlier line of the same product at the same price, or -1. */
  #twin(lines: readonly Line[], index: number): number {
    const line = lines[index]!;
    const key = line.sku ?? line.product;
    if (key == null) return -1;
    const twins = this.#twins;
    const epochs = this.#epochs;
    let at = (Math.imul(line.unitPrice, 0x9e3779b1) >>> 22) & 1023;
    while (epochs[at] === this.#epoch) {
      const other = lines[twins[at]!]!;
      if (other.unitPrice === line.unitPrice && (other.sku ?? other.product) === key) return twins[at]!;
      at = (at + 1) & 1023;
    }
    epochs[at] = this.#epoch;
    twins[at] = index;
    return -1;
  }

  /** The core's memory, with room in the buffer for this request. */
  #room(request: QuoteRequest): Float64Array {
    const { lines, customer, shipping, codes } = request;
    // these bounds are checked before the buffer is sized; all else is checked by the core
    if (lines.length > MAX_LINES) throw tooMany('/lines', MAX_LINES, 'too_many_lines');
    if (codes != null && codes.length > MAX_CODES) throw tooMany('/codes', MAX_CODES, 'too_many_codes');
    if (shipping != null && shipping.length > MAX_SHIPPING) {
      throw tooMany('/shipping', MAX_SHIPPING, 'too_many_shipping_charges');
    }
    let words = 8 + (customer?.segments?.length ?? 0) + this.#numberCount;
    words += count(customer?.attributes, this.#customerAttributes);
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      words += 2 + (line.categories?.length ?? 0);
      if (this.#lineAttributes.length > 0) words += count(line.attributes, this.#lineAttributes);
    }
    const { at, exports } = this.#live;
    const head = REQUEST_SLOTS + MAX_CODES + 2 * MAX_SHIPPING + LINE_SLOTS * lines.length;
    exports.core_slots(at, head + words);
    return this.#live.numbers;
  }

  #enter(codes: readonly string[]): number[] {
    const entered = new Array<number>(codes.length);
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i];
      if (typeof code !== 'string') throw invalid(`/codes/${i}`, 'this is no text', 'send a text');
      // most codes are typed as they are printed; others are normalised by the core
      entered[i] = this.#codes.get(code) ?? this.#live.exports.core_code(this.#live.at, this.#live.writeText(code));
    }
    return entered;
  }

  #day(birthday: string | null | undefined): number {
    if (birthday == null) return NOT_GIVEN;
    if (birthday !== this.#birthday) {
      this.#birthdayDay = this.#live.exports.core_day(this.#live.at, this.#live.writeText(String(birthday)));
      this.#birthday = birthday;
    }
    return this.#birthdayDay;
  }

  #currencyNumber(code: string): number {
    if (code !== this.#currencyText) {
      this.#currencyText = code;
      const letters = typeof code === 'string' && code.length === 3 ? code : '\0\0\0';
      this.#currency = letters.charCodeAt(0) * 65536 + letters.charCodeAt(1) * 256 + letters.charCodeAt(2);
      if (code == null) this.#currency = NOT_GIVEN;
    }
    return this.#currency;
  }
}

function push(w: Float64Array, p: number, word: number | undefined): number {
  if (word === undefined) return p;
  w[p] = word;
  return p + 1;
}

function pushAttribute(w: Float64Array, p: number, attribute: AttributeWords, value: NonNullable<Attributes[string]>): number {
  let at = p;
  if (typeof value === 'object') for (const one of value) at = push(w, at, attribute.words.get(one));
  else at = push(w, at, attribute.words.get(value));
  return attribute.present === 0 ? at : push(w, at, attribute.present);
}

/** How many words the read attributes can have at most. */
function count(known: Attributes | null | undefined, attributes: readonly AttributeWords[]): number {
  if (known == null) return 0;
  let words = 0;
  for (let i = 0; i < attributes.length; i++) {
    const value = known[attributes[i]!.name];
    words += typeof value === 'object' && value !== null ? value.length + 1 : 2;
  }
  return words;
}

function parts(include: readonly string[]): number {
  let bits = 0;
  include.forEach((part, index) => {
    if (part === 'hints') bits |= 1;
    else if (part === 'units') bits |= 2;
    else throw invalid(`/include/${index}`, `there is no part \`${part}\``, 'send `hints` or `units`');
  });
  return bits;
}

function missing(pointer: string, field: string): CounterfoilError {
  return invalid(pointer, `there is no \`${field}\``, `add \`${field}\``, 'field_missing');
}

function tooMany(pointer: string, most: number, code: string): CounterfoilError {
  return invalid(`${pointer}/${most}`, `there are more than ${most}`, `send at most ${most}`, code);
}
