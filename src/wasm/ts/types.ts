// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.
import type { FixBy, Place } from './error.js';

/** A cart and what is known around it. Members that the format does not know are ignored. */
export interface QuoteRequest {
  /** ISO 4217 code: `EUR`. All amounts are in its minor units. */
  currency: string;
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
  /** Sales channel. */
  channel?: string | null;
  /** What is paid by other means, after discounts. */
  payments?: readonly Payment[] | null;
  /** Campaigns whose gifts the shopper does not want. Gifts that are in the cart all the same are accepted. */
  declinedGifts?: readonly string[] | null;
  /** How much there is of products that may be given; enough where it is not told. */
  stock?: readonly Stock[] | null;
  /** Further parts of the answer. */
  include?: readonly ('hints' | 'units')[] | null;
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
  /** Units, 1 to 1,000,000. */
  quantity: number;
  /** What discounts leave of the price of one unit at least, minor units. A line that costs no more takes none. */
  minPrice?: number | null;
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
}

/** Who buys. What is not known is left out: a condition on it then does not hold. */
export interface Customer {
  /** Segments the customer is in. */
  segments?: readonly string[] | null;
  /** Anything else that campaigns ask for. */
  attributes?: Attributes | null;
  /** `1990-02-28`, or `--02-28` without the year. */
  birthday?: string | null;
  /** UTC milliseconds. */
  signedUpAt?: number | null;
  /** Orders before this one. */
  orders?: OrderHistory | null;
}

/** A payment by other means. */
export interface Payment {
  /** What with. Nothing is earned on what is paid with points. */
  type: 'points' | 'gift_card' | 'store_credit' | 'other';
  /** Minor units. */
  amount: number;
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

/** Orders before this one. */
export interface OrderHistory {
  /** How many. */
  count?: number | null;
  /** When the last one was placed, UTC milliseconds. */
  lastAt?: number | null;
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
  /** What is left to pay after `payments`. */
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
  /** Near misses, best worth per effort first; with `include: ['hints']`. */
  readonly hints?: readonly Hint[];
  /** What campaigns give, in the cart or not. Nothing is counted for what is not in the cart. */
  readonly gifts: readonly Gift[];
  /** What became of the lines that have `giftOf`, in their order. */
  readonly giftLines: readonly GiftLine[];
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
  /** What only the central source can decide: the quote assumes that it does not refuse. */
  readonly openChecks: readonly ('redemption_limit' | 'customer_limit')[];
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

/** A small change of the cart that would bring more. */
export interface Hint {
  /** The campaign. */
  readonly redeemable: string;
  /** What to do. */
  readonly step: SpendStep | AddUnitsStep;
  /** By how much the order's discount grows then. */
  readonly worth: number;
  /** Whether the threshold counts money or units. */
  readonly measure: 'amount' | 'quantity';
  /** The threshold. */
  readonly required: number;
  /** Where the cart is. */
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

/** Units of a line that cost the same. */
export interface UnitRun {
  /** How many. */
  readonly count: number;
  /** What each of them costs. */
  readonly total: number;
  /** Who took what off each of them. */
  readonly allocations: readonly UnitAllocation[];
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

/** Spend more. */
export interface SpendStep {
  /** Tells the kinds apart. */
  readonly type: 'spend';
  /** Minor units. */
  readonly amount: number;
}

/** Add units. */
export interface AddUnitsStep {
  /** Tells the kinds apart. */
  readonly type: 'add_units';
  /** How many. */
  readonly units: number;
  /** The line whose quantity can be raised, where one counts. */
  readonly line?: string;
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
