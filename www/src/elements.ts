import 'counterfoil/elements';
import type { QuoteShown } from 'counterfoil/elements';
import { deliveries } from './basket';
import { campaignNames } from './campaign-names';
import { categories, goods, nameOf, skuOf } from './goods';
import type { Shop } from './shop';

/** The elements of the package on this page: what they show, and how the shop calls things. */

const ofGoods = goods.flatMap((product) => [
  [product.id, product.name],
  ...product.colours.map((colour) => [skuOf(product, colour), nameOf(product, colour)]),
]);

const names: Readonly<Record<string, string>> = {
  member: 'members',
  premium: 'premium members',
  new: 'new customers',
  ...Object.fromEntries(categories.map(({ id, name }) => [id, name.toLowerCase()])),
  ...Object.fromEntries(Object.entries(deliveries).map(([id, { name }]) => [id, `${name.toLowerCase()} delivery`])),
  ...Object.fromEntries(ofGoods),
  ...campaignNames,
};

export const nameOfAny = (id: string): string => names[id] ?? id.replaceAll('-', ' ');

const shown = 'counterfoil-code-field, counterfoil-line-savings, counterfoil-progress, counterfoil-savings';

/** Hands the newest quote to every element that is on the page now. */
export function feed(shop: Shop): void {
  for (const element of document.querySelectorAll<QuoteShown>(shown)) {
    element.names = names;
    element.quote = shop.quote;
  }
}
