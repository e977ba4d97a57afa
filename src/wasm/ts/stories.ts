// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.
import type { Reason } from './types.js';

/** What became of a campaign. */
export interface CampaignTrace {
  /** What it took off in all. */
  readonly amount: number;
  /** Whether it applied. */
  readonly applied: boolean;
  /** The code that brought it, as typed. */
  readonly code?: string;
  /** Where the best combination left it out: what was saved without it, and at most with it. */
  readonly deal?: Deal;
  /** What its discounts did, one after the other. */
  readonly discounts: readonly DiscountTrace[];
  /** Where others save more: the campaigns that apply in its place. */
  readonly lostTo?: readonly string[];
  /** The points it gave. */
  readonly points: number;
  /** Why it did not apply. */
  readonly reasons: readonly Reason[];
  /** The campaign. */
  readonly redeemable: string;
}

/** What a discount took of a charge for shipping. */
export interface ChargeShareTrace {
  /** What is left of it. */
  readonly after: number;
  /** What was left of it. */
  readonly before: number;
  /** The charge of the request. */
  readonly shipping: string;
  /** What was taken. */
  readonly taken: number;
}

/** A charge for shipping. */
export interface ChargeTrace {
  /** The charge of the request. */
  readonly id: string;
  /** What it was before discounts. */
  readonly price: number;
  /** Who took what of it, in order. */
  readonly steps: readonly StepTrace[];
  /** What it is. */
  readonly total: number;
}

/** Something was cut. */
export interface CutTrace {
  /** `cap`: the most that the discount takes; `floor`: the lowest price of units. */
  readonly by: string;
  /** What it was. */
  readonly from: number;
  /** The lines of the request, where it was the share of a line. */
  readonly lines?: readonly string[];
  /** What it is. */
  readonly to: number;
}

/** Two combinations of campaigns. */
export interface Deal {
  /** What the combination that applied saves. */
  readonly saved: number;
  /** What the best combination with this campaign would save; absent where it fits into none. */
  readonly savedWithIt?: number;
}

/** What a discount did. */
export interface DiscountTrace {
  /** What cut it. */
  readonly cuts?: readonly CutTrace[];
  /** Units that earlier discounts had used up. */
  readonly gone?: readonly UnitCount[];
  /** Whether it was measured on original prices instead of what is left. */
  readonly onOriginal: boolean;
  /** Rates that were rounded, in order. */
  readonly rounded?: readonly RoundingTrace[];
  /** What it took of lines. */
  readonly shares?: readonly ShareTrace[];
  /** What it took of charges for shipping. */
  readonly shipping?: readonly ChargeShareTrace[];
  /** The amount that was spread over the shares, and the sum of their weights. */
  readonly spread?: SpreadTrace;
  /** Units that are used up for later discounts. */
  readonly usedUp?: readonly UnitCount[];
}

/** A line, unit by unit. */
export interface LineTrace {
  /** The line of the request. */
  readonly id: string;
  /** Runs of units of which the same was taken, those that cost least first. */
  readonly units: readonly UnitsTrace[];
}

/** What is paid back. Amounts are in minor units of the order's currency. */
export interface Refund {
  /** What is paid back now: the sum over `lines` and `shipping`, and `released`. */
  readonly amount: number;
  /** What earlier returns were paid. */
  readonly before: number;
  /** The campaigns of the order, in order of application. */
  readonly campaigns: readonly RefundCampaign[];
  /** The order's currency. */
  readonly currency: string;
  /** Whether the search for the best part of the return reached its bound; it then paid more rather than less. */
  readonly isBounded: boolean;
  /** The lines that units are returned of, in the order of the request. */
  readonly lines: readonly RefundLine[];
  /** What was paid for the order. */
  readonly paid: number;
  /** Where the money goes. */
  readonly payments: readonly RefundPayment[];
  /** Points to take back now; below zero where an earlier return took back more than is still due. */
  readonly points: number;
  /** What was withheld at earlier returns and is paid back now. */
  readonly released: number;
  /** The charges for shipping that are paid back. */
  readonly shipping: readonly RefundShipping[];
  /**
   * What is withheld of all returns so far, because campaigns would not give for the units that are kept what they
   * gave.
   */
  readonly withheld: number;
}

