import { type Colour, productOf, skuOf, soldAs, type Product } from './goods';

/** What the shopper has chosen, kept across reloads. Prices and discounts are not part of it: the engine's answer is. */

export interface Choice {
  product: string;
  colour: Colour;
  quantity: number;
}

export type Delivery = 'standard' | 'express';

/** A gift of a campaign that was accepted. */
export interface AcceptedGift {
  campaign: string;
  sku: string;
}

export interface Basket {
  choices: Choice[];
  gifts: AcceptedGift[];
  /** Campaigns whose gifts are not wanted. */
  declined: string[];
  codes: string[];
  shopper: string;
  delivery: Delivery;
}

export const deliveries: Record<Delivery, { price: number }> = {
  standard: { price: 490 },
  express: { price: 990 },
};

export const mostOfOne = 99;
const mostCodes = 20;
const mostGifts = 10;

export const emptyBasket = (): Basket => ({ choices: [], gifts: [], declined: [], codes: [], shopper: 'guest', delivery: 'standard' });

export interface Picked extends Choice {
  sku: string;
  goods: Product;
}

/** The choices with what the shop knows of them. */
export function picked(basket: Basket): Picked[] {
  return basket.choices.flatMap((choice) => {
    const goods = productOf(choice.product);
    return goods ? [{ ...choice, goods, sku: skuOf(goods, choice.colour) }] : [];
  });
}

export function quantityOf(basket: Basket, sku: string): number {
  return picked(basket).find((line) => line.sku === sku)?.quantity ?? 0;
}

/** The basket with `quantity` of a product in a colour; none takes it out. */
export function withQuantity(basket: Basket, product: Product, colour: Colour, quantity: number): Basket {
  const wanted = Math.min(mostOfOne, Math.max(0, Math.trunc(quantity)));
  const same = (choice: Choice) => choice.product === product.id && choice.colour === colour;
  if (wanted === 0) return { ...basket, choices: basket.choices.filter((choice) => !same(choice)) };
  if (!basket.choices.some(same)) return { ...basket, choices: [...basket.choices, { product: product.id, colour, quantity: wanted }] };
  return { ...basket, choices: basket.choices.map((choice) => (same(choice) ? { ...choice, quantity: wanted } : choice)) };
}

export const giftLine = ({ campaign, sku }: AcceptedGift) => `gift-${campaign}-${sku}`;

/** One gift of a campaign is chosen at a time. */
export function withGift(basket: Basket, gift: AcceptedGift): Basket {
  const others = ({ campaign }: AcceptedGift) => campaign !== gift.campaign;
  return { ...basket, gifts: [...basket.gifts.filter(others), gift], declined: basket.declined.filter((campaign) => campaign !== gift.campaign) };
}

export function withoutGift(basket: Basket, campaign: string, isDeclined = false): Basket {
  const declined = isDeclined ? [...basket.declined.filter((known) => known !== campaign), campaign] : basket.declined;
  return { ...basket, gifts: basket.gifts.filter((gift) => gift.campaign !== campaign), declined };
}

/** A code is sent as it was typed; typing it twice does not enter it twice. */
export function withCode(basket: Basket, typed: string): Basket {
  const code = typed.trim();
  const known = basket.codes.some((entered) => entered.toUpperCase() === code.toUpperCase());
  return code === '' || known ? basket : { ...basket, codes: [...basket.codes, code] };
}

/** A basket as it is kept or sent, without what the shop does not sell. */
export function basketIn(told: unknown): Basket {
  const fresh = emptyBasket();
  const { choices, gifts, declined, codes, shopper, delivery } = (typeof told === 'object' && told !== null ? told : {}) as Partial<Basket>;
  const sold = (Array.isArray(choices) ? choices : []).filter(
    (choice) => productOf(choice?.product)?.colours.includes(choice.colour) && Number.isInteger(choice.quantity) && choice.quantity > 0,
  );
  return {
    choices: sold.map(({ product, colour, quantity }) => ({ product, colour, quantity: Math.min(mostOfOne, quantity) })),
    gifts: (Array.isArray(gifts) ? gifts : []).filter((gift) => typeof gift?.campaign === 'string' && soldAs(gift.sku)).slice(0, mostGifts),
    declined: (Array.isArray(declined) ? declined : []).filter((campaign) => typeof campaign === 'string').slice(0, mostGifts),
    codes: (Array.isArray(codes) ? codes : []).filter((code) => typeof code === 'string').slice(0, mostCodes),
    shopper: typeof shopper === 'string' ? shopper : fresh.shopper,
    delivery: delivery === 'express' ? 'express' : 'standard',
  };
}
