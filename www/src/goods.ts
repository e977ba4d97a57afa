import { stock } from './stock';

/** What the shop sells. Prices are minor units of EUR; what the goods are called stands in `words/`. */

export type Category = 'tea' | 'coffee' | 'brewing' | 'tableware';

export interface Product {
  id: string;
  category: Category;
  /** Finer shelves that campaigns may pick: "loose-tea", "beans", "cups". */
  shelves?: string[];
  price: number;
  brand: string;
  grams: number;
  /** The first is the one shown on the shelf. */
  colours: [Colour, ...Colour[]];
  /** Not for everybody yet: the campaign whose customers may order it before, and when everybody may. */
  early?: { campaign: string; opensAt: (now: number) => number };
}

export type Colour =
  'sea' | 'saffron' | 'vermilion' | 'rose' | 'butter' | 'sky' | 'white' | 'black' | 'green' | 'copper' | 'clear' | 'steel' | 'plum' | 'blue' | 'sand';

export const categories: readonly Category[] = ['tea', 'coffee', 'brewing', 'tableware'];

export const goods: readonly Product[] = stock;

const byId = new Map(goods.map((product) => [product.id, product]));

export const productOf = (id: string) => byId.get(id);

/** The stock-keeping unit of a product in a colour; the cart's line id as well. */
export const skuOf = (product: Product, colour: Colour) => (product.colours.length > 1 ? `${product.id}-${colour}` : product.id);

const bySku = new Map(goods.flatMap((product) => product.colours.map((colour) => [skuOf(product, colour), { product, colour }] as const)));

/** The product and colour of a stock-keeping unit. */
export const soldAs = (sku: string) => bySku.get(sku);
