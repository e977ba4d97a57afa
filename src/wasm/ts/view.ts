// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.
import type { Names } from './encoder.js';
import type { FixBy, Place } from './error.js';
import type { Description, Host } from './live.js';
import type { AddUnitsStep, Allocation, EarnedPoints, Gift, GiftLine, GiftProduct, GiftSku, Hint, Outcome, Quote, QuoteLine, QuoteShipping, Reason, ReplacedUnits, ShippingAllocation, SpendStep, UnitAllocation, UnitRun } from './types.js';

const NOTHING: readonly never[] = Object.freeze([]);
const STATUS = ['applied', 'inapplicable', 'skipped', 'dormant', 'deferred'] as const;
const OPEN_CHECKS = [[], ['redemption_limit'], ['customer_limit'], ['redemption_limit', 'customer_limit']] as const;
const MEASURE = ['amount', 'quantity'] as const;
const STATE = ['proposed', 'in_cart', 'declined', 'out_of_stock'] as const;
/** The slot of `subtotal`. */
export const SUBTOTAL = 1;
/** The slot of `discountTotal`. */
export const DISCOUNT_TOTAL = 2;
/** The slot of `shippingTotal`. */
export const SHIPPING_TOTAL = 3;
/** The slot of `total`. */
export const TOTAL = 4;
/** The slot of `due`. */
export const DUE = 5;
/** The slot of `points`. */
export const POINTS = 6;

/** Everything of a quote but its totals. */
type Rest = Omit<Quote, 'currency' | 'subtotal' | 'discountTotal' | 'shippingTotal' | 'total' | 'due' | 'points'>;

