// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.
import type { FixBy, Place } from './error.js';

/** A cart and what is known around it. Members that the format does not know are ignored. */
export interface QuoteRequest {
  /** ISO 4217 code: `EUR`. All amounts are in its minor units. */
  currency: string;
  /** Decimals of the currency's minor unit; default ISO 4217's. A currency that ISO does not list needs it. */
  exponent?: number | null;
  /** The moment of the quote, UTC milliseconds; default the host's clock. */
  now?: number | null;
  /** Minutes the shopper's clocks are ahead of UTC, for birthdays and the like; default 0. */
  utcOffset?: number | null;
  /** What is in the cart, at most 500. Each line has an id of its own. */
  lines: readonly Line[];
  /** Charges for shipping, at most 20. Each has an id of its own. */
  shipping?: readonly Shipping[] | null;
  /** Who buys, as far as it is known. */
  customer?: Customer | null;
  /** Codes as typed, at most 10. */
  codes?: readonly string[] | null;
  /** Country of delivery, ISO 3166-1: `IE`. */
  country?: string | null;
  /** Region of delivery, ISO 3166-2 or the shop's own: `DE-BY`. */
  region?: string | null;
  /** Postcode of delivery. Spaces, hyphens and the case of letters do not matter. */
  postcode?: string | null;
  /** Sales channel. */
  channel?: string | null;
  /** Whether prices contain tax; default `gross`. */
  prices?: 'net' | 'gross' | null;
  /** Whether tax is rounded on each line (default), or once for each rate and spread over its lines. */
  taxRounding?: 'line' | 'total' | null;
  /** Rounds what is due to the coins there are. */
  cashRounding?: CashRounding | null;
  /** Kind of device: `mobile`. */
  device?: string | null;
  /** How the order is to be paid: `card`. */
  paymentMethod?: string | null;
  /** Whether something has to be shipped. */
  needsShipping?: boolean | null;
  /** When the cart was begun, UTC milliseconds. */
  startedAt?: number | null;
  /** Anything else about the order that campaigns ask for. */
  attributes?: Attributes | null;
  /**
   * What is paid by other means, after discounts. Which are used first: those of lower `priority`, then those for
   * some lines only, then those that end first, then points, gift cards, store credit and others, then as listed.
   */
  payments?: readonly Payment[] | null;
  /** Campaigns whose gifts the shopper does not want. Gifts that are in the cart all the same are accepted. */
  declinedGifts?: readonly string[] | null;
  /** How much there is of products that may be given; enough where it is not told. */
  stock?: readonly Stock[] | null;
  /** How often campaigns were used, at most 100; as the central source tells. What is not told is an open check. */
  redemptions?: readonly Redemptions[] | null;
  /** What is spent of budgets that campaigns share, at most 100. */
  budgets?: readonly BudgetSpent[] | null;
  /** Further parts of the answer. */
  include?: readonly ('hints' | 'units' | 'taxes')[] | null;
}

/** Units of one product at one price. */
export interface Line {
  /** Names the line in the quote. */
  id: string;
  /** Stock keeping unit. Lines of the same sku (or product) and price are priced as one. */
  sku?: string | null;
  /** Product. */
  product?: string | null;
  /** Price of one unit, minor units. */
  unitPrice: number;
  /**
   * Units, 1 to 1,000,000; or a decimal text with up to four decimals, `1.25`. A line whose quantity is no whole
   * number is one piece.
   */
  quantity: number | string;
  /** Price of one unit when it is not on sale, minor units. A line whose price is below it is on sale. */
  regularPrice?: number | null;
  /** What discounts leave of the price of one unit at least, minor units. A line that costs no more takes none. */
  minPrice?: number | null;
  /** What one unit costs the shop, minor units, for campaigns' `minMargin`. */
  cost?: number | null;
  /** Tax in percent, as a decimal text: `19`, `5.5`. */
  taxRate?: number | string | null;
  /** The campaign whose gift the line is: it prices the line, and no other does. Gifts do not count as bought. */
  giftOf?: string | null;
  /** Categories the product is in. */
  categories?: readonly string[] | null;
  /** Anything else that campaigns ask for. */
  attributes?: Attributes | null;
}

/** A charge for shipping. */
export interface Shipping {
  /** The method: `standard`. */
  id: string;
  /** Minor units. */
  price: number;
  /** Tax in percent, as a decimal text. */
  taxRate?: number | string | null;
}

