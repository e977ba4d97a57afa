import {
  ANSWER_APPLIED_COUNT,
  ANSWER_DISCOUNT_TOTAL,
  ANSWER_DUE,
  ANSWER_EARNED_COUNT,
  ANSWER_HINT_COUNT,
  ANSWER_LINE_COUNT,
  ANSWER_POINTS,
  ANSWER_REFUSED_COUNT,
  ANSWER_SHIPPING_COUNT,
  ANSWER_SHIPPING_TOTAL,
  ANSWER_SLOTS,
  ANSWER_SUBTOTAL,
  ANSWER_TOTAL,
  APPLIED_AMOUNT,
  APPLIED_CODE,
  APPLIED_PROMOTION,
  APPLIED_SHARE_COUNT,
  APPLIED_SHIPPING_SHARE_COUNT,
  APPLIED_SLOTS,
  HINT_ACTUAL,
  HINT_IS_MONEY,
  HINT_IS_SPEND,
  HINT_LINE,
  HINT_PROMOTION,
  HINT_REQUIRED,
  HINT_SLOTS,
  HINT_STEP,
  HINT_WORTH,
  REASON_KIND,
  REASON_SLOTS,
  REASONS,
  REFUSED_CODE,
  REFUSED_PROMOTION,
  REFUSED_REASON_COUNT,
  REFUSED_SLOTS,
  REFUSED_STATUS,
  STATUSES,
} from './generated.js';
import type { Names } from './encoder.js';
import type { FixBy, Place } from './error.js';
import type { Description, Host } from './live.js';
import type { Hint, Outcome, Quote, QuoteLine, QuoteShipping, Reason, UnitRun } from './types.js';

const NOTHING: readonly never[] = Object.freeze([]);
const CHECKS = [[], ['redemption_limit'], ['customer_limit'], ['redemption_limit', 'customer_limit']] as const;