/** Builds it from the slots of an answer. */
function read(host: Host, { campaigns, reasons, words }: Description, names: Names, w: readonly number[]): Rest {
  let p = 7;
  const count2 = w[p++]!;
  const lines1 = count2 > 0 ? new Array<QuoteLine>(count2) : NOTHING as never[];
  for (let i3 = 0; i3 < count2; i3++) {
    const id4 = names.lines[w[p++]!]!;
    const subtotal5 = w[p++]!;
    const discount6 = w[p++]!;
    const total7 = w[p++]!;
    const count9 = w[p++]!;
    const units8 = count9 > 0 ? new Array<UnitRun>(count9) : count9 < 0 ? undefined : NOTHING as never[];
    for (let i10 = 0; i10 < count9; i10++) {
      const count11 = w[p++]!;
      const total12 = w[p++]!;
      const count14 = w[p++]!;
      const allocations13 = count14 > 0 ? new Array<UnitAllocation>(count14) : NOTHING as never[];
      for (let i15 = 0; i15 < count14; i15++) {
        const redeemable16 = campaigns[w[p++]!]!;
        const amount17 = w[p++]!;
        allocations13[i15] = { redeemable: redeemable16, amount: amount17 };
      }
      units8![i10] = { count: count11, total: total12, allocations: allocations13 };
    }
    lines1[i3] = units8 === undefined ? { id: id4, subtotal: subtotal5, discount: discount6, total: total7 } : { id: id4, subtotal: subtotal5, discount: discount6, total: total7, units: units8 };
  }
  const count19 = w[p++]!;
  const shipping18 = count19 > 0 ? new Array<QuoteShipping>(count19) : NOTHING as never[];
  for (let i20 = 0; i20 < count19; i20++) {
    const id21 = names.shipping[w[p++]!]!;
    const price22 = w[p++]!;
    const discount23 = w[p++]!;
    const total24 = w[p++]!;
    shipping18[i20] = { id: id21, price: price22, discount: discount23, total: total24 };
  }
  const count26 = w[p++]!;
  const outcomes25 = count26 > 0 ? new Array<Outcome>(count26) : NOTHING as never[];
  for (let i27 = 0; i27 < count26; i27++) {
    const at29 = w[p++]!;
    const redeemable28 = at29 < 0 ? undefined : campaigns[at29]!;
    const at31 = w[p++]!;
    const code30 = at31 < 0 ? undefined : names.codes[at31]!;
    const status32 = STATUS[w[p++]!]!;
    const discount33 = w[p++]!;
    const count35 = w[p++]!;
    const allocations34 = count35 > 0 ? new Array<Allocation>(count35) : NOTHING as never[];
    for (let i36 = 0; i36 < count35; i36++) {
      const line37 = names.lines[w[p++]!]!;
      const amount38 = w[p++]!;
      allocations34[i36] = { line: line37, amount: amount38 };
    }
    const count40 = w[p++]!;
    const shippingAllocations39 = count40 > 0 ? new Array<ShippingAllocation>(count40) : NOTHING as never[];
    for (let i41 = 0; i41 < count40; i41++) {
      const shipping42 = names.shipping[w[p++]!]!;
      const amount43 = w[p++]!;
      shippingAllocations39[i41] = { shipping: shipping42, amount: amount43 };
    }
    const openChecks44 = OPEN_CHECKS[w[p++]!]!;
    const count46 = w[p++]!;
    const reasons45 = count46 > 0 ? new Array<Reason>(count46) : NOTHING as never[];
    for (let i47 = 0; i47 < count46; i47++, p += 6) {
      reasons45[i47] = new ReasonView(host, reasons[w[p]!]!, w, p);
    }
    outcomes25[i27] = redeemable28 === undefined ? code30 === undefined ? { status: status32, discount: discount33, allocations: allocations34, shippingAllocations: shippingAllocations39, openChecks: openChecks44, reasons: reasons45 } : { code: code30, status: status32, discount: discount33, allocations: allocations34, shippingAllocations: shippingAllocations39, openChecks: openChecks44, reasons: reasons45 } : code30 === undefined ? { redeemable: redeemable28, status: status32, discount: discount33, allocations: allocations34, shippingAllocations: shippingAllocations39, openChecks: openChecks44, reasons: reasons45 } : { redeemable: redeemable28, code: code30, status: status32, discount: discount33, allocations: allocations34, shippingAllocations: shippingAllocations39, openChecks: openChecks44, reasons: reasons45 };
  }
  const count49 = w[p++]!;
  const earned48 = count49 > 0 ? new Array<EarnedPoints>(count49) : NOTHING as never[];
  for (let i50 = 0; i50 < count49; i50++) {
    const redeemable51 = campaigns[w[p++]!]!;
    const points52 = w[p++]!;
    earned48[i50] = { redeemable: redeemable51, points: points52 };
  }
  const count54 = w[p++]!;
  const hints53 = count54 > 0 ? new Array<Hint>(count54) : count54 < 0 ? undefined : NOTHING as never[];
  for (let i55 = 0; i55 < count54; i55++) {
    const redeemable56 = campaigns[w[p++]!]!;
    let step57: SpendStep | AddUnitsStep;
    if (w[p++] === 0) {
      const amount58 = w[p++]!;
      step57 = { type: 'spend', amount: amount58 };
    } else {
      const units59 = w[p++]!;
      const at61 = w[p++]!;
      const line60 = at61 < 0 ? undefined : names.lines[at61]!;
      step57 = line60 === undefined ? { type: 'add_units', units: units59 } : { type: 'add_units', units: units59, line: line60 };
    }
    const worth62 = w[p++]!;
    const measure63 = MEASURE[w[p++]!]!;
    const required64 = w[p++]!;
    const actual65 = w[p++]!;
    hints53![i55] = { redeemable: redeemable56, step: step57, worth: worth62, measure: measure63, required: required64, actual: actual65 };
  }
  const count67 = w[p++]!;
  const gifts66 = count67 > 0 ? new Array<Gift>(count67) : NOTHING as never[];
  for (let i68 = 0; i68 < count67; i68++) {
    const redeemable69 = campaigns[w[p++]!]!;
    const state70 = STATE[w[p++]!]!;
    let product71: GiftSku | GiftProduct;
    if (w[p++] === 0) {
      const id72 = words[2 * w[p++]! - 1] as string;
      product71 = { type: 'sku', id: id72 };
    } else {
      const id73 = words[2 * w[p++]! - 1] as string;
      product71 = { type: 'product', id: id73 };
    }
    const quantity74 = w[p++]!;
    const unitPrice75 = w[p++]!;
    const worth76 = w[p++]!;
    const choice77 = w[p++]!;
    const choose78 = w[p++]!;
    const count80 = w[p++]!;
    const replaces79 = count80 > 0 ? new Array<ReplacedUnits>(count80) : NOTHING as never[];
    for (let i81 = 0; i81 < count80; i81++) {
      const line82 = names.lines[w[p++]!]!;
      const units83 = w[p++]!;
      replaces79[i81] = { line: line82, units: units83 };
    }
    gifts66[i68] = { redeemable: redeemable69, state: state70, product: product71, quantity: quantity74, unitPrice: unitPrice75, worth: worth76, choice: choice77, choose: choose78, replaces: replaces79 };
  }
  const count85 = w[p++]!;
  const giftLines84 = count85 > 0 ? new Array<GiftLine>(count85) : NOTHING as never[];
  for (let i86 = 0; i86 < count85; i86++) {
    const line87 = names.lines[w[p++]!]!;
    const at89 = w[p++]!;
    const redeemable88 = at89 < 0 ? undefined : campaigns[at89]!;
    const given90 = w[p++]!;
    const charged91 = w[p++]!;
    const count93 = w[p++]!;
    const reasons92 = count93 > 0 ? new Array<Reason>(count93) : NOTHING as never[];
    for (let i94 = 0; i94 < count93; i94++, p += 6) {
      reasons92[i94] = new ReasonView(host, reasons[w[p]!]!, w, p);
    }
    giftLines84[i86] = redeemable88 === undefined ? { line: line87, given: given90, charged: charged91, reasons: reasons92 } : { line: line87, redeemable: redeemable88, given: given90, charged: charged91, reasons: reasons92 };
  }
  return hints53 === undefined ? { lines: lines1, shipping: shipping18, outcomes: outcomes25, earned: earned48, gifts: gifts66, giftLines: giftLines84 } : { lines: lines1, shipping: shipping18, outcomes: outcomes25, earned: earned48, hints: hints53, gifts: gifts66, giftLines: giftLines84 };
}

