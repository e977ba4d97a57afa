import type { Live } from './live.js';
import type { Attributes, AttributeValue, Bought, Line, QuoteRequest } from './types.js';
import { given, list, MISFIT, NOT_GIVEN, objectIfAny, slot, text, whole } from './value.js';

/** Numbers of the words of one dimension, by what they stand for. */
export type Words = Map<AttributeValue, number>;

/** What some rule reads of a fact or an attribute: its words, the word for "there is a value", and patterns of texts. */
export interface Table {
  kind: string;
  name: string;
  words: Words;
  present: number;
  patterns: [sign: string, part: string, word: number][];
}

const NOTHING: Table = { kind: '', name: '', words: new Map(), present: 0, patterns: [] };

/** What a number is of, as the core lists it. */
const [ATTRIBUTE, BOUGHT, BOUGHT_AT, SPENT, STARTED_AT] = [0, 1, 2, 4, 5];

/** How many codes as they were typed are remembered. */
const MAX_TYPED = 256;

type Given = Attributes | null | undefined;

/** What the rules of a snapshot name, and the number of each. */
export class Vocabulary {
  readonly category: Words;
  readonly sku: Words;
  readonly product: Words;
  readonly segment: Words;
  readonly country: Table;
  readonly region: Table;
  readonly postcode: Table;
  readonly channel: Table;
  readonly device: Table;
  readonly paymentMethod: Table;
  readonly needsShipping: Table;
  readonly email: Table;
  readonly signedIn: Table;
  readonly method: Words;
  readonly onSale: number;
  readonly lineAttributes: readonly Table[];
  readonly customerAttributes: readonly Table[];
  readonly orderAttributes: readonly Table[];
  readonly redemptions: readonly Table[];
  readonly favourites: readonly Table[];
  readonly experimentCount: number;
  readonly #experiments: readonly Table[];
  readonly numberCount: number;
  readonly lineNumberCount: number;
  readonly #numbers: readonly number[];
  readonly #lineNumbers: readonly number[];
  readonly #paths: boolean;
  readonly #tables: Table[] = [];
  #customer: string | undefined;
  #variants: number[] = [];
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
    const { dimensions, words, codes, numbers, lineNumbers, paths } = live.description;
    const tables = this.#tables;
    for (let i = 0; i < dimensions.length; i += 2) {
      tables.push({ kind: dimensions[i]!, name: dimensions[i + 1]!, words: new Map(), present: 0, patterns: [] });
    }
    for (let i = 0; i < words.length; i += 2) {
      const table = tables[words[i] as number]!;
      const word = i / 2 + 1;
      const spelling = words[i + 1] as AttributeValue | [string, string] | null;
      if (spelling === null) table.present = word;
      else if (typeof spelling === 'object') table.patterns.push([...spelling, word]);
      else table.words.set(spelling, word);
    }
    const all = (kind: string): Table[] => tables.filter((table) => table.kind === kind);
    const of = (kind: string): Table => all(kind)[0] ?? NOTHING;
    this.category = of('Category').words;
    this.sku = of('Sku').words;
    this.product = of('Product').words;
    this.segment = of('Segment').words;
    this.country = of('Country');
    this.region = of('Region');
    this.postcode = of('Postcode');
    this.channel = of('Channel');
    this.device = of('Device');
    this.paymentMethod = of('PaymentMethod');
    this.needsShipping = of('NeedsShipping');
    this.email = of('Email');
    this.signedIn = of('SignedIn');
    this.method = of('ShippingMethod').words;
    this.onSale = of('OnSale').words.get(true) ?? 0;
    this.lineAttributes = all('LineAttribute');
    this.customerAttributes = all('CustomerAttribute');
    this.orderAttributes = all('OrderAttribute');
    this.redemptions = all('Redemptions');
    this.favourites = all('Favourite');
    this.#experiments = all('Experiment');
    this.experimentCount = this.#experiments.length;
    this.#numbers = numbers;
    this.numberCount = numbers.length / 2;
    this.#lineNumbers = lineNumbers;
    this.lineNumberCount = lineNumbers.length;
    this.#paths = paths.length > 0;
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

  /** Writes the numbers that some rule compares; of an attribute with several values the last number. */
  pushNumbers(w: Float64Array, p: number, request: QuoteRequest): number {
    let at = p;
    for (let i = 0; i < this.#numbers.length; i += 2) {
      w[at++] = this.#number(this.#numbers[i]!, this.#numbers[i + 1]!, request);
    }
    return at;
  }

  #number(kind: number, of: number, { attributes, customer, startedAt }: QuoteRequest): number {
    if (kind === ATTRIBUTE) {
      const table = this.#tables[of]!;
      const holder = { OrderAttribute: attributes, Redemptions: customer?.redemptions }[table.kind as 'Redemptions'];
      const known = objectIfAny(table.kind === 'CustomerAttribute' ? customer?.attributes : holder);
      return known === undefined ? NOT_GIVEN : lastNumber(known[table.name]);
    }
    if (kind === STARTED_AT) return given(startedAt, -Number.MAX_SAFE_INTEGER);
    const orders = objectIfAny(customer?.orders);
    if (kind === SPENT) return given(orders?.spent, 0);
    let told = NOT_GIVEN;
    for (const one of list(orders?.bought ?? [], 1000)) {
      const { count, lastAt, spent } = one;
      const number = [given(count, 0), given(lastAt, -Number.MAX_SAFE_INTEGER), given(spent, 0)][kind - BOUGHT]!;
      if (number !== number || !this.#isBought(one, of)) continue;
      told = told !== told ? number : kind === BOUGHT_AT ? Math.max(told, number) : told + number;
    }
    return told;
  }