/** Who buys. What is not known is left out: a condition on it then does not hold. */
export interface Customer {
  /** Stable id. Experiments are assigned by it. */
  id?: string | null;
  /** Whether the customer is signed in; `false` for a guest. */
  signedIn?: boolean | null;
  /** E-mail address, when it is known. */
  email?: string | null;
  /** Segments the customer is in. */
  segments?: readonly string[] | null;
  /** Anything else that campaigns ask for. */
  attributes?: Attributes | null;
  /** `1990-02-28`, or `--02-28` without the year. */
  birthday?: string | null;
  /** UTC milliseconds. */
  signedUpAt?: number | null;
  /** Spent before this order, minor units; for levels. */
  spent?: number | null;
  /** Orders before this one. */
  orders?: OrderHistory | null;
  /** How often the customer has redeemed campaigns, by their ids. */
  redemptions?: Attributes | null;
}

/** How the amount due is rounded. */
export interface CashRounding {
  /** The smallest coin, minor units: 5. */
  to: number;
  /** What becomes of a part of it; default `half_up`. */
  mode?: 'half_up' | 'half_down' | 'up' | 'down' | null;
}

/** A payment by other means: an `amount`, or as much as is useful of a `balance`. */
export interface Payment {
  /** What with. Nothing is earned on what is paid with points. */
  type: 'points' | 'gift_card' | 'store_credit' | 'other';
  /** Names it in the quote. */
  id?: string | null;
  /** The payment method of the snapshot that says what it may be used for. */
  method?: string | null;
  /** How much shall be paid with it, minor units; with a `balance`, as much as is useful when absent. */
  amount?: number | null;
  /** The same in points, where its method exchanges points. */
  points?: number | null;
  /** What is on it: minor units, or points where its method exchanges points. */
  balance?: number | null;
  /** The currency of its balance; default the request's. */
  currency?: string | null;
  /** When it ends, UTC milliseconds. */
  expiresAt?: number | null;
  /** Lower ones are used first; default that of its method, or 100. */
  priority?: number | null;
}

/** How much there is of a product. */
export interface Stock {
  /** Its stock keeping unit. */
  sku?: string | null;
  /** Or its product. */
  product?: string | null;
  /** Units, those in the cart among them. */
  available: number;
}

/** How often a campaign was used. What is not known is left out. */
export interface Redemptions {
  /** The campaign. Those that the snapshot has not are passed over. */
  campaign: string;
  /** In all. */
  total?: number | null;
  /** By this customer. */
  byCustomer?: number | null;
  /** In this period. */
  inPeriod?: number | null;
  /** By this customer in this period. */
  byCustomerInPeriod?: number | null;
  /** What its discounts have taken of its own budget, minor units of the request's currency. */
  spent?: number | null;
  /** Units that its discounts were taken off in all. */
  units?: number | null;
  /** Units of this customer. */
  unitsByCustomer?: number | null;
}

/** What is spent of a budget that campaigns share. */
export interface BudgetSpent {
  /** The budget. Those that the snapshot has not are passed over. */
  id: string;
  /** Minor units of the request's currency. */
  spent: number;
}

/** Orders before this one. */
export interface OrderHistory {
  /** How many. */
  count?: number | null;
  /** When the last one was placed, UTC milliseconds. */
  lastAt?: number | null;
  /** What was spent on them in all, minor units of the request's currency. */
  spent?: number | null;
  /**
   * What was bought, by category or product, at most 1,000 entries. Each order counts where its products are, so do
   * not repeat a category's orders in the category above it.
   */
  bought?: readonly Bought[] | null;
}

/** Orders of one category or product. */
export interface Bought {
  /** The category. */
  category?: string | null;
  /** Or the product. */
  product?: string | null;
  /** How many orders. */
  count?: number | null;
  /** When the last one was placed, UTC milliseconds. */
  lastAt?: number | null;
  /** What was spent on it, minor units of the request's currency. */
  spent?: number | null;
}

/** The value of an attribute. */
export type AttributeValue = string | number | boolean;

/** Attributes by name. */
export interface Attributes {
  /** A value, or several. */
  [name: string]: AttributeValue | readonly AttributeValue[] | null | undefined;
}

