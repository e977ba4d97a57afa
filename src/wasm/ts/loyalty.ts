/** What members earn and can have, as `docs/loyalty.md` describes it. */
import type { Quote, QuoteRequest } from './types.js';

/** An account of a programme: a statement of the ledger, or as much of one as the host knows. */
export interface LoyaltyAccount {
  /** Its programme. */
  readonly scheme: string;
  /** Its id in the ledger, where that is not `<programme>:<customer>`. */
  readonly account?: string;
  /** What there is to spend. */
  readonly available?: number;
  /** What cannot be spent yet. */
  readonly pending?: number;
  /** What the member is entitled to, now or later. */
  readonly entitlements?: readonly LoyaltyEntitlement[];
  /** The level, and what counts for it. */
  readonly progress?: LoyaltyProgress;
  /** The other members of a statement. */
  readonly [member: string]: unknown;
}

/** An entitlement of a member: a club membership, early access. */
export interface LoyaltyEntitlement {
  /** To what. */
  readonly entitlement: string;
  /** From when on, UTC milliseconds; from the beginning when absent. */
  readonly from?: number;
  /** The first moment at which it is over; without, it does not end. */
  readonly until?: number;
  /** The id of the grant. */
  readonly grant?: string;
}

/** A level, and what is missing to the next. */
export interface LoyaltyProgress {
  /** The level that is held. */
  readonly level?: string;
  /** Until when, UTC milliseconds. */
  readonly until?: number;
  /** The points that count now. */
  readonly points: number;
  /** The level that the points have reached and that begins with the next period. */
  readonly coming?: string;
  /** The next level. */
  readonly next?: string;
  /** How many points are missing to it. */
  readonly missing?: number;
}

/** What a rule gives. */
export interface LoyaltyEarned {
  /** The programme. */
  readonly programme: string;
  /** The rule; the campaign, for the points that campaigns give. */
  readonly rule: string;
  /** How many points, or how much of the programme's currency. */
  readonly points: number;
  /** What each line of the order earned of it. */
  readonly lines?: readonly { readonly line: string; readonly units: number; readonly amount: number }[];
}

/** What is given: see the table of rewards. */
export interface LoyaltyGift {
  /** `coupon`, `gift_card`, `product`, `credit`, `entitlement`, `donation` or `cash`. */
  readonly type: string;
  /** The members of that type. */
  readonly [member: string]: unknown;
}

/** How far the next level or the next reward is. */
export interface LoyaltyHint {
  /** `spend_for_level`, `earn_for_level` or `earn_for_reward`. */
  readonly code: 'spend_for_level' | 'earn_for_level' | 'earn_for_reward';
  /** For people. */
  readonly message: string;
  /** The level. */
  readonly level?: string;
  /** The reward. */
  readonly reward?: string;
  /** The points that are missing with this order. */
  readonly points: number;
  /** The price of one more product by which they are reached, minor units: a cent less does not. */
  readonly amount?: number;
  /** How many units more of `line` bring them, where units earn: one less does not. */
  readonly units?: number;
  /** The line of `units`, or whose like that product is; any that no rule leaves out when absent. */
  readonly line?: string;
  /** When the level is reached by it, UTC milliseconds, where points wait until they count. */
  readonly at?: number;
}

/** A reward. */
export interface LoyaltyOffer {
  /** Which. */
  readonly reward: string;
  /** What one costs this member. */
  readonly points: number;
  /** What is missing now. Of one that comes with a milestone, what is missing to that. */
  readonly missing: number;
  /** How many this member may still have, as far as the account tells. */
  readonly left?: number;
  /** Whether it is for members of another level. */
  readonly isForOthers?: boolean;
  /** When one may be had again, UTC milliseconds, where the last one was too short a time ago. */
  readonly again?: number;
  /** Whether a claim of one would be granted now, as far as the account tells. */
  readonly claimable: boolean;
  /** When it comes unasked; such a reward cannot be claimed. */
  readonly automatic?: 'affordable' | { readonly earned: number } | { readonly campaign: string };
  /** How many of it come with this order. */
  readonly comes?: number;
  /** What it is for this customer. */
  readonly gives: LoyaltyGift;
}