/** A quote over the slots of its answer: totals at once, the rest when it is asked for. */
export class QuoteView implements Quote {
  readonly currency: string;
  readonly subtotal: number;
  readonly discountTotal: number;
  readonly shippingTotal: number;
  readonly total: number;
  readonly due: number;
  readonly points: number;
  readonly #host: Host;
  readonly #description: Description;
  readonly #names: Names;
  readonly #w: readonly number[];
  #rest: Rest | undefined;

  constructor(host: Host, description: Description, names: Names, w: readonly number[]) {
    this.#host = host;
    this.#description = description;
    this.#names = names;
    this.#w = w;
    this.currency = names.currency;
    this.subtotal = w[1]!;
    this.discountTotal = w[2]!;
    this.shippingTotal = w[3]!;
    this.total = w[4]!;
    this.due = w[5]!;
    this.points = w[6]!;
  }

  get lines(): readonly QuoteLine[] {
    return this.#read().lines;
  }

  get shipping(): readonly QuoteShipping[] {
    return this.#read().shipping;
  }

  get outcomes(): readonly Outcome[] {
    return this.#read().outcomes;
  }

  get earned(): readonly EarnedPoints[] {
    return this.#read().earned;
  }

  get hints(): readonly Hint[] {
    return this.#read().hints ?? NOTHING;
  }

  get gifts(): readonly Gift[] {
    return this.#read().gifts;
  }

  get giftLines(): readonly GiftLine[] {
    return this.#read().giftLines;
  }

  #read(): Rest {
    return (this.#rest ??= read(this.#host, this.#description, this.#names, this.#w));
  }

  /** The whole quote as plain data; the same as the door for bytes writes. */
  toJSON(): Quote {
    const { currency, subtotal, discountTotal, shippingTotal, total, due, points } = this;
    const { lines, shipping, outcomes, earned, hints, gifts, giftLines } = this.#read();
    return hints === undefined ? { currency: currency, subtotal: subtotal, discountTotal: discountTotal, shippingTotal: shippingTotal, total: total, due: due, points: points, lines: lines, shipping: shipping, outcomes: outcomes, earned: earned, gifts: gifts, giftLines: giftLines } : { currency: currency, subtotal: subtotal, discountTotal: discountTotal, shippingTotal: shippingTotal, total: total, due: due, points: points, lines: lines, shipping: shipping, outcomes: outcomes, earned: earned, hints: hints, gifts: gifts, giftLines: giftLines };
  }
}

/** A reason whose words are fetched when they are asked for. */
class ReasonView implements Reason {
  readonly code: string;
  readonly #fetch: () => Reason;
  #whole: Reason | undefined;

  constructor(host: Host, code: string, w: readonly number[], at: number) {
    this.code = code;
    this.#fetch = () => host.reason(w[0]!, w.slice(at, at + 6));
  }

  get message(): string {
    return this.toJSON().message;
  }
  get help(): string {
    return this.toJSON().help;
  }
  get fixBy(): FixBy {
    return this.toJSON().fixBy;
  }
  get at(): Place {
    return this.toJSON().at as Place;
  }
  get params(): Readonly<Record<string, number | string>> {
    return this.toJSON().params;
  }
  toJSON(): Reason {
    return (this.#whole ??= this.#fetch());
  }
}