/** The engine's answer. Amounts are in minor units of the request's currency. */
export interface Quote {
  /** The request's currency. */
  readonly currency: string;
  /** Sum of the lines at original prices. */
  readonly subtotal: number;
  /** All discounts, those on shipping included. */
  readonly discountTotal: number;
  /** Shipping before discounts. */
  readonly shippingTotal: number;
  /** `subtotal + shippingTotal - discountTotal`. */
  readonly total: number;
  /**
   * What is left to pay after `payments`, in coins where `cashRounding` is asked for. Where prices are net it
   * contains the taxes.
   */
  readonly due: number;
  /** Points this order earns. */
  readonly points: number;
  /** The lines as sent. */
  readonly lines: readonly QuoteLine[];
  /** The shipping charges as sent. */
  readonly shipping: readonly QuoteShipping[];
  /** What applied, in order; then every entered code that did not, in the order typed. */
  readonly outcomes: readonly Outcome[];
  /** Points by campaign. */
  readonly earned: readonly EarnedPoints[];
  /**
   * The level that the customer has by spending, this order included where it counts; where the request tells what was
   * spent.
   */
  readonly level?: string | undefined;
  /**
   * `search_bound_reached`: more campaigns compete than the search for the best deal goes through, so that another
   * combination may save more.
   */
  readonly notices: readonly ('search_bound_reached')[];
  /** Near misses, best worth per effort first; with `include: ['hints']`. */
  readonly hints?: readonly Hint[];
  /** What campaigns give, in the cart or not. Nothing is counted for what is not in the cart. */
  readonly gifts: readonly Gift[];
  /** What became of the lines that have `giftOf`, in their order. */
  readonly giftLines: readonly GiftLine[];
  /** What each of the `payments` pays, in the order in which they are used. */
  readonly payments?: readonly QuotePayment[];
  /** What rounding to coins changes. */
  readonly cashRounding?: QuoteCashRounding | undefined;
  /** The taxes of what is left; with `include: ['taxes']`. */
  readonly taxes?: Taxes | undefined;
  /** The variants of experiments that were given to the customer. */
  readonly variants?: readonly Variant[];
}

/** A line of the quote. */
export interface QuoteLine {
  /** The line of the request. */
  readonly id: string;
  /** Original price of all units. */
  readonly subtotal: number;
  /** What discounts take off. */
  readonly discount: number;
  /** What is left. */
  readonly total: number;
  /** Runs of equal units; with `include: ['units']`. */
  readonly units?: readonly UnitRun[];
  /** The tax of what is left; with `include: ['taxes']`. */
  readonly tax?: Tax | undefined;
}

/** A shipping charge of the quote. */
export interface QuoteShipping {
  /** The charge of the request. */
  readonly id: string;
  /** Original price. */
  readonly price: number;
  /** What discounts take off. */
  readonly discount: number;
  /** What is left. */
  readonly total: number;
  /** The tax of what is left; with `include: ['taxes']`. */
  readonly tax?: Tax | undefined;
}

/** What became of a campaign or of an entered code. */
export interface Outcome {
  /** The campaign; absent for a code that is not accepted. */
  readonly redeemable?: string;
  /** The code as typed, where one brought it. */
  readonly code?: string;
  /**
   * `applied`; `inapplicable`: its own rules say no; `skipped`: another one won; `dormant`: accepted, waits for the
   * cart; `deferred`: only the central source can tell.
   */
  readonly status: 'applied' | 'inapplicable' | 'skipped' | 'dormant' | 'deferred';
  /** What it takes off in all. */
  readonly discount: number;
  /** Its share of each line. */
  readonly allocations: readonly Allocation[];
  /** Its share of each shipping charge. */
  readonly shippingAllocations: readonly ShippingAllocation[];
  /**
   * What only the central source can decide: the quote assumes that it does not refuse. Limits of redemptions are
   * told, and limits of units likewise.
   */
  readonly openChecks: readonly ('redemption_limit' | 'customer_limit' | 'period_limit' | 'budget')[];
  /** Why it did not apply. */
  readonly reasons: readonly Reason[];
}

/** Points that a campaign gives. */
export interface EarnedPoints {
  /** The campaign. */
  readonly redeemable: string;
  /** How many. */
  readonly points: number;
}

/**
 * A near miss: what the shopper can do for more, and what it brings. Taking the steps and quoting again gives exactly
 * that.
 */