/** A rule that no order asks for. */
export interface LoyaltyWay {
  /** Its name. */
  readonly rule: string;
  /** What has to happen. */
  readonly on: 'referral' | { readonly event: string } | { readonly segment: string } | { readonly level: readonly string[] };
  /** How many points that brings this member now, or for `every` so much; a formula tells none. */
  readonly points?: number;
  /** For each so much … */
  readonly every?: number | Readonly<Record<string, number>>;
  /** … of this. */
  readonly of?: unknown;
  /** Whether it depends on who it is, or on what comes with the event. */
  readonly depends?: boolean;
  /** How often it pays until a ceiling is reached. */
  readonly usesLeft?: number;
  /** How much it pays until then. */
  readonly pointsLeft?: number;
  /** When it pays again, UTC milliseconds, where it paid too short a time ago. */
  readonly again?: number;
}

/** A programme as the member sees it beside the cart. */
export interface LoyaltyView {
  /** Which. */
  readonly programme: string;
  /** `points`, or a currency. */
  readonly unit: string;
  /** What the order would earn. */
  readonly points: number;
  /** The same by rule. */
  readonly earned: readonly LoyaltyEarned[];
  /** Whether it is nobody's: what is told as earned comes to who signs in, and nothing else is told of. */
  readonly guest?: boolean;
  /** What there is to spend. */
  readonly available: number;
  /** What of it may be spent now. */
  readonly spendable: number;
  /** Whether the account is suspended: nothing is earned or spent. */
  readonly suspended?: boolean;
  /** What the member is entitled to, now or later. */
  readonly entitlements?: readonly LoyaltyEntitlement[];
  /** What cannot be spent yet. */
  readonly pending: number;
  /** What expires, by its moment. */
  readonly expiring: readonly { readonly at: number; readonly amount: number }[];
  /** The level now. */
  readonly progress?: LoyaltyProgress;
  /** The level with what counts of this order at once. */
  readonly after?: LoyaltyProgress;
  /** The level when all of it counts, where points wait until they do. */
  readonly later?: { readonly at: number; readonly progress: LoyaltyProgress };
  /** What is within reach. */
  readonly hints: readonly LoyaltyHint[];
  /** What else brings points. */
  readonly ways?: readonly LoyaltyWay[];
  /** What it buys, the cheapest first; then what comes unasked. */
  readonly rewards: readonly LoyaltyOffer[];
}

/** A quote, and what its customer would earn and could have. */
export interface LoyaltyPreview {
  /** The quote, in which campaigns were told what the accounts hold. */
  readonly quote: Quote;
  /** The programmes of the snapshot. */
  readonly programmes: readonly LoyaltyView[];
}

/** What has happened to a member. */
export type Happened =
  | ({ readonly type: 'order'; readonly id: string; readonly request: QuoteRequest } & Known & Invited)
  | ({ readonly type: 'event'; readonly id: string; readonly now: number; readonly event: string;
      readonly payload?: Readonly<Record<string, unknown>>; readonly currency?: string } & Someone & Invited)
  | ({ readonly type: 'segment_entered'; readonly id: string; readonly now: number; readonly segment: string } & Someone)
  | ({ readonly type: 'answered'; readonly id: string; readonly now: number; readonly answer: unknown;
      readonly events?: readonly unknown[] } & Someone);

interface Known {
  /** The customer's accounts. */
  readonly accounts?: readonly LoyaltyAccount[];
}

interface Someone extends Known {
  /** Who, as in a request. */
  readonly customer: QuoteRequest['customer'];
  /** Minutes the customer's clocks are ahead of UTC. */
  readonly utcOffset?: number;
}

interface Invited {
  /** Who invited the customer, as long as that is not rewarded. */
  readonly invitedBy?: { readonly customer: string; readonly segments?: readonly string[] };
}

/** Who is asked about, as far as the host knows. */
export interface KnownCustomer extends Someone {
  /** The moment that is asked about, UTC milliseconds. */
  readonly now: number;
  /** The currency of what conditions say of money. */
  readonly currency?: string;
}

/** What follows from what has happened. */
export interface Follows {
  /** What rules give; the ledger's limits may leave less. */
  readonly earned: readonly LoyaltyEarned[];
  /** Commands for the ledger, in this order. */
  readonly commands: readonly Readonly<Record<string, unknown>>[];
  /** What the shop hands out. */
  readonly gives: readonly { readonly customer: string; readonly gives: LoyaltyGift; readonly units: number }[];
}