  /** Whether a part of the history is of the category or product that a word stands for. */
  #isBought({ category, product }: Bought, word: number): boolean {
    if (product != null && this.product.get(text(product)) === word) return true;
    return category != null && this.#above(text(category)).some((path) => this.category.get(path) === word);
  }

  /** A category, and where categories are paths those above it. */
  #above(category: string): string[] {
    const paths = [category];
    if (this.#paths) {
      for (let at = category.indexOf('/'); at >= 0; at = category.indexOf('/', at + 1)) paths.push(category.slice(0, at));
    }
    return paths;
  }

  pushCategories(w: Float64Array, p: number, categories: readonly string[]): number {
    if (!this.#paths) return pushAll(w, p, this.category, categories, 1000);
    let at = p;
    for (const category of list(categories, 1000)) {
      for (const path of this.#above(text(category))) at = push(w, at, this.category, path);
    }
    return at;
  }

  /** Writes that a line has what the customer likes best. */
  pushFavourites(w: Float64Array, p: number, likes: Given, line: Line): number {
    const known = objectIfAny(likes);
    if (known === undefined) return p;
    let at = p;
    for (const { name, words } of this.favourites) {
      const liked: unknown[] = [known[name]].flat();
      for (const [place, word] of words) {
        const has = this.#inDimension(this.#tables[place as number]!, line);
        if (has.some((value) => typeof value === 'string' && liked.includes(value))) w[at++] = word;
      }
    }
    return at;
  }

  #inDimension({ kind, name }: Table, line: Line): unknown[] {
    if (kind === 'Category') return (line.categories ?? []).flatMap((one) => this.#above(text(one)));
    return [kind === 'Sku' ? line.sku : kind === 'Product' ? line.product : objectIfAny(line.attributes)?.[name]].flat();
  }

  /** Writes the numbers of a line that some rule compares. */
  pushLineNumbers(w: Float64Array, p: number, attributes: Given): number {
    const known = objectIfAny(attributes);
    let at = p;
    for (const dimension of this.#lineNumbers) {
      w[at++] = known === undefined ? NOT_GIVEN : lastNumber(known[this.#tables[dimension]!.name]);
    }
    return at;
  }

  /** Writes the customer's variants. The core assigns them, once for a customer. */
  pushVariants(w: Float64Array, p: number, customer: string): number {
    if (customer !== this.#customer) {
      const { exports } = this.#live;
      this.#variants = [];
      for (let i = 0; i < this.experimentCount; i++) {
        const word = exports.cf_variant(this.#live.writeText(text(customer)), i);
        if (word !== 0) this.#variants.push(word, this.#experiments[i]!.present);
      }
      this.#customer = customer;
    }
    let at = p;
    for (const word of this.#variants) if (word !== 0) w[at++] = word;
    return at;
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
export function push(w: Float64Array, p: number, words: Words, value: string | boolean): number {
  const word = words.get(value);
  if (word === undefined) {
    if (typeof value !== 'boolean') text(value);
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

/** Writes a fact of the situation: its word, that it is known, and the patterns that it fits. */
export function pushFact(w: Float64Array, p: number, table: Table, value: string): number {
  if (text(value) === '') return p;
  const at = pushPatterns(w, push(w, p, table.words, value), table, value);
  if (table.present !== 0) w[at] = table.present;
  return table.present === 0 ? at : at + 1;
}

export function pushPostcode(w: Float64Array, p: number, table: Table, value: string): number {
  if (table === NOTHING) return push(w, p, table.words, value);
  const letters = text(value).replace(/[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000-]/g, '');
  return pushFact(w, p, table, letters.replace(/[a-z]+/g, (small) => small.toUpperCase()));
}

export function pushFlag(w: Float64Array, p: number, { words, present }: Table, value: boolean): number {
  if (typeof value !== 'boolean') throw MISFIT;
  let at = push(w, p, words, value);
  if (present !== 0) w[at++] = present;
  return at;
}

/** Writes that a line's price is below its regular one. */
export function pushOnSale(w: Float64Array, p: number, word: number, price: number, regular: number, most: number): number {
  if (whole(regular, most) <= price || word === 0) return p;
  w[p] = word;
  return p + 1;
}

/** Writes the patterns that a text fits. */
function pushPatterns(w: Float64Array, p: number, { patterns }: Table, value: string): number {
  let at = p;
  for (const [sign, part, word] of patterns) {
    const fits = sign === '^' ? value.startsWith(part) : sign === '$' ? value.endsWith(part) : value.includes(part);
    if (fits) w[at++] = word;
  }
  return at;
}

/** Writes the words of attributes; what is no object has none. */
export function pushAttributes(w: Float64Array, p: number, attributes: readonly Table[], given: Given): number {
  const known = objectIfAny(given);
  if (known === undefined) return p;
  let at = p;
  for (let i = 0; i < attributes.length; i++) {
    const table = attributes[i]!;
    const value = known[table.name];
    const from = at;
    let isThere = false;
    if (typeof value === 'object' && value !== null) {
      for (const one of list(value, 1000)) {
        if (!isValue(one)) continue;
        isThere = true;
        at = pushValue(w, at, table, one);
      }
    } else if (isValue(value)) {
      isThere = true;
      at = pushValue(w, at, table, value);
    }
    if (isThere && table.present !== 0) w[at++] = table.present;
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

function pushValue(w: Float64Array, p: number, table: Table, value: unknown): number {
  const at = table.patterns.length > 0 && typeof value === 'string' ? pushPatterns(w, p, table, value) : p;
  const word = table.words.get(value as AttributeValue);
  if (word === undefined) {
    if (typeof value === 'object') throw MISFIT;
    return at;
  }
  w[at] = word;
  return at + 1;
}
