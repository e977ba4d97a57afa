import { type Category, type Colour, type Product, categories, productOf } from './goods';
import { say, wordsOf } from './words';
import type { MessageKey } from './words/en';

/** Where in the shop one stands. The place is in the query, so any static server can answer every address. */

const plain = { cart: 'your_basket', checkout: 'checkout_title', orders: 'your_orders', club: 'club_title' } as const satisfies Record<string, MessageKey>;

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
  const category = categories.find((id) => id === query.get('category'));
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
  switch (route.view) {
    case 'product':
      return say('title_place', { place: wordsOf(route.product).name });
    case 'shelf':
      return route.category ? say('title_place', { place: say(`category_${route.category}`) }) : say('title_home');
    default:
      return say('title_place', { place: say(plain[route.view]) });
  }
}
