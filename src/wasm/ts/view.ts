// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.
import type { Answer } from './answer.js';
import type { Names } from './encoder.js';
import type { FixBy, Place } from './error.js';
import type { Description, Host, Live } from './live.js';
import type { Allocation, EarnedPoints, Gift, GiftLine, GiftProduct, GiftSku, Hint, Outcome, Quote, QuoteCashRounding, QuoteLine, QuotePayment, QuoteShipping, Reason, ReplacedUnits, ShippingAllocation, Step, Tax, TaxOfRate, Taxes, UnitAllocation, UnitRun, Variant } from './types.js';

const NOTHING: readonly never[] = Object.freeze([]);

/** Leaves out what is not there. */
function pruned<T extends object>(given: object): T {
  const there = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as T;
}
const STATUS = ['applied', 'inapplicable', 'skipped', 'dormant', 'deferred'] as const;
const OPEN_CHECKS = [[], ['redemption_limit'], ['customer_limit'], ['redemption_limit', 'customer_limit'], ['period_limit'], ['redemption_limit', 'period_limit'], ['customer_limit', 'period_limit'], ['redemption_limit', 'customer_limit', 'period_limit'], ['budget'], ['redemption_limit', 'budget'], ['customer_limit', 'budget'], ['redemption_limit', 'customer_limit', 'budget'], ['period_limit', 'budget'], ['redemption_limit', 'period_limit', 'budget'], ['customer_limit', 'period_limit', 'budget'], ['redemption_limit', 'customer_limit', 'period_limit', 'budget']] as const;
const NOTICES = [[], ['search_bound_reached']] as const;
const MEASURE = ['amount', 'quantity', 'step', 'lines'] as const;
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
function read(host: Host, { campaigns, dimensions, levels, reasons, words }: Description, answer: Answer): Rest {
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
  const at62 = w[p++]!;
  const level61 = at62 < 0 ? undefined : levels[at62]!;
  const notices63 = NOTICES[w[p++]!]!;
  const count65 = w[p++]!;
  const hints64 = count65 > 0 ? new Array<Hint>(count65) : count65 < 0 ? undefined : NOTHING as never[];
  for (let i66 = 0; i66 < count65; i66++) {
    const redeemable67 = campaigns[w[p++]!]!;
    const count69 = w[p++]!;
    const steps68 = count69 > 0 ? new Array<Step>(count69) : NOTHING as never[];
    for (let i70 = 0; i70 < count69; i70++, p += 6) {
      steps68[i70] = new ReasonView(host, reasons[w[p]!]!, names, w, p) as Reason as Step;
    }
    const worth71 = w[p++]!;
    const saves72 = w[p++]!;
    const points73 = w[p++]!;
    const at75 = w[p++]!;
    const effort74 = at75 < 0 ? undefined : at75;
    const measure76 = MEASURE[w[p++]!]!;
    const required77 = w[p++]!;
    const actual78 = w[p++]!;
    hints64![i66] = effort74 === undefined ? { redeemable: redeemable67, steps: steps68, worth: worth71, saves: saves72, points: points73, measure: measure76, required: required77, actual: actual78 } : { redeemable: redeemable67, steps: steps68, worth: worth71, saves: saves72, points: points73, effort: effort74, measure: measure76, required: required77, actual: actual78 };
  }
  const count80 = w[p++]!;
  const gifts79 = count80 > 0 ? new Array<Gift>(count80) : NOTHING as never[];
  for (let i81 = 0; i81 < count80; i81++) {
    const redeemable82 = campaigns[w[p++]!]!;
    const state83 = STATE[w[p++]!]!;
    let product84: GiftSku | GiftProduct;
    if (w[p++] === 0) {
      const id85 = words[2 * w[p++]! - 1] as string;
      product84 = { type: 'sku', id: id85 };
    } else {
      const id86 = words[2 * w[p++]! - 1] as string;
      product84 = { type: 'product', id: id86 };
    }
    const quantity87 = w[p++]!;
    const unitPrice88 = w[p++]!;
    const worth89 = w[p++]!;
    const choice90 = w[p++]!;
    const choose91 = w[p++]!;
    const count93 = w[p++]!;
    const replaces92 = count93 > 0 ? new Array<ReplacedUnits>(count93) : NOTHING as never[];
    for (let i94 = 0; i94 < count93; i94++) {
      const line95 = names.lines[w[p++]!]!;
      const units96 = w[p++]!;
      replaces92[i94] = { line: line95, units: units96 };
    }
    gifts79[i81] = { redeemable: redeemable82, state: state83, product: product84, quantity: quantity87, unitPrice: unitPrice88, worth: worth89, choice: choice90, choose: choose91, replaces: replaces92 };
  }
  const count98 = w[p++]!;
  const giftLines97 = count98 > 0 ? new Array<GiftLine>(count98) : NOTHING as never[];
  for (let i99 = 0; i99 < count98; i99++) {
    const line100 = names.lines[w[p++]!]!;
    const at102 = w[p++]!;
    const redeemable101 = at102 < 0 ? undefined : campaigns[at102]!;
    const given103 = w[p++]!;
    const charged104 = w[p++]!;
    const count106 = w[p++]!;
    const reasons105 = count106 > 0 ? new Array<Reason>(count106) : NOTHING as never[];
    for (let i107 = 0; i107 < count106; i107++, p += 6) {
      reasons105[i107] = new ReasonView(host, reasons[w[p]!]!, names, w, p);
    }
    giftLines97[i99] = redeemable101 === undefined ? { line: line100, given: given103, charged: charged104, reasons: reasons105 } : { line: line100, redeemable: redeemable101, given: given103, charged: charged104, reasons: reasons105 };
  }
  const count109 = w[p++]!;
  const payments108 = count109 > 0 ? new Array<QuotePayment>(count109) : count109 < 0 ? undefined : NOTHING as never[];
  for (let i110 = 0; i110 < count109; i110++) {
    const index111 = w[p++]!;
    const at113 = w[p++]!;
    const id112 = at113 < 0 ? undefined : names.payments[at113]!;
    const status114 = STATUS_2[w[p++]!]!;
    const amount115 = w[p++]!;
    const at117 = w[p++]!;
    const points116 = at117 < 0 ? undefined : at117;
    const at119 = w[p++]!;
    const left118 = at119 < 0 ? undefined : at119;
    const count121 = w[p++]!;
    const allocations120 = count121 > 0 ? new Array<Allocation>(count121) : NOTHING as never[];
    for (let i122 = 0; i122 < count121; i122++) {
      const line123 = names.lines[w[p++]!]!;
      const amount124 = w[p++]!;
      allocations120[i122] = { line: line123, amount: amount124 };
    }
    const count126 = w[p++]!;
    const shippingAllocations125 = count126 > 0 ? new Array<ShippingAllocation>(count126) : NOTHING as never[];
    for (let i127 = 0; i127 < count126; i127++) {
      const shipping128 = names.shipping[w[p++]!]!;
      const amount129 = w[p++]!;
      shippingAllocations125[i127] = { shipping: shipping128, amount: amount129 };
    }
    const count131 = w[p++]!;
    const reasons130 = count131 > 0 ? new Array<Reason>(count131) : NOTHING as never[];
    for (let i132 = 0; i132 < count131; i132++, p += 6) {
      reasons130[i132] = new ReasonView(host, reasons[w[p]!]!, names, w, p);
    }
    payments108![i110] = id112 === undefined && points116 === undefined && left118 === undefined ? { index: index111, status: status114, amount: amount115, allocations: allocations120, shippingAllocations: shippingAllocations125, reasons: reasons130 } : pruned({ index: index111, id: id112, status: status114, amount: amount115, points: points116, left: left118, allocations: allocations120, shippingAllocations: shippingAllocations125, reasons: reasons130 });
  }
  let cashRounding133: QuoteCashRounding | undefined;
  if (w[p++]! >= 0) {
    const to134 = w[p++]!;
    const amount135 = w[p++]!;
    cashRounding133 = { to: to134, amount: amount135 };
  }
  let taxes136: Taxes | undefined;
  if (w[p++]! >= 0) {
    const net137 = w[p++]!;
    const tax138 = w[p++]!;
    const gross139 = w[p++]!;
    const count141 = w[p++]!;
    const rates140 = count141 > 0 ? new Array<TaxOfRate>(count141) : NOTHING as never[];
    for (let i142 = 0; i142 < count141; i142++) {
      const rate143 = w[p++]!;
      const net144 = w[p++]!;
      const tax145 = w[p++]!;
      rates140[i142] = { rate: rate143, net: net144, tax: tax145 };
    }
    taxes136 = { net: net137, tax: tax138, gross: gross139, rates: rates140 };
  }
  const count147 = w[p++]!;
  const variants146 = count147 > 0 ? new Array<Variant>(count147) : count147 < 0 ? undefined : NOTHING as never[];
  for (let i148 = 0; i148 < count147; i148++) {
    const experiment149 = dimensions[2 * w[p++]! + 1] as string;
    const variant150 = words[2 * w[p++]! - 1] as string;
    variants146![i148] = { experiment: experiment149, variant: variant150 };
  }
  return level61 === undefined && hints64 === undefined && payments108 === undefined && cashRounding133 === undefined && taxes136 === undefined && variants146 === undefined ? { lines: lines1, shipping: shipping22, outcomes: outcomes33, earned: earned56, notices: notices63, gifts: gifts79, giftLines: giftLines97 } : pruned({ lines: lines1, shipping: shipping22, outcomes: outcomes33, earned: earned56, level: level61, notices: notices63, hints: hints64, gifts: gifts79, giftLines: giftLines97, payments: payments108, cashRounding: cashRounding133, taxes: taxes136, variants: variants146 });
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

  get level(): string | undefined {
    return this.#read().level;
  }

  get notices(): readonly ('search_bound_reached')[] {
    return this.#read().notices;
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

  get variants(): readonly Variant[] {
    return this.#read().variants ?? NOTHING;
  }

  #read(): Rest {
    return (this.#rest ??= read(this.#host, this.#description, this.#answer));
  }

  /** The whole quote as plain data; the same as the door for bytes writes. */
  toJSON(): Quote {
    const { currency, subtotal, discountTotal, shippingTotal, total, due, points } = this;
    const { lines, shipping, outcomes, earned, level, notices, hints, gifts, giftLines, payments, cashRounding, taxes, variants } = this.#read();
    return level === undefined && hints === undefined && payments === undefined && cashRounding === undefined && taxes === undefined && variants === undefined ? { currency: currency, subtotal: subtotal, discountTotal: discountTotal, shippingTotal: shippingTotal, total: total, due: due, points: points, lines: lines, shipping: shipping, outcomes: outcomes, earned: earned, notices: notices, gifts: gifts, giftLines: giftLines } : pruned({ currency: currency, subtotal: subtotal, discountTotal: discountTotal, shippingTotal: shippingTotal, total: total, due: due, points: points, lines: lines, shipping: shipping, outcomes: outcomes, earned: earned, level: level, notices: notices, hints: hints, gifts: gifts, giftLines: giftLines, payments: payments, cashRounding: cashRounding, taxes: taxes, variants: variants });
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