/** A quote over its flat answer: totals at once, the rest when it is asked for. */
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
  readonly #w: Float64Array;
  #lines: QuoteLine[] | undefined;
  #outcomes: Outcome[] | undefined;
  // where earned points begin; known when the outcomes have been read
  #after = 0;

  constructor(host: Host, description: Description, currency: string, names: Names, answer: Float64Array) {
    this.#host = host;
    this.#description = description;
    this.#names = names;
    this.#w = answer;
    this.currency = currency;
    this.subtotal = answer[ANSWER_SUBTOTAL]!;
    this.discountTotal = answer[ANSWER_DISCOUNT_TOTAL]!;
    this.shippingTotal = answer[ANSWER_SHIPPING_TOTAL]!;
    this.total = answer[ANSWER_TOTAL]!;
    this.due = answer[ANSWER_DUE]!;
    this.points = answer[ANSWER_POINTS]!;
  }

  get lines(): readonly QuoteLine[] {
    if (this.#lines !== undefined) return this.#lines;
    const w = this.#w;
    const ids = this.#names.lines;
    const lines = new Array<QuoteLine>(w[ANSWER_LINE_COUNT]!);
    const runs = this.#names.include & 2 ? this.#units(lines.length) : undefined;
    for (let i = 0, p = ANSWER_SLOTS; i < lines.length; i++, p += 2) {
      const subtotal = w[p]!;
      const discount = w[p + 1]!;
      const line = { id: ids[i]!, subtotal, discount, total: subtotal - discount };
      lines[i] = runs === undefined ? line : { ...line, units: runs[i]! };
    }
    return (this.#lines = lines);
  }

  get shipping(): readonly QuoteShipping[] {
    const w = this.#w;
    const charges: QuoteShipping[] = [];
    let p = ANSWER_SLOTS + 2 * w[ANSWER_LINE_COUNT]!;
    for (const id of this.#names.shipping) {
      charges.push({ id, price: w[p]!, discount: w[p + 1]!, total: w[p]! - w[p + 1]! });
      p += 2;
    }
    return charges;
  }

  get outcomes(): readonly Outcome[] {
    if (this.#outcomes !== undefined) return this.#outcomes;
    const w = this.#w;
    const { lines, shipping, codes } = this.#names;
    const { campaigns, limited } = this.#description;
    const applied = w[ANSWER_APPLIED_COUNT]!;
    const refused = w[ANSWER_REFUSED_COUNT]!;
    const outcomes = new Array<Outcome>(applied + refused);
    let p = ANSWER_SLOTS + 2 * (w[ANSWER_LINE_COUNT]! + w[ANSWER_SHIPPING_COUNT]!);
    for (let i = 0; i < applied; i++) {
      const promotion = w[p + APPLIED_PROMOTION]!;
      const code = w[p + APPLIED_CODE]!;
      const discount = w[p + APPLIED_AMOUNT]!;
      const shares = w[p + APPLIED_SHARE_COUNT]!;
      const charges = w[p + APPLIED_SHIPPING_SHARE_COUNT]!;
      p += APPLIED_SLOTS;
      const allocations = new Array<{ line: string; amount: number }>(shares);
      for (let k = 0; k < shares; k++, p += 2) allocations[k] = { line: lines[w[p]!]!, amount: w[p + 1]! };
      const shippingAllocations = charges === 0 ? NOTHING : new Array<{ shipping: string; amount: number }>(charges);
      for (let k = 0; k < charges; k++, p += 2) {
        (shippingAllocations as { shipping: string; amount: number }[])[k] = { shipping: shipping[w[p]!]!, amount: w[p + 1]! };
      }
      const redeemable = campaigns[promotion]!;
      const openChecks = CHECKS[limited[promotion]!]!;
      const rest = { status: 'applied' as const, discount, allocations, shippingAllocations, openChecks, reasons: NOTHING };
      outcomes[i] = code < 0 ? { redeemable, ...rest } : { redeemable, code: codes[code]!, ...rest };
    }
    for (let i = 0; i < refused; i++) {
      const promotion = w[p + REFUSED_PROMOTION]!;
      const code = codes[w[p + REFUSED_CODE]!]!;
      const status = STATUSES[w[p + REFUSED_STATUS]!]!;
      const reasons = new Array<Reason>(w[p + REFUSED_REASON_COUNT]!);
      p += REFUSED_SLOTS;
      for (let k = 0; k < reasons.length; k++, p += REASON_SLOTS) {
        reasons[k] = new ReasonView(this.#host, this.#names.currency, promotion, w.subarray(p, p + REASON_SLOTS));
      }
      const rest = { code, status, discount: 0, allocations: NOTHING, shippingAllocations: NOTHING, openChecks: NOTHING, reasons };
      outcomes[applied + i] = promotion < 0 ? rest : { redeemable: campaigns[promotion]!, ...rest };
    }
    this.#after = p;
    return (this.#outcomes = outcomes);
  }

  get earned(): readonly { readonly redeemable: string; readonly points: number }[] {
    const w = this.#w;
    const earned = [];
    for (let i = 0, p = this.#earnedFrom(); i < w[ANSWER_EARNED_COUNT]!; i++, p += 2) {
      earned.push({ redeemable: this.#campaign(w[p]!), points: w[p + 1]! });
    }
    return earned;
  }

  get hints(): readonly Hint[] {
    const w = this.#w;
    const hints: Hint[] = [];
    for (let i = 0, p = this.#hintsFrom(); i < w[ANSWER_HINT_COUNT]!; i++, p += HINT_SLOTS) {
      const size = w[p + HINT_STEP]!;
      const line = w[p + HINT_LINE]!;
      hints.push({
        redeemable: this.#campaign(w[p + HINT_PROMOTION]!),
        step:
          w[p + HINT_IS_SPEND] === 1
            ? { type: 'spend', amount: size }
            : { type: 'add_units', units: size, ...(line >= 0 && { line: this.#names.lines[line]! }) },
        worth: w[p + HINT_WORTH]!,
        measure: w[p + HINT_IS_MONEY] === 1 ? 'amount' : 'quantity',
        required: w[p + HINT_REQUIRED]!,
        actual: w[p + HINT_ACTUAL]!,
      });
    }
    return hints;
  }

  #units(lines: number): UnitRun[][] {
    const w = this.#w;
    let p = this.#hintsFrom() + HINT_SLOTS * w[ANSWER_HINT_COUNT]!;
    const all: UnitRun[][] = [];
    for (let i = 0; i < lines; i++) {
      const runs: UnitRun[] = [];
      for (let left = w[p++]!; left > 0; left--) {
        const [count, total, takers] = [w[p]!, w[p + 1]!, w[p + 2]!];
        p += 3;
        const allocations = [];
        for (let k = 0; k < takers; k++, p += 2) {
          allocations.push({ redeemable: this.#campaign(w[p]!), amount: w[p + 1]! });
        }
        runs.push({ count, total, allocations });
      }
      all.push(runs);
    }
    return all;
  }

  #campaign(index: number): string {
    return this.#description.campaigns[index]!;
  }

  #earnedFrom(): number {
    if (this.#outcomes === undefined) void this.outcomes;
    return this.#after;
  }

  #hintsFrom(): number {
    return this.#earnedFrom() + 2 * this.#w[ANSWER_EARNED_COUNT]!;
  }

  /** The whole quote as plain data; the same as the door for bytes writes. */
  toJSON(): Quote {
    const { currency, subtotal, discountTotal, shippingTotal, total, due, points, lines, shipping, outcomes, earned } = this;
    const whole = { currency, subtotal, discountTotal, shippingTotal, total, due, points, lines, shipping, outcomes, earned };
    return this.#names.include & 1 ? { ...whole, hints: this.hints } : whole;
  }
}

/** A reason whose words are fetched when they are asked for. */
class ReasonView implements Reason {
  readonly code: string;
  readonly #host: Host;
  readonly #currency: number;
  readonly #promotion: number;
  readonly #w: Float64Array;
  #whole: Reason | undefined;

  constructor(host: Host, currency: number, promotion: number, reason: Float64Array) {
    this.#host = host;
    this.#currency = currency;
    this.#promotion = promotion;
    this.#w = reason;
    this.code = REASONS[reason[REASON_KIND]!]!;
  }

  #read(): Reason {
    return (this.#whole ??= this.#fetch());
  }

  #fetch(): Reason {
    try {
      return JSON.parse(this.#host.live().reason(this.#currency, this.#promotion, this.#w)) as Reason;
    } catch (error) {
      throw this.#host.failed(error);
    }
  }

  get message(): string {
    return this.#read().message;
  }
  get help(): string {
    return this.#read().help;
  }
  get fixBy(): FixBy {
    return this.#read().fixBy;
  }
  get at(): Place {
    return this.#read().at as Place;
  }
  get params(): Readonly<Record<string, number | string>> {
    return this.#read().params;
  }
  toJSON(): Reason {
    return this.#read();
  }
}
