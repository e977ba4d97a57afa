import type { CounterfoilError } from '../error.js';
import type { Engine, KeyRing } from '../engine.js';
import type { Gift, Hint, Line, Quote, QuoteRequest, Step } from '../types.js';

/** What a shop shows of a product that is given or suggested. */
export interface Product {
  /** For people. */
  readonly name?: string;
  /** Its ordinary price, minor units. Without it the cart cannot take it in by itself. */
  readonly unitPrice?: number;
  /** Address of a picture. */
  readonly image?: string;
  /** What else its line has: `{ taxRate: '19', categories: ['tea'] }`. */
  readonly line?: Partial<Line>;
}

/** Something that points buy. */
export interface Reward {
  /** Names it in the event. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** What it costs. */
  readonly points: number;
  /** For people. */
  readonly description?: string;
  /** Address of a picture. */
  readonly image?: string;
  /** How many are left; enough where it is not told. */
  readonly left?: number;
}

/** What every element that shows a quote has. */
export interface QuoteShown extends HTMLElement {
  /** The quote that is shown; without it, that of the cart around the element or of the one that `for` names. */
  quote: Quote | undefined;
  /** Id of the `<counterfoil-cart>` that the element belongs to. */
  for: string | undefined;
  /** Names of campaigns, products, categories, groups and shipping methods, by id; without it, those of the cart. */
  names: Readonly<Record<string, string>> | undefined;
}

/**
 * `<counterfoil-cart>`: opens a snapshot, keeps a request and quotes it on each change. It shows nothing itself; elements
 * inside it do.
 */
export interface CartElement extends HTMLElement {
  /** Address of the signed snapshot. */
  snapshot: string | undefined;
  /** Address of the key ring (attribute `key-ring`), or the ring itself, which a shop that pins its keys gives. */
  keyRing: string | KeyRing | undefined;
  /** Where the shop grants codes that the page does not know, `/grants` of the worker; without it they stay unknown. */
  grants: string | undefined;
  /** An engine that is open already, instead of both. */
  engine: Engine | undefined;
  /** What is quoted. Elements change it: a code, a gift, units. */
  request: QuoteRequest | undefined;
  /** As `QuoteShown` has them, for all elements of the cart. */
  names: Readonly<Record<string, string>> | undefined;
  /** Products by sku or id, for gifts and suggestions. */
  products: Readonly<Record<string, Product>> | undefined;
  /** The answer to `request`. */
  readonly quote: Quote | undefined;
}

/** `<counterfoil-code-field>`: a field for codes, and what became of each. */
export interface CodeFieldElement extends QuoteShown {
  /** How the shop's generated codes look, `TEA-####-####-####-*`: slips of the finger are told at once. */
  pattern: string | undefined;
}

/** `<counterfoil-line-savings>`: the price of one line, and who took what off it. */
export interface LineSavingsElement extends QuoteShown {
  /** Id of the line. */
  line: string | undefined;
}

/** `<counterfoil-savings>`: from the list price to the total. */
export interface SavingsElement extends QuoteShown {
  /** Only what is saved and earned, in a sentence. */
  brief: boolean;
}

/** `<counterfoil-progress>`: the nearest benefits and what leads to them. */
export interface ProgressElement extends QuoteShown {
  /** At most so many; default 3. */
  limit: number;
  /** Codes of steps that the shop carries out itself on `counterfoil-step`: `sign_in choose`. */
  handles: string;
}

/** `<counterfoil-gift-picker>`: what campaigns give, to accept, decline and choose from. */
export interface GiftPickerElement extends QuoteShown {
  /** As the cart has them. */
  products: Readonly<Record<string, Product>> | undefined;
}

/** `<counterfoil-points-card>`: a balance, and the way to the next level. */
export interface PointsCardElement extends QuoteShown {
  /** What can be spent. */
  points: number;
  /** What is not active yet. */
  pending: number;
  /** The customer's level; without it that of the quote. */
  level: string | undefined;
  /** Until when the level lasts: a date or UTC milliseconds (attribute `level-until`). */
  levelUntil: string | undefined;
  /** The level above (attribute `next-level`). */
  nextLevel: string | undefined;
  /** What that one asks for, in points or in minor units of `currency`. */
  required: number;
  /** How much of it there is. */
  actual: number;
  /** Given where levels come by spending. */
  currency: string | undefined;
}

