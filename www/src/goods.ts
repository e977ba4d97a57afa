import { stock } from './stock';

/** What the shop sells. Prices are minor units of EUR. */

export type Category = 'tea' | 'coffee' | 'brewing' | 'tableware';

export interface Product {
  id: string;
  name: string;
  category: Category;
  /** Finer shelves that campaigns may pick: "loose-tea", "beans", "cups". */
  shelves?: string[];
  price: number;
  brand: string;
  grams: number;
  /** What one buys: "125 g tin". */
  portion: string;
  teaser: string;
  story: string;
  details: [label: string, value: string][];
  /** The first is the one shown on the shelf. */
  colours: [Colour, ...Colour[]];
}

export type Colour =
  'sea' | 'saffron' | 'vermilion' | 'rose' | 'butter' | 'sky' | 'white' | 'black' | 'green' | 'copper' | 'clear' | 'steel' | 'plum' | 'blue' | 'sand';

export const categories: { id: Category; name: string; line: string }[] = [
  { id: 'tea', name: 'Tea', line: 'Bought by the chest, packed the week it sells.' },
  { id: 'coffee', name: 'Coffee', line: 'Roasted on Tuesdays, rested, posted on Fridays.' },
  { id: 'brewing', name: 'Brewing', line: 'Tools that outlive the kitchen they are bought for.' },
  { id: 'tableware', name: 'Tableware', line: 'Thrown, glazed and woven by people whose names we know.' },
];

export const goods: readonly Product[] = stock;

const byId = new Map(goods.map((product) => [product.id, product]));

export const productOf = (id: string) => byId.get(id);

export const colourNames: Record<Colour, string> = {
  sea: 'Harbour blue',
  saffron: 'Saffron',
  vermilion: 'Buoy red',
  rose: 'Rose',
  butter: 'Butter',
  sky: 'Sky',
  white: 'Chalk',
  black: 'Tar black',
  green: 'Leaf green',
  copper: 'Copper',
  clear: 'Clear',
  steel: 'Steel',
  plum: 'Plum',
  blue: 'Night blue',
  sand: 'Sand',
};

/** The stock-keeping unit of a product in a colour; the cart's line id as well. */
export const skuOf = (product: Product, colour: Colour) => (product.colours.length > 1 ? `${product.id}-${colour}` : product.id);

const bySku = new Map(goods.flatMap((product) => product.colours.map((colour) => [skuOf(product, colour), { product, colour }] as const)));

/** The product and colour of a stock-keeping unit. */
export const soldAs = (sku: string) => bySku.get(sku);

export const nameOf = (product: Product, colour: Colour) =>
  product.colours.length > 1 ? `${product.name}, ${colourNames[colour].toLowerCase()}` : product.name;
