import type { Engine, Line, Quote, QuoteRequest } from 'counterfoil';
import { type Basket, deliveries, giftLine, picked } from './basket';
import { type Colour, type Product, skuOf, soldAs } from './goods';
import { type Shopper, utcOffset } from './shoppers';

/** From the basket to the engine's question, and the sums of its answer that the page shows. */

function lineOf(product: Product, colour: Colour, quantity: number): Line {
  return {
    id: skuOf(product, colour),
    sku: skuOf(product, colour),
    product: product.id,
    unitPrice: product.price,
    quantity,
    categories: [product.category, ...(product.shelves ?? [])],
    attributes: { brand: product.brand, colour, weight: product.grams },
  };
}

function asked(lines: Line[], shopper: Shopper, now: number): QuoteRequest {
  return {
    currency: 'EUR',
    utcOffset: utcOffset(shopper.timeZone, now),
    country: shopper.country,
    channel: 'web',
    lines,
    ...(shopper.customer && { customer: shopper.customer }),
  };
}

/** What the desk knows besides: whose order it is, and the store credit that pays first. */
export interface Standing {
  id: string;
  credit: number;
}

export function requestFor(basket: Basket, shopper: Shopper, standing: Standing | undefined, now: number): QuoteRequest {
  const lines = picked(basket).map((line) => lineOf(line.goods, line.colour, line.quantity));
  const gifts = basket.gifts.flatMap((gift) => {
    const sold = soldAs(gift.sku);
    return sold ? [{ ...lineOf(sold.product, sold.colour, 1), id: giftLine(gift), giftOf: gift.campaign }] : [];
  });
  const { id, credit = 0 } = standing ?? {};
  return {
    ...asked([...lines, ...gifts], shopper, now),
    ...(basket.declined.length > 0 && { declinedGifts: basket.declined }),
    ...(credit > 0 && { payments: [{ type: 'store_credit', id: `purse:${id}`, method: 'purse', balance: credit }] }),
    shipping: [{ id: basket.delivery, price: deliveries[basket.delivery].price }],
    codes: basket.codes,
    include: ['hints'],
  };
}

/** Campaigns whose discount is told on the lines it came off; that of others stands under the order. */
const onLines = new Set(['tea-three-for-two', 'espresso-cups-set', 'coffee-ladder', 'irish-tea-season', 'st-patricks-day', 'members-first']);

const isToldOnLines = (id: string | undefined): id is string => id !== undefined && onLines.has(id);

const sum = (amounts: readonly { readonly amount: number }[]) => amounts.reduce((total, { amount }) => total + amount, 0);

/** The discounts of a line that are told on the line, and what they leave of it. */
export function lineSavings(quote: Quote, id: string): { offers: { campaign: string; amount: number }[]; before: number; after: number } {
  const line = quote.lines.find((found) => found.id === id);
  const offers = quote.outcomes.flatMap((outcome) => {
    if (!isToldOnLines(outcome.redeemable) || outcome.status !== 'applied') return [];
    const amount = sum(outcome.allocations.filter((allocation) => allocation.line === id));
    return amount > 0 ? [{ campaign: outcome.redeemable, amount }] : [];
  });
  const before = line?.subtotal ?? 0;
  return { offers, before, after: before - sum(offers) };
}

export interface Step {
  quantity: number;
  before: number;
  after: number;
  /** The campaigns that save something. */
  offers: string[];
}

/** What some quantities of one product alone would cost this shopper. */
export function steps(engine: Engine, shopper: Shopper, product: Product, colour: Colour, quantities: readonly number[]): Step[] {
  const now = Date.now();
  return quantities.map((quantity) => {
    const line = lineOf(product, colour, quantity);
    const quote = engine.quote(asked([line], shopper, now));
    const { offers, before, after } = lineSavings(quote, line.id);
    return { quantity, before, after, offers: offers.map(({ campaign }) => campaign) };
  });
}

/** The campaign to print on a product's picture: the first that touches one or three of it. */
export function badgeFor(engine: Engine, shopper: Shopper, product: Product): string | undefined {
  const now = Date.now();
  for (const quantity of [1, 3]) {
    const quote = engine.quote(asked([lineOf(product, product.colours[0], quantity)], shopper, now));
    const touching = quote.outcomes.find((outcome) => outcome.status === 'applied' && outcome.discount > 0 && isToldOnLines(outcome.redeemable));
    if (touching) return touching.redeemable;
  }
  return undefined;
}

/** When everybody may order what this shopper may not order yet. Who may order it before, its campaign decides. */
export function opensLater(product: Product, quote: Quote, now: number): number | undefined {
  if (!product.early) return undefined;
  const { campaign, opensAt } = product.early;
  const isAllowed = quote.outcomes.some(({ redeemable, status }) => redeemable === campaign && status === 'applied');
  return isAllowed || opensAt(now) <= now ? undefined : opensAt(now);
}

/** The same of a product that is not in the basket. */
export const opensLaterFor = (engine: Engine, shopper: Shopper, product: Product, now: number) =>
  product.early && opensLater(product, engine.quote(asked([lineOf(product, product.colours[0], 1)], shopper, now)), now);
