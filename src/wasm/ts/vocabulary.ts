import type { Live } from './live.js';
import type { Attributes, AttributeValue } from './types.js';
import { list, MISFIT, NOT_GIVEN, objectIfAny, slot, text } from './value.js';

/** Numbers of the words of one dimension, by what they stand for. */
export type Words = Map<AttributeValue, number>;

/** An attribute that some rule reads: its words, the word for "there is a value", and its place as a number. */
export interface AttributeWords {
  name: string;
  words: Words;
  present: number;
  number: number;
}

/** How many codes as they were typed are remembered. */
const MAX_TYPED = 256;

type Given = Attributes | null | undefined;

/** What the rules of a snapshot name, and the number of each. */
export class Vocabulary {
  readonly category: Words;
  readonly sku: Words;
  readonly product: Words;
  readonly segment: Words;
  readonly country: Words;
  readonly channel: Words;
  readonly method: Words;
  readonly lineAttributes: AttributeWords[] = [];
  readonly customerAttributes: AttributeWords[] = [];
  readonly numberCount: number;
  readonly #live: Live;
  readonly #codes = new Map<string, number>();
  readonly #typed = new Map<string, number>();
  readonly #twins = new LineTable();
  readonly #ids = new LineTable();
  #birthday = '';
  #birthdayDay = NOT_GIVEN;
  #currencyText = '';
  #currency = NOT_GIVEN;

  constructor(live: Live) {
    this.#live = live;
    const { dimensions, words, codes, numbers } = live.description;
    const tables: AttributeWords[] = [];
    const byKind = new Map<string, Words>();
    for (let i = 0; i < dimensions.length; i += 2) {
      const [kind, name] = [dimensions[i]!, dimensions[i + 1]!];
      const table = { name, words: new Map(), present: 0, number: numbers.indexOf(name) };
      tables.push(table);
      if (kind === 'LineAttribute') this.lineAttributes.push(table);
      else if (kind === 'CustomerAttribute') this.customerAttributes.push(table);
      else byKind.set(kind, table.words);
    }
    for (let i = 0; i < words.length; i += 2) {
      const table = tables[words[i] as number]!;
      const spelling = words[i + 1] as AttributeValue | null;
      if (spelling === null) table.present = i / 2 + 1;
      else table.words.set(spelling, i / 2 + 1);
    }
    const of = (kind: string): Words => byKind.get(kind) ?? new Map();
    this.category = of('Category');
    this.sku = of('Sku');
    this.product = of('Product');
    this.segment = of('Segment');
    this.country = of('Country');
    this.channel = of('Channel');
    this.method = of('ShippingMethod');
    this.numberCount = numbers.length;
    for (let i = 0; i < codes.length; i += 2) this.#codes.set(codes[i] as string, codes[i + 1] as number);
  }