/** `<counterfoil-rewards>`: what points buy. */
export interface RewardsElement extends HTMLElement {
  /** What there is; as JSON in the attribute. */
  rewards: readonly Reward[];
  /** What can be spent. */
  points: number;
}

/** `<counterfoil-referral-card>`: a link for friends. */
export interface ReferralCardElement extends HTMLElement {
  /** The link. */
  link: string | undefined;
  /** What the friend gets, in the page's words (attribute `friend-gets`). */
  friendGets: string | undefined;
  /** What the customer gets (attribute `you-get`). */
  youGet: string | undefined;
  /** How many friends have come; nothing is said where it is not told. */
  friends: number | undefined;
}

/** `<counterfoil-expiring-points>`: a notice that is there only when points are about to expire. */
export interface ExpiringPointsElement extends HTMLElement {
  /** How many expire. */
  points: number;
  /** When: a date or UTC milliseconds. */
  at: string | undefined;
  /** How many days before that the notice appears; default 30. */
  days: number;
  /** Where they can be used; no link without. */
  href: string | undefined;
}

/** `<counterfoil-early-access>`: a badge that is there until everybody has access. */
export interface EarlyAccessElement extends HTMLElement {
  /** Whose access is early. */
  level: string | undefined;
  /** When everybody has access: a date or UTC milliseconds. */
  from: string | undefined;
}

/** A step of a hint that the shopper asked for. */
export interface StepWanted {
  readonly hint: Hint;
  readonly step: Step;
}

/** How it goes with a code that is tried on sealed campaigns. */
export interface Trying {
  readonly code: string;
  /** `code_trying`: it takes a moment; `code_too_many`: it was not tried, because too many before it opened nothing. */
  readonly says: 'code_trying' | 'code_too_many';
}

/** A quote and what it answers. */
export interface Quoted {
  readonly quote: Quote;
  readonly request: QuoteRequest;
  /** How long the engine took, milliseconds as far as the page's clock tells. */
  readonly took: number;
}

declare global {
  interface HTMLElementTagNameMap {
    'counterfoil-cart': CartElement;
    'counterfoil-code-field': CodeFieldElement;
    'counterfoil-line-savings': LineSavingsElement;
    'counterfoil-savings': SavingsElement;
    'counterfoil-progress': ProgressElement;
    'counterfoil-gift-picker': GiftPickerElement;
    'counterfoil-points-card': PointsCardElement;
    'counterfoil-rewards': RewardsElement;
    'counterfoil-referral-card': ReferralCardElement;
    'counterfoil-expiring-points': ExpiringPointsElement;
    'counterfoil-early-access': EarlyAccessElement;
  }
  interface GlobalEventHandlersEventMap {
    /** The cart has a new quote. */
    'counterfoil-quote': CustomEvent<Quoted>;
    /** An element changed the cart's request. */
    'counterfoil-change': CustomEvent<QuoteRequest>;
    /** The cart could not quote. */
    'counterfoil-error': CustomEvent<CounterfoilError | Error>;
    /** A code was entered. `preventDefault` keeps the cart from taking it. */
    'counterfoil-enter-code': CustomEvent<string>;
    /** A code is tried on sealed campaigns, was not because of too many others, or (nothing) has been. */
    'counterfoil-trying': CustomEvent<Trying | undefined>;
    /** A code was removed. */
    'counterfoil-remove-code': CustomEvent<string>;
    /** A gift was accepted. */
    'counterfoil-accept-gift': CustomEvent<Gift>;
    /** A campaign's gifts were declined. */
    'counterfoil-decline-gift': CustomEvent<Gift>;
    /** A gift was taken out of the cart again. */
    'counterfoil-remove-gift': CustomEvent<Gift>;
    /** A step of a hint is wanted. */
    'counterfoil-step': CustomEvent<StepWanted>;
    /** A reward is wanted, and the shopper has confirmed it. */
    'counterfoil-claim-reward': CustomEvent<Reward>;
  }
}
