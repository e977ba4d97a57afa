import { type Basket, basketIn } from './basket';

/** The basket across reloads. */

const shelf = 'tern-and-kettle/basket';

export function remember(basket: Basket): void {
  try {
    localStorage.setItem(shelf, JSON.stringify(basket));
  } catch {
    // Private windows may refuse to store; the basket then lives as long as the page.
  }
}

export function recall(): Basket {
  try {
    return basketIn(JSON.parse(localStorage.getItem(shelf) ?? '{}'));
  } catch {
    return basketIn({});
  }
}