export interface Hint {
  /** The campaign. */
  readonly redeemable: string;
  /** What to do: one step, or two that are both taken. */
  readonly steps: readonly Step[];
  /**
   * By how much `discountTotal` grows when the steps are taken; 0 where they lead to a gift that can be accepted and
   * whose ordinary price is not known, or to units of any product where none has a price. With the step `hurry`: by how much it shrinks when
   * the order comes too late.
   */
  readonly worth: number;
  /**
   * How much of that the campaign itself brings: by how much grows what the order saves with the campaign against
   * without it. The rest comes from other campaigns, which may give more on the goods that are added, or give way.
   */
  readonly saves: number;
  /** By how much `points` grows, or shrinks where it is below zero. */
  readonly points: number;
  /**
   * What the steps cost the shopper, by which hints are sorted: goods at their price, a minute of waiting as one
   * minor unit, any other step as one. Absent where goods are to be added whose price the request does not tell;
   * they count as free in `worth`, and such hints come last.
   */
  readonly effort?: number;
  /** What the threshold counts that the first step leads to; `step` where it leads to none. */
  readonly measure: 'amount' | 'quantity' | 'step' | 'lines';
  /** The threshold; 1 where there is none. */
  readonly required: number;
  /** Where the cart is; 0 where there is no threshold. */
  readonly actual: number;
}

/** Units of one product that a campaign gives. */
export interface Gift {
  /** The campaign. */
  readonly redeemable: string;
  /**
   * `proposed`: add a line with `giftOf` to accept; `in_cart`: priced; `declined`: by `declinedGifts`;
   * `out_of_stock`: by `stock`.
   */
  readonly state: 'proposed' | 'in_cart' | 'declined' | 'out_of_stock';
  /** What is given. */
  readonly product: GiftSku | GiftProduct;
  /** How many units. */
  readonly quantity: number;
  /** What each of them costs with the campaign. */
  readonly unitPrice: number;
  /** What they cost less with it, together; 0 where that is not known. */
  readonly worth: number;
  /** Which gift of the campaign: those of one campaign and number are to choose from. */
  readonly choice: number;
  /** How many products of the choice may be taken. */
  readonly choose: number;
  /** Units that are given in exchange: their lines stay in the request and cost nothing then. */
  readonly replaces: readonly ReplacedUnits[];
}

/** What became of a line that is marked as a gift. */
export interface GiftLine {
  /** The line. */
  readonly line: string;
  /** Whose gift it is; absent where there is no such campaign. */
  readonly redeemable?: string;
  /** How many units the campaign gives. */
  readonly given: number;
  /** How many cost what they cost without it. */
  readonly charged: number;
  /** Why these are charged. */
  readonly reasons: readonly Reason[];
}

/** What a payment pays. */
export interface QuotePayment {
  /** Its place in the request's list. */
  readonly index: number;
  /** Its id, where it has one. */
  readonly id?: string;
  /** What became of it. */
  readonly status: 'used' | 'partly_used' | 'refused';
  /** What it pays. */
  readonly amount: number;
  /** The points that are spent, where points are exchanged. */
  readonly points?: number;
  /** What is left on it, minor units or points, where its balance is told. */
  readonly left?: number;
  /** What it pays of each line. */
  readonly allocations: readonly Allocation[];
  /** What it pays of each shipping charge. */
  readonly shippingAllocations: readonly ShippingAllocation[];
  /** Why it pays no more. */
  readonly reasons: readonly Reason[];
}

/** What rounding to coins changes. */
export interface QuoteCashRounding {
  /** The smallest coin. */
  readonly to: number;
  /** What it adds to what is due; below zero where it takes away. */
  readonly amount: number;
}

/** The taxes of a quote. The lines and the charges sum up to them. */
export interface Taxes {
  /** Without tax. */
  readonly net: number;
  /** The tax. */
  readonly tax: number;
  /** With tax. */
  readonly gross: number;
  /** The same by rate, the lowest first. */
  readonly rates: readonly TaxOfRate[];
}

/** A variant of an experiment. */
export interface Variant {
  /** The experiment. */
  readonly experiment: string;
  /** The variant, `held_out` for customers who are given none. */
  readonly variant: string;
}

