import 'counterfoil/elements';
import type { Product, QuoteShown, Reward } from 'counterfoil/elements';
import { deliveries, giftLine } from './basket';
import { campaignNames } from './campaign-names';
import { categories, goods, nameOf, skuOf, soldAs } from './goods';
import { pictureOf } from './pictures';
import type { Shop } from './shop';

/** The elements of the package on this page: what they show, and how the shop calls things. */

const ofGoods = goods.flatMap((product) => [
  [product.id, product.name],
  ...product.colours.map((colour) => [skuOf(product, colour), nameOf(product, colour)]),
]);

const levels = { silver: 'Silver', gold: 'Gold' };

const names: Readonly<Record<string, string>> = {
  member: 'members',
  premium: 'premium members',
  new: 'new customers',
  ...Object.fromEntries(categories.map(({ id, name }) => [id, name.toLowerCase()])),
  ...Object.fromEntries(Object.entries(deliveries).map(([id, { name }]) => [id, `${name.toLowerCase()} delivery`])),
  ...Object.fromEntries(ofGoods),
  ...campaignNames,
  ...levels,
};

export const nameOfAny = (id: string): string => names[id] ?? giftNamed(id) ?? id.replaceAll('-', ' ');

/** The line of a gift is named after what is given. */
function giftNamed(line: string): string | undefined {
  const sku = line.startsWith('gift-') ? ofGoods.map(([known]) => known!).find((known) => line.endsWith(`-${known}`)) : undefined;
  return sku === undefined ? undefined : names[sku];
}

const shown = 'counterfoil-code-field, counterfoil-gift-picker, counterfoil-line-savings, counterfoil-progress, counterfoil-savings, counterfoil-points-card';

/** What is known of the gifts that are proposed; pictures are drawn when they are needed. */
function giftsOf(shop: Shop): Readonly<Record<string, Product>> {
  const offered = (shop.quote?.gifts ?? []).flatMap(({ product: { id } }) => {
    const sold = soldAs(id);
    return sold ? [[id, { name: nameOf(sold.product, sold.colour), unitPrice: sold.product.price, image: pictureOf(sold.product, sold.colour) }]] : [];
  });
  return Object.fromEntries(offered);
}

/** What points buy, as the page speaks of it. */
export const rewardNames: Readonly<Record<string, { name: string; description: string }>> = {
  'five-euros': { name: '€5 of store credit', description: 'It pays your next order first.' },
  'sea-rescue': { name: '€2.50 for the sea rescue', description: 'We send it on the last of the month.' },
  'club-mug': { name: 'A Tideline mug', description: 'Harbour blue, in your next parcel.' },
  tasting: { name: 'The autumn tasting', description: 'Two seats at the long table, for Gold members.' },
};

function rewardsOf(shop: Shop): Reward[] {
  const offered = shop.account?.club?.rewards ?? [];
  return offered.map(({ id, points }) => ({ id, points, ...(rewardNames[id] ?? { name: nameOfAny(id) }) }));
}

/** Hands the newest quote to every element that is on the page now. */
export function feed(shop: Shop): void {
  const gifts = shop.basket.gifts.map((gift) => [giftLine(gift), nameOfAny(gift.sku)]);
  const spoken = gifts.length > 0 ? { ...names, ...Object.fromEntries(gifts) } : names;
  for (const element of document.querySelectorAll<QuoteShown>(shown)) {
    element.names = spoken;
    element.quote = shop.quote;
  }
  const picker = document.querySelector('counterfoil-gift-picker');
  if (picker) picker.products = giftsOf(shop);
  const rewards = document.querySelector('counterfoil-rewards');
  if (rewards) rewards.rewards = rewardsOf(shop);
}
