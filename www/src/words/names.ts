import { type Colour, type Product, goods, skuOf, soldAs } from '../goods';
import { campaignIds, capital, saidOf, say, wordsOf } from '.';
import { locale } from './locale';
import type { Values } from './message';

/** How the shop calls goods, campaigns, groups and levels. What campaigns do is decided in examples/storefront.json. */

/** The amounts that names speak of. */
const amounts: Readonly<Record<string, Values>> = {
  'espresso-cups-set': { price: 2000 },
  'irish-tea-season': { rate: 15 },
  'st-patricks-day': { rate: 17 },
  'five-euros': { amount: 500 },
  'sea-rescue': { amount: 250 },
};

const colourOf = (colour: Colour) => say(`colour_${colour}`);

/** A colour by itself. */
export const colourName = (colour: Colour) => capital(colourOf(colour));

export const nameOf = (product: Product, colour: Colour) =>
  product.colours.length > 1 ? say('in_colour', { name: wordsOf(product).name, colour: colourOf(colour) }) : wordsOf(product).name;

/** A picture shows a colour, be it the only one. */
export const pictureName = (product: Product, colour: Colour) => say('in_colour', { name: wordsOf(product).name, colour: colourOf(colour) });

const named = (kind: string, id: string) => saidOf(`${kind}_${id}`, amounts[id]);

/** A campaign that was published after this page was built is told by its id. */
export const campaignName = (id: string) => named('campaign', id) ?? id.replaceAll('-', ' ');

/** What is printed on the corner of a picture. */
export const badgeOf = (campaign: string) => named('badge', campaign);

export const rewardName = (id: string) => named('reward', id);

export const rewardNote = (id: string) => saidOf(`reward_${id}_note`);

export const methodName = (id: string) => saidOf(`delivery_${id}`) ?? id;

/** The line of a gift is named after what is given. */
function giftNamed(line: string): string | undefined {
  if (!line.startsWith('gift-')) return undefined;
  for (const product of goods) {
    for (const colour of product.colours) if (line.endsWith(`-${skuOf(product, colour)}`)) return nameOf(product, colour);
  }
  return undefined;
}

function lookedUp(id: string): string | undefined {
  const sold = soldAs(id);
  if (sold) return nameOf(sold.product, sold.colour);
  const product = goods.find((known) => known.id === id);
  if (product) return wordsOf(product).name;
  if (id === 'standard' || id === 'express') return say('delivery_named', { method: methodName(id).toLocaleLowerCase(locale()) });
  const category = saidOf(`category_${id}`);
  if (category !== undefined) return category.toLocaleLowerCase(locale());
  return saidOf(`shelf_${id}`) ?? saidOf(`group_${id}`) ?? saidOf(`level_${id}`) ?? named('campaign', id) ?? named('reward', id) ?? giftNamed(id);
}

/** Whatever an element, an order or a trace speaks of. */
export const nameOfAny = (id: string): string => lookedUp(id) ?? id.replaceAll('-', ' ');

const ids = [
  ...['member', 'premium', 'new', 'silver', 'gold', 'standard', 'express', 'tea', 'coffee', 'brewing', 'tableware', 'loose-tea', 'beans', 'cups'],
  ...campaignIds,
  ...goods.flatMap((product) => [product.id, ...product.colours.map((colour) => skuOf(product, colour))]),
];

const known = new Map<string, Readonly<Record<string, string>>>();

/** The names that elements are given, in the language that is spoken. */
export function allNames(): Readonly<Record<string, string>> {
  let names = known.get(locale());
  if (!names) known.set(locale(), (names = Object.fromEntries(ids.map((id) => [id, nameOfAny(id)]))));
  return names;
}