/** Units of a line that cost the same. */
export interface UnitRun {
  /** How many. */
  readonly count: number;
  /** What each of them costs. */
  readonly total: number;
  /** Who took what off each of them. */
  readonly allocations: readonly UnitAllocation[];
}

/** What is left, without tax and with it. */
export interface Tax {
  /** Without tax. */
  readonly net: number;
  /** The tax. */
  readonly tax: number;
  /** With tax. */
  readonly gross: number;
}

/** A campaign's share of a line. */
export interface Allocation {
  /** The line. */
  readonly line: string;
  /** Minor units. */
  readonly amount: number;
}

/** A campaign's share of a shipping charge. */
export interface ShippingAllocation {
  /** The charge. */
  readonly shipping: string;
  /** Minor units. */
  readonly amount: number;
}

/** A stock keeping unit that is given. */
export interface GiftSku {
  /** Tells the kinds apart. */
  readonly type: 'sku';
  /** As lines have it. */
  readonly id: string;
}

/** A product that is given, whatever the variant. */
export interface GiftProduct {
  /** Tells the kinds apart. */
  readonly type: 'product';
  /** As lines have it. */
  readonly id: string;
}

/** Units of a line. */
export interface ReplacedUnits {
  /** The line. */
  readonly line: string;
  /** How many. */
  readonly units: number;
}

/** What is taxed at one rate. */
export interface TaxOfRate {
  /** The rate in millionths: 190000 is 19 %. */
  readonly rate: number;
  /** Without tax. */
  readonly net: number;
  /** The tax. */
  readonly tax: number;
}

/** What a campaign takes off a unit. */
export interface UnitAllocation {
  /** The campaign. */
  readonly redeemable: string;
  /** Minor units. */
  readonly amount: number;
}

/** Why a code did not apply. */
export interface Reason {
  /** Stable snake_case code. */
  readonly code: string;
  /** For people; may change in any release. */
  readonly message: string;
  /** What would change it. */
  readonly help: string;
  /** Who can change it. */
  readonly fixBy: FixBy;
  /** The condition in the campaign document. */
  readonly at?: Place;
  /** For your own words: money in minor units, times in UTC milliseconds. */
  readonly params: Readonly<Record<string, number | string>>;
}

/** A step of one kind. */
export interface StepOf<Code extends string, Params> extends Omit<Reason, 'code' | 'params'> {
  readonly code: Code;
  readonly params: Readonly<Params>;
}

/** What a shopper can do; `code` tells the kinds apart. */
export type Step =
  /** the cart is worth less than the campaign asks for: add products worth {amount}. */
  | StepOf<'spend', { amount: number }>
  /** the products that count are worth less than the campaign asks for: add products of `{value}` worth {amount}. */
  | StepOf<'spend_on', { amount: number; attribute: string; value: string }>
  /** a line has fewer units than bring more: add {units} more. */
  | StepOf<'add_units', { units: number; line: string }>
  /** the cart has fewer units than bring more: add {units} more. */
  | StepOf<'add_products', { units: number }>
  /** a product that brings more is not in the cart: add {units} of `{value}`. */
  | StepOf<'add_products_of', { units: number; attribute: string; value: string }>
  /** the cart has fewer different products than bring more: add a different product. */
  | StepOf<'add_another', {  }>
  /** the cart has fewer different products that count than bring more: add a different one of `{value}`. */
  | StepOf<'add_another_of', { attribute: string; value: string }>
  /** the campaign is for customers who are known: sign in as a customer with `{attribute}` `{value}`. */
  | StepOf<'sign_in', { attribute: string; value: string }>
  /** the campaign is for a group the customer is not in: join `{segment}`. */
  | StepOf<'join_segment', { segment: string }>
  /** the campaign asks for another choice: choose `{value}`. */
  | StepOf<'choose', { attribute: string; value: string }>
  /** the campaign does not run yet: order from {until} on. */
  | StepOf<'wait', { until: number }>
  /** the campaign ends soon: order before {until}. */
  | StepOf<'hurry', { until: number }>
  /** the campaign has a code: enter the code {code}. */
  | StepOf<'enter_code', { code: string }>
  /** the campaign has a gift: accept {units} of `{value}`. */
  | StepOf<'accept_gift', { units: number; unitPrice: number; value: string }>
  /** an entered code keeps a better campaign from applying: remove the code. */
  | StepOf<'remove_code', { code: string }>;