  /** The campaign of a code. Most codes are typed as they are printed; others are normalised by the core, once. */
  code(code: string): number {
    const known = this.#codes.get(text(code)) ?? this.#typed.get(code);
    if (known !== undefined) return known;
    const campaign = this.#live.exports.cf_code(this.#live.writeText(code));
    if (this.#typed.size >= MAX_TYPED) this.#typed.clear();
    this.#typed.set(code, campaign);
    return campaign;
  }

  /** The number of a campaign, or -1. */
  campaign(id: string): number {
    return this.#live.description.campaigns.indexOf(text(id));
  }

  day(birthday: string | null | undefined): number {
    if (birthday == null) return NOT_GIVEN;
    if (birthday !== this.#birthday) {
      this.#birthdayDay = this.#live.exports.cf_day(this.#live.writeText(text(birthday)));
      this.#birthday = birthday;
    }
    return this.#birthdayDay;
  }

  /** The letters of a currency as one number. */
  currency(code: string): number {
    if (code !== this.#currencyText) {
      if (!/^[A-Z]{3}$/.test(text(code))) throw MISFIT;
      this.#currencyText = code;
      this.#currency = code.charCodeAt(0) * 65536 + code.charCodeAt(1) * 256 + code.charCodeAt(2);
    }
    return this.#currency;
  }

  /** Writes what customer attributes count as where they are compared as numbers; of several values the last number. */
  pushNumbers(w: Float64Array, p: number, given: Given): number {
    const end = p + this.numberCount;
    if (end === p) return p;
    for (let i = p; i < end; i++) w[i] = NOT_GIVEN;
    const known = objectIfAny(given);
    if (known !== undefined) {
      for (let i = 0; i < this.customerAttributes.length; i++) {
        const { name, number } = this.customerAttributes[i]!;
        if (number >= 0) w[p + number] = lastNumber(known[name]);
      }
    }
    return end;
  }

  /** Begins a cart. */
  forgetLines(): void {
    this.#twins.forget();
    this.#ids.forget();
  }

  /** The line before this one of the same product at the same price, or -1. */
  twin(line: number, price: number, product: string | null | undefined): number {
    return product == null ? -1 : this.#twins.put(line, Math.imul(price, 0x9e3779b1) >>> 22, price, product);
  }

  /** The id of a line, which no line before it may have. */
  id(line: number, id: string): string {
    const last = text(id).length - 1;
    // ids of one cart mostly differ at their end
    const hash = Math.imul(id.charCodeAt(last) + 31 * id.charCodeAt(last - 1) + 961 * last, 0x9e3779b1) >>> 22;
    if (this.#ids.put(line, hash, 0, id) >= 0) throw MISFIT;
    return id;
  }
}

/** The lines of a cart by price and name; twice as many places as there can be lines. */
class LineTable {
  readonly #lines = new Int32Array(1024);
  // a place is taken when its epoch is the current one
  readonly #epochs = new Uint32Array(1024);
  readonly #names = new Array<string>(1024).fill('');
  readonly #prices = new Float64Array(1024);
  #epoch = 0;

  forget(): void {
    this.#epoch = (this.#epoch + 1) >>> 0;
  }

  /** Puts a line in the place of the one that has the same price and name; returns that one, or -1. */
  put(line: number, hash: number, price: number, name: string): number {
    const lines = this.#lines;
    const epochs = this.#epochs;
    let at = hash & 1023;
    while (epochs[at] === this.#epoch) {
      if (this.#prices[at] === price && this.#names[at] === name) {
        const before = lines[at]!;
        lines[at] = line;
        return before;
      }
      at = (at + 1) & 1023;
    }
    epochs[at] = this.#epoch;
    lines[at] = line;
    this.#prices[at] = price;
    this.#names[at] = name;
    return -1;
  }
}

/** Writes the word that a text is, if some rule names it. */
export function push(w: Float64Array, p: number, words: Words, value: string): number {
  const word = words.get(value);
  if (word === undefined) {
    text(value);
    return p;
  }
  w[p] = word;
  return p + 1;
}

export function pushAll(w: Float64Array, p: number, words: Words, values: readonly string[], most: number): number {
  list(values, most);
  let at = p;
  for (let i = 0; i < values.length; i++) at = push(w, at, words, values[i]!);
  return at;
}

/** Writes the words of attributes; what is no object has none. */
export function pushAttributes(w: Float64Array, p: number, attributes: readonly AttributeWords[], given: Given): number {
  const known = objectIfAny(given);
  if (known === undefined) return p;
  let at = p;
  for (let i = 0; i < attributes.length; i++) {
    const { name, words, present } = attributes[i]!;
    const value = known[name];
    const from = at;
    let isThere = false;
    if (typeof value === 'object' && value !== null) {
      for (const one of list(value, 1000)) {
        if (!isValue(one)) continue;
        isThere = true;
        at = pushValue(w, at, words, one);
      }
    } else if (isValue(value)) {
      isThere = true;
      at = pushValue(w, at, words, value);
    }
    if (isThere && present !== 0) w[at++] = present;
    if (at - from > 1000) throw MISFIT;
  }
  return at;
}

/** The last number of several values, or the one that is there. */
function lastNumber(value: Attributes[string]): number {
  if (typeof value === 'number') return slot(value);
  return Array.isArray(value) ? slot(value.filter((one) => typeof one === 'number').at(-1)) : NOT_GIVEN;
}

/** Whether there is a value: functions are what every object inherits. */
const isValue = (value: unknown): boolean => value != null && typeof value !== 'function';

function pushValue(w: Float64Array, p: number, words: Words, value: unknown): number {
  const word = words.get(value as AttributeValue);
  if (word === undefined) {
    if (typeof value === 'object') throw MISFIT;
    return p;
  }
  w[p] = word;
  return p + 1;
}
