import 'counterfoil/elements';
import type { Product, QuoteShown, Reward } from 'counterfoil/elements';
import { giftLine } from './basket';
import { soldAs } from './goods';
import { pictureOf } from './pictures';
import type { Shop } from './shop';
import { allNames, nameOf, nameOfAny, rewardName, rewardNote } from './words/names';

/** The elements of the package on this page: what they show, and how the shop calls things. */

const shown = 'counterfoil-code-field, counterfoil-gift-picker, counterfoil-line-savings, counterfoil-progress, counterfoil-savings, counterfoil-points-card, counterfoil-early-access';

/** What is known of the gifts that are proposed; pictures are drawn when they are needed. */
function giftsOf(shop: Shop): Readonly<Record<string, Product>> {
  const offered = (shop.quote?.gifts ?? []).flatMap(({ product: { id } }) => {
    const sold = soldAs(id);
    return sold ? [[id, { name: nameOf(sold.product, sold.colour), unitPrice: sold.product.price, image: pictureOf(sold.product, sold.colour) }]] : [];
  });
  return Object.fromEntries(offered);
}

/** What points buy, as the page speaks of it. */
function rewardsOf(shop: Shop): Reward[] {
  const offered = shop.account?.club?.rewards ?? [];
  return offered.map(({ id, points }) => {
    const description = rewardNote(id);
    return { id, points, name: rewardName(id) ?? nameOfAny(id), ...(description !== undefined && { description }) };
  });
}

/** Hands the newest quote to every element that is on the page now. */
export function feed(shop: Shop): void {
  const names = allNames();
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
