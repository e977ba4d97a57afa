// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.
import type { Answer } from './answer.js';
import type { Names } from './encoder.js';
import type { FixBy, Place } from './error.js';
import type { Description, Host, Live } from './live.js';
import type { Allocation, EarnedPoints, Gift, GiftLine, GiftProduct, GiftSku, Hint, Outcome, Quote, QuoteCashRounding, QuoteLine, QuotePayment, QuoteShipping, Reason, ReplacedUnits, ShippingAllocation, Step, Tax, TaxOfRate, Taxes, UnitAllocation, UnitRun } from './types.js';

const NOTHING: readonly never[] = Object.freeze([]);

/** Leaves out what is not there. */
function pruned<T extends object>(given: object): T {
  const there = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as T;
}
const STATUS = ['applied', 'inapplicable', 'skipped', 'dormant', 'deferred'] as const;
const OPEN_CHECKS = [[], ['redemption_limit'], ['customer_limit'], ['redemption_limit', 'customer_limit']] as const;
const MEASURE = ['amount', 'quantity', 'step'] as const;
const STATE = ['proposed', 'in_cart', 'declined', 'out_of_stock'] as const;
const STATUS_2 = ['used', 'partly_used', 'refused'] as const;
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
function read(host: Host, { campaigns, reasons, words }: Description, answer: Answer): Rest {
  const w = answer.slots(host);
  const { names } = answer;
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
    let tax18: Tax | undefined;
    if (w[p++]! >= 0) {
      const net19 = w[p++]!;
      const tax20 = w[p++]!;
      const gross21 = w[p++]!;
      tax18 = { net: net19, tax: tax20, gross: gross21 };
    }
    lines1[i3] = units8 === undefined ? tax18 === undefined ? { id: id4, subtotal: subtotal5, discount: discount6, total: total7 } : { id: id4, subtotal: subtotal5, discount: discount6, total: total7, tax: tax18 } : tax18 === undefined ? { id: id4, subtotal: subtotal5, discount: discount6, total: total7, units: units8 } : { id: id4, subtotal: subtotal5, discount: discount6, total: total7, units: units8, tax: tax18 };
  }
  const count23 = w[p++]!;
  const shipping22 = count23 > 0 ? new Array<QuoteShipping>(count23) : NOTHING as never[];
  for (let i24 = 0; i24 < count23; i24++) {
    const id25 = names.shipping[w[p++]!]!;
    const price26 = w[p++]!;
    const discount27 = w[p++]!;
    const total28 = w[p++]!;
    let tax29: Tax | undefined;
    if (w[p++]! >= 0) {
      const net30 = w[p++]!;
      const tax31 = w[p++]!;
      const gross32 = w[p++]!;
      tax29 = { net: net30, tax: tax31, gross: gross32 };
    }
    shipping22[i24] = tax29 === undefined ? { id: id25, price: price26, discount: discount27, total: total28 } : { id: id25, price: price26, discount: discount27, total: total28, tax: tax29 };
  }
  const count34 = w[p++]!;
  const outcomes33 = count34 > 0 ? new Array<Outcome>(count34) : NOTHING as never[];
  for (let i35 = 0; i35 < count34; i35++) {
    const at37 = w[p++]!;
    const redeemable36 = at37 < 0 ? undefined : campaigns[at37]!;
    const at39 = w[p++]!;
    const code38 = at39 < 0 ? undefined : names.codes[at39]!;
    const status40 = STATUS[w[p++]!]!;
    const discount41 = w[p++]!;
    const count43 = w[p++]!;
    const allocations42 = count43 > 0 ? new Array<Allocation>(count43) : NOTHING as never[];
    for (let i44 = 0; i44 < count43; i44++) {
      const line45 = names.lines[w[p++]!]!;
      const amount46 = w[p++]!;
      allocations42[i44] = { line: line45, amount: amount46 };
    }
    const count48 = w[p++]!;
    const shippingAllocations47 = count48 > 0 ? new Array<ShippingAllocation>(count48) : NOTHING as never[];
    for (let i49 = 0; i49 < count48; i49++) {
      const shipping50 = names.shipping[w[p++]!]!;
      const amount51 = w[p++]!;
      shippingAllocations47[i49] = { shipping: shipping50, amount: amount51 };
    }
    const openChecks52 = OPEN_CHECKS[w[p++]!]!;
    const count54 = w[p++]!;
    const reasons53 = count54 > 0 ? new Array<Reason>(count54) : NOTHING as never[];
    for (let i55 = 0; i55 < count54; i55++, p += 6) {
      reasons53[i55] = new ReasonView(host, reasons[w[p]!]!, names, w, p);
    }
    outcomes33[i35] = redeemable36 === undefined ? code38 === undefined ? { status: status40, discount: discount41, allocations: allocations42, shippingAllocations: shippingAllocations47, openChecks: openChecks52, reasons: reasons53 } : { code: code38, status: status40, discount: discount41, allocations: allocations42, shippingAllocations: shippingAllocations47, openChecks: openChecks52, reasons: reasons53 } : code38 === undefined ? { redeemable: redeemable36, status: status40, discount: discount41, allocations: allocations42, shippingAllocations: shippingAllocations47, openChecks: openChecks52, reasons: reasons53 } : { redeemable: redeemable36, code: code38, status: status40, discount: discount41, allocations: allocations42, shippingAllocations: shippingAllocations47, openChecks: openChecks52, reasons: reasons53 };
  }
  const count57 = w[p++]!;
  const earned56 = count57 > 0 ? new Array<EarnedPoints>(count57) : NOTHING as never[];
  for (let i58 = 0; i58 < count57; i58++) {
    const redeemable59 = campaigns[w[p++]!]!;
    const points60 = w[p++]!;
    earned56[i58] = { redeemable: redeemable59, points: points60 };
  }
  const count62 = w[p++]!;
  const hints61 = count62 > 0 ? new Array<Hint>(count62) : count62 < 0 ? undefined : NOTHING as never[];
  for (let i63 = 0; i63 < count62; i63++) {
    const redeemable64 = campaigns[w[p++]!]!;
    const count66 = w[p++]!;
    const steps65 = count66 > 0 ? new Array<Step>(count66) : NOTHING as never[];
    for (let i67 = 0; i67 < count66; i67++, p += 6) {
      steps65[i67] = new ReasonView(host, reasons[w[p]!]!, names, w, p) as Reason as Step;
    }
    const worth68 = w[p++]!;
    const saves69 = w[p++]!;
    const points70 = w[p++]!;
    const at72 = w[p++]!;
    const effort71 = at72 < 0 ? undefined : at72;
    const measure73 = MEASURE[w[p++]!]!;
    const required74 = w[p++]!;
    const actual75 = w[p++]!;
    hints61![i63] = effort71 === undefined ? { redeemable: redeemable64, steps: steps65, worth: worth68, saves: saves69, points: points70, measure: measure73, required: required74, actual: actual75 } : { redeemable: redeemable64, steps: steps65, worth: worth68, saves: saves69, points: points70, effort: effort71, measure: measure73, required: required74, actual: actual75 };
  }
  const count77 = w[p++]!;
  const gifts76 = count77 > 0 ? new Array<Gift>(count77) : NOTHING as never[];
  for (let i78 = 0; i78 < count77; i78++) {
    const redeemable79 = campaigns[w[p++]!]!;
    const state80 = STATE[w[p++]!]!;
    let product81: GiftSku | GiftProduct;
    if (w[p++] === 0) {
      const id82 = words[2 * w[p++]! - 1] as string;
      product81 = { type: 'sku', id: id82 };
    } else {
      const id83 = words[2 * w[p++]! - 1] as string;
      product81 = { type: 'product', id: id83 };
    }
    const quantity84 = w[p++]!;
    const unitPrice85 = w[p++]!;
    const worth86 = w[p++]!;
    const choice87 = w[p++]!;
    const choose88 = w[p++]!;
    const count90 = w[p++]!;
    const replaces89 = count90 > 0 ? new Array<ReplacedUnits>(count90) : NOTHING as never[];
    for (let i91 = 0; i91 < count90; i91++) {
      const line92 = names.lines[w[p++]!]!;
      const units93 = w[p++]!;
      replaces89[i91] = { line: line92, units: units93 };
    }
    gifts76[i78] = { redeemable: redeemable79, state: state80, product: product81, quantity: quantity84, unitPrice: unitPrice85, worth: worth86, choice: choice87, choose: choose88, replaces: replaces89 };
  }
  const count95 = w[p++]!;
  const giftLines94 = count95 > 0 ? new Array<GiftLine>(count95) : NOTHING as never[];
  for (let i96 = 0; i96 < count95; i96++) {
    const line97 = names.lines[w[p++]!]!;
    const at99 = w[p++]!;
    const redeemable98 = at99 < 0 ? undefined : campaigns[at99]!;
    const given100 = w[p++]!;
    const charged101 = w[p++]!;
    const count103 = w[p++]!;
    const reasons102 = count103 > 0 ? new Array<Reason>(count103) : NOTHING as never[];
    for (let i104 = 0; i104 < count103; i104++, p += 6) {
      reasons102[i104] = new ReasonView(host, reasons[w[p]!]!, names, w, p);
    }
    giftLines94[i96] = redeemable98 === undefined ? { line: line97, given: given100, charged: charged101, reasons: reasons102 } : { line: line97, redeemable: redeemable98, given: given100, charged: charged101, reasons: reasons102 };
  }
  const count106 = w[p++]!;
  const payments105 = count106 > 0 ? new Array<QuotePayment>(count106) : count106 < 0 ? undefined : NOTHING as never[];
  for (let i107 = 0; i107 < count106; i107++) {
    const index108 = w[p++]!;
    const at110 = w[p++]!;
    const id109 = at110 < 0 ? undefined : names.payments[at110]!;
    const status111 = STATUS_2[w[p++]!]!;
    const amount112 = w[p++]!;
    const at114 = w[p++]!;
    const points113 = at114 < 0 ? undefined : at114;
    const at116 = w[p++]!;
    const left115 = at116 < 0 ? undefined : at116;
    const count118 = w[p++]!;
    const allocations117 = count118 > 0 ? new Array<Allocation>(count118) : NOTHING as never[];
    for (let i119 = 0; i119 < count118; i119++) {
      const line120 = names.lines[w[p++]!]!;
      const amount121 = w[p++]!;
      allocations117[i119] = { line: line120, amount: amount121 };
    }
    const count123 = w[p++]!;
    const shippingAllocations122 = count123 > 0 ? new Array<ShippingAllocation>(count123) : NOTHING as never[];
    for (let i124 = 0; i124 < count123; i124++) {
      const shipping125 = names.shipping[w[p++]!]!;
      const amount126 = w[p++]!;
      shippingAllocations122[i124] = { shipping: shipping125, amount: amount126 };
    }
    const count128 = w[p++]!;
    const reasons127 = count128 > 0 ? new Array<Reason>(count128) : NOTHING as never[];
    for (let i129 = 0; i129 < count128; i129++, p += 6) {
      reasons127[i129] = new ReasonView(host, reasons[w[p]!]!, names, w, p);
    }
    payments105![i107] = id109 === undefined && points113 === undefined && left115 === undefined ? { index: index108, status: status111, amount: amount112, allocations: allocations117, shippingAllocations: shippingAllocations122, reasons: reasons127 } : pruned({ index: index108, id: id109, status: status111, amount: amount112, points: points113, left: left115, allocations: allocations117, shippingAllocations: shippingAllocations122, reasons: reasons127 });
  }
  let cashRounding130: QuoteCashRounding | undefined;
  if (w[p++]! >= 0) {
    const to131 = w[p++]!;
    const amount132 = w[p++]!;
    cashRounding130 = { to: to131, amount: amount132 };
  }
  let taxes133: Taxes | undefined;
  if (w[p++]! >= 0) {
    const net134 = w[p++]!;
    const tax135 = w[p++]!;
    const gross136 = w[p++]!;
    const count138 = w[p++]!;
    const rates137 = count138 > 0 ? new Array<TaxOfRate>(count138) : NOTHING as never[];
    for (let i139 = 0; i139 < count138; i139++) {
      const rate140 = w[p++]!;
      const net141 = w[p++]!;
      const tax142 = w[p++]!;
      rates137[i139] = { rate: rate140, net: net141, tax: tax142 };
    }
    taxes133 = { net: net134, tax: tax135, gross: gross136, rates: rates137 };
  }
  return hints61 === undefined && payments105 === undefined && cashRounding130 === undefined && taxes133 === undefined ? { lines: lines1, shipping: shipping22, outcomes: outcomes33, earned: earned56, gifts: gifts76, giftLines: giftLines94 } : pruned({ lines: lines1, shipping: shipping22, outcomes: outcomes33, earned: earned56, hints: hints61, gifts: gifts76, giftLines: giftLines94, payments: payments105, cashRounding: cashRounding130, taxes: taxes133 });
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
  readonly #answer: Answer;
  #rest: Rest | undefined;

  constructor(host: Host, live: Live, answer: Answer) {
    this.#host = host;
    this.#description = live.description;
    this.#answer = answer;
    const { numbers, totals } = live;
    this.currency = answer.names.currency;
    this.subtotal = numbers[totals + 1]!;
    this.discountTotal = numbers[totals + 2]!;
    this.shippingTotal = numbers[totals + 3]!;
    this.total = numbers[totals + 4]!;
    this.due = numbers[totals + 5]!;
    this.points = numbers[totals + 6]!;
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

  get payments(): readonly QuotePayment[] {
    return this.#read().payments ?? NOTHING;
  }

  get cashRounding(): QuoteCashRounding | undefined {
    return this.#read().cashRounding;
  }

  get taxes(): Taxes | undefined {
    return this.#read().taxes;
  }

  #read(): Rest {
    return (this.#rest ??= read(this.#host, this.#description, this.#answer));
  }

  /** The whole quote as plain data; the same as the door for bytes writes. */
  toJSON(): Quote {
    const { currency, subtotal, discountTotal, shippingTotal, total, due, points } = this;
    const { lines, shipping, outcomes, earned, hints, gifts, giftLines, payments, cashRounding, taxes } = this.#read();
    return hints === undefined && payments === undefined && cashRounding === undefined && taxes === undefined ? { currency: currency, subtotal: subtotal, discountTotal: discountTotal, shippingTotal: shippingTotal, total: total, due: due, points: points, lines: lines, shipping: shipping, outcomes: outcomes, earned: earned, gifts: gifts, giftLines: giftLines } : pruned({ currency: currency, subtotal: subtotal, discountTotal: discountTotal, shippingTotal: shippingTotal, total: total, due: due, points: points, lines: lines, shipping: shipping, outcomes: outcomes, earned: earned, hints: hints, gifts: gifts, giftLines: giftLines, payments: payments, cashRounding: cashRounding, taxes: taxes });
  }
}

/** The core tells a line or an entered code by its place. */
function named(reason: Reason, names: Names): Reason {
  const params = reason.params as Record<string, number | string>;
  const { line, code } = params;
  if (typeof line === 'number') params.line = names.lines[line]!;
  if (typeof code === 'number') params.code = names.codes[code]!;
  return reason;
}

/** A reason whose words are fetched when they are asked for. */
class ReasonView implements Reason {
  readonly code: string;
  readonly #fetch: () => Reason;
  #whole: Reason | undefined;

  constructor(host: Host, code: string, names: Names, w: readonly number[], at: number) {
    this.code = code;
    this.#fetch = () => named(host.reason(w[0]!, w.slice(at, at + 6)), names);
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
