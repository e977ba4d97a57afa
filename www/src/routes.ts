import { type Category, type Colour, type Product, categories, productOf } from './goods';

/** Where in the shop one stands. The place is in the query, so any static server can answer every address. */

const plain = { cart: 'Your basket', checkout: 'Check-out', orders: 'Your orders', club: 'The quay club' } as const;

type Plain = keyof typeof plain;

export type Route = { view: 'shelf'; category?: Category } | { view: 'product'; product: Product; colour: Colour } | { view: Plain };

const isPlain = (view: string | null): view is Plain => view !== null && Object.hasOwn(plain, view);

export function routeOf(search: string): Route {
  const query = new URLSearchParams(search);
  const view = query.get('view');
  if (isPlain(view)) return { view };
  const product = productOf(query.get('product') ?? '');
  if (product) {
    const colour = product.colours.find((known) => known === query.get('colour')) ?? product.colours[0];
    return { view: 'product', product, colour };
  }
  const category = categories.find(({ id }) => id === query.get('category'))?.id;
  return category ? { view: 'shelf', category } : { view: 'shelf' };
}

export const shelfAddress = (category?: Category) => (category ? `/?category=${category}` : '/');

export const productAddress = (product: Product, colour: Colour = product.colours[0]) =>
  colour === product.colours[0] ? `/?product=${product.id}` : `/?product=${product.id}&colour=${colour}`;

export const cartAddress = '/?view=cart';
export const checkoutAddress = '/?view=checkout';
export const ordersAddress = '/?view=orders';
export const clubAddress = '/?view=club';

export function titleOf(route: Route): string {
  const shop = 'Tern & Kettle';
  switch (route.view) {
    case 'product':
      return `${route.product.name} · ${shop}`;
    case 'shelf':
      return route.category ? `${categories.find(({ id }) => id === route.category)!.name} · ${shop}` : `${shop}: tea, coffee and tableware`;
    default:
      return `${plain[route.view]} · ${shop}`;
  }
}