/** What becomes of a campaign of the order. */
export interface RefundCampaign {
  /** What it took off the units that are kept, and off shipping. */
  readonly given: number;
  /** What it does when units are returned. */
  readonly policy: string;
  /** Whether it applies to the units that are kept, evaluated again; not so when none is. */
  readonly qualifies: boolean;
  /** The campaign. */
  readonly redeemable: string;
  /** What it takes off them, evaluated again. */
  readonly reevaluated: number;
}

/** Units of a line that come back. */
export interface RefundLine {
  /** What is paid back for them. */
  readonly amount: number;
  /** The line of the order's request. */
  readonly id: string;
  /** How many are still kept. */
  readonly kept: number;
  /** How many units come back now. */
  readonly quantity: number;
  /** Runs of equal units, those that cost least first. */
  readonly units: readonly RefundUnits[];
}

/** A way that the order was paid. */
export interface RefundPayment {
  /** What goes back there. */
  readonly amount: number;
  /** The place of the payment in the order's request; absent for what was due at the end. */
  readonly payment?: number;
}

/** A charge for shipping. */
export interface RefundShipping {
  /** What is paid back. */
  readonly amount: number;
  /** The charge of the order's request. */
  readonly id: string;
}

/** Units that cost the same and are paid back the same. */
export interface RefundUnits {
  /** What is paid back for each. */
  readonly amount: number;
  /** How many. */
  readonly count: number;
  /** What each of them cost. */
  readonly paid: number;
}

/** Units of a line that come back. */
export interface ReturnedUnits {
  /** The line of the order's request. */
  readonly line: string;
  /** How many units of it. */
  readonly quantity: number;
}

/** A rate, rounded. */
export interface RoundingTrace {
  /** The share as a decimal of minor units, up to six places: `124.875`. */
  readonly exact: string;
  /** `half_up`, `half_down`, `half_even`, `up` or `down`. */
  readonly mode: string;
  /** Of what. */
  readonly of: number;
  /** The rate in percent, as a decimal: `12.5`. */
  readonly percent: string;
  /** What it was rounded to. */
  readonly to: number;
}

/** What a discount took of a line. */
export interface ShareTrace {
  /** What is left of the line. */
  readonly after: number;
  /** How the units bear it: `in_proportion` to what is left of them, `each` so much, or `down_to` so much each. */
  readonly bearing: string;
  /** What was left of the line. */
  readonly before: number;
  /** How much each, or down to how much, where not in proportion. */
  readonly each?: number;
  /** The share of the spread amount before whole minor units were allotted, as a decimal up to six places. */
  readonly exact?: string;
  /** From which units: `all`, `cheapest` or `dearest`. */
  readonly from: string;
  /** The lines of the request; several where they are the same product at the same price, and priced as one. */
  readonly lines: readonly string[];
  /** What was offered; more than was taken where no more was left. */
  readonly offered: number;
  /** What was taken. */
  readonly taken: number;
  /** How many units, when not all. */
  readonly units?: number;
  /** Its weight, where an amount was spread. */
  readonly weight?: number;
}

/** An amount that was spread. */
export interface SpreadTrace {
  /** How much. */
  readonly amount: number;
  /** The weights of the shares: what is left of them, or units. */
  readonly weights: readonly number[];
}

/** What a campaign took of a unit, or of a charge. */
export interface StepTrace {
  /** What is left. */
  readonly after: number;
  /** What was left before. */
  readonly before: number;
  /** The campaign. */
  readonly redeemable: string;
  /** What it took. */
  readonly taken: number;
}

/** How a quote came about. Amounts are in minor units of the request's currency. */
export interface Trace {
  /** The campaigns, in order of application: those that applied and, each in its place, those that did not. */
  readonly campaigns: readonly CampaignTrace[];
  /** The request's currency. */
  readonly currency: string;
  /** The lines as sent, unit by unit. */
  readonly lines: readonly LineTrace[];
  /** The charges for shipping as sent. */
  readonly shipping: readonly ChargeTrace[];
}

/** Units of a line. */
export interface UnitCount {
  /** The lines of the request; several where they are the same product at the same price, and priced as one. */
  readonly lines: readonly string[];
  /** How many units. */
  readonly units: number;
}

/** Units of which the same was taken. */
export interface UnitsTrace {
  /** How many. */
  readonly count: number;
  /** What each of them cost before discounts. */
  readonly price: number;
  /** Who took what of each, in order. */
  readonly steps: readonly StepTrace[];
  /** What each of them costs. */
  readonly total: number;
}
