// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.
import type { Names } from './encoder.js';
import type { FixBy, Place } from './error.js';
import type { Description, Host } from './live.js';
import type { AddUnitsStep, Allocation, EarnedPoints, Gift, GiftLine, GiftProduct, GiftSku, Hint, Outcome, Quote, QuoteCashRounding, QuoteLine, QuotePayment, QuoteShipping, Reason, ReplacedUnits, ShippingAllocation, SpendStep, Tax, TaxOfRate, Taxes, UnitAllocation, UnitRun } from './types.js';

const NOTHING: readonly never[] = Object.freeze([]);

/** Leaves out what is not there. */
function pruned<T extends object>(given: object): T {
  const there = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as T;
}
const STATUS = ['applied', 'inapplicable', 'skipped', 'dormant', 'deferred'] as const;
const OPEN_CHECKS = [[], ['redemption_limit'], ['customer_limit'], ['redemption_limit', 'customer_limit']] as const;
const MEASURE = ['amount', 'quantity'] as const;
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
      reasons53[i55] = new ReasonView(host, reasons[w[p]!]!, w, p);
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
    let step65: SpendStep | AddUnitsStep;
    if (w[p++] === 0) {
      const amount66 = w[p++]!;
      step65 = { type: 'spend', amount: amount66 };
    } else {
      const units67 = w[p++]!;
      const at69 = w[p++]!;
      const line68 = at69 < 0 ? undefined : names.lines[at69]!;
      step65 = line68 === undefined ? { type: 'add_units', units: units67 } : { type: 'add_units', units: units67, line: line68 };
    }
    const worth70 = w[p++]!;
    const measure71 = MEASURE[w[p++]!]!;
    const required72 = w[p++]!;
    const actual73 = w[p++]!;
    hints61![i63] = { redeemable: redeemable64, step: step65, worth: worth70, measure: measure71, required: required72, actual: actual73 };
  }
  const count75 = w[p++]!;
  const gifts74 = count75 > 0 ? new Array<Gift>(count75) : NOTHING as never[];
  for (let i76 = 0; i76 < count75; i76++) {
    const redeemable77 = campaigns[w[p++]!]!;
    const state78 = STATE[w[p++]!]!;
    let product79: GiftSku | GiftProduct;
    if (w[p++] === 0) {
      const id80 = words[2 * w[p++]! - 1] as string;
      product79 = { type: 'sku', id: id80 };
    } else {
      const id81 = words[2 * w[p++]! - 1] as string;
      product79 = { type: 'product', id: id81 };
    }
    const quantity82 = w[p++]!;
    const unitPrice83 = w[p++]!;
    const worth84 = w[p++]!;
    const choice85 = w[p++]!;
    const choose86 = w[p++]!;
    const count88 = w[p++]!;
    const replaces87 = count88 > 0 ? new Array<ReplacedUnits>(count88) : NOTHING as never[];
    for (let i89 = 0; i89 < count88; i89++) {
      const line90 = names.lines[w[p++]!]!;
      const units91 = w[p++]!;
      replaces87[i89] = { line: line90, units: units91 };
    }
    gifts74[i76] = { redeemable: redeemable77, state: state78, product: product79, quantity: quantity82, unitPrice: unitPrice83, worth: worth84, choice: choice85, choose: choose86, replaces: replaces87 };
  }
  const count93 = w[p++]!;
  const giftLines92 = count93 > 0 ? new Array<GiftLine>(count93) : NOTHING as never[];
  for (let i94 = 0; i94 < count93; i94++) {
    const line95 = names.lines[w[p++]!]!;
    const at97 = w[p++]!;
    const redeemable96 = at97 < 0 ? undefined : campaigns[at97]!;
    const given98 = w[p++]!;
    const charged99 = w[p++]!;
    const count101 = w[p++]!;
    const reasons100 = count101 > 0 ? new Array<Reason>(count101) : NOTHING as never[];
    for (let i102 = 0; i102 < count101; i102++, p += 6) {
      reasons100[i102] = new ReasonView(host, reasons[w[p]!]!, w, p);
    }
    giftLines92[i94] = redeemable96 === undefined ? { line: line95, given: given98, charged: charged99, reasons: reasons100 } : { line: line95, redeemable: redeemable96, given: given98, charged: charged99, reasons: reasons100 };
  }
  const count104 = w[p++]!;
  const payments103 = count104 > 0 ? new Array<QuotePayment>(count104) : count104 < 0 ? undefined : NOTHING as never[];
  for (let i105 = 0; i105 < count104; i105++) {
    const index106 = w[p++]!;
    const at108 = w[p++]!;
    const id107 = at108 < 0 ? undefined : names.payments[at108]!;
    const status109 = STATUS_2[w[p++]!]!;
    const amount110 = w[p++]!;
    const slot112 = w[p++]!;
    const points111 = slot112 < 0 ? undefined : slot112;
    const slot114 = w[p++]!;
    const left113 = slot114 < 0 ? undefined : slot114;
    const count116 = w[p++]!;
    const allocations115 = count116 > 0 ? new Array<Allocation>(count116) : NOTHING as never[];
    for (let i117 = 0; i117 < count116; i117++) {
      const line118 = names.lines[w[p++]!]!;
      const amount119 = w[p++]!;
      allocations115[i117] = { line: line118, amount: amount119 };
    }
    const count121 = w[p++]!;
    const shippingAllocations120 = count121 > 0 ? new Array<ShippingAllocation>(count121) : NOTHING as never[];
    for (let i122 = 0; i122 < count121; i122++) {
      const shipping123 = names.shipping[w[p++]!]!;
      const amount124 = w[p++]!;
      shippingAllocations120[i122] = { shipping: shipping123, amount: amount124 };
    }
    const count126 = w[p++]!;
    const reasons125 = count126 > 0 ? new Array<Reason>(count126) : NOTHING as never[];
    for (let i127 = 0; i127 < count126; i127++, p += 6) {
      reasons125[i127] = new ReasonView(host, reasons[w[p]!]!, w, p);
    }
    payments103![i105] = id107 === undefined && points111 === undefined && left113 === undefined ? { index: index106, status: status109, amount: amount110, allocations: allocations115, shippingAllocations: shippingAllocations120, reasons: reasons125 } : pruned({ index: index106, id: id107, status: status109, amount: amount110, points: points111, left: left113, allocations: allocations115, shippingAllocations: shippingAllocations120, reasons: reasons125 });
  }
  let cashRounding128: QuoteCashRounding | undefined;
  if (w[p++]! >= 0) {
    const to129 = w[p++]!;
    const amount130 = w[p++]!;
    cashRounding128 = { to: to129, amount: amount130 };
  }
  let taxes131: Taxes | undefined;
  if (w[p++]! >= 0) {
    const net132 = w[p++]!;
    const tax133 = w[p++]!;
    const gross134 = w[p++]!;
    const count136 = w[p++]!;
    const rates135 = count136 > 0 ? new Array<TaxOfRate>(count136) : NOTHING as never[];
    for (let i137 = 0; i137 < count136; i137++) {
      const rate138 = w[p++]!;
      const net139 = w[p++]!;
      const tax140 = w[p++]!;
      rates135[i137] = { rate: rate138, net: net139, tax: tax140 };
    }
    taxes131 = { net: net132, tax: tax133, gross: gross134, rates: rates135 };
  }
  return hints61 === undefined && payments103 === undefined && cashRounding128 === undefined && taxes131 === undefined ? { lines: lines1, shipping: shipping22, outcomes: outcomes33, earned: earned56, gifts: gifts74, giftLines: giftLines92 } : pruned({ lines: lines1, shipping: shipping22, outcomes: outcomes33, earned: earned56, hints: hints61, gifts: gifts74, giftLines: giftLines92, payments: payments103, cashRounding: cashRounding128, taxes: taxes131 });
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
    return (this.#rest ??= read(this.#host, this.#description, this.#names, this.#w));
  }

  /** The whole quote as plain data; the same as the door for bytes writes. */
  toJSON(): Quote {
    const { currency, subtotal, discountTotal, shippingTotal, total, due, points } = this;
    const { lines, shipping, outcomes, earned, hints, gifts, giftLines, payments, cashRounding, taxes } = this.#read();
    return hints === undefined && payments === undefined && cashRounding === undefined && taxes === undefined ? { currency: currency, subtotal: subtotal, discountTotal: discountTotal, shippingTotal: shippingTotal, total: total, due: due, points: points, lines: lines, shipping: shipping, outcomes: outcomes, earned: earned, gifts: gifts, giftLines: giftLines } : pruned({ currency: currency, subtotal: subtotal, discountTotal: discountTotal, shippingTotal: shippingTotal, total: total, due: due, points: points, lines: lines, shipping: shipping, outcomes: outcomes, earned: earned, hints: hints, gifts: gifts, giftLines: giftLines, payments: payments, cashRounding: cashRounding, taxes: taxes });
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
