import { html, show } from '../html';
import type { Sheet } from './editor';
import type { Sheet as Sample } from './examples';
import type { Sheets } from './link';
import { pretty } from './pretty';

/** What stands in the sheets, and what was chosen for it. */
interface Stand {
  sheets: Sheets;
  /** What the page can give again: a sample, or what the address keeps. */
  given: Sheets;
  sample: Sample | undefined;
  example: string;
  cart: string;
  address: string;
}

interface Places {
  campaigns: Sheet;
  cart: Sheet;
  example: HTMLSelectElement;
  cartCase: HTMLSelectElement;
  said: HTMLElement;
}

/** The sheets of the page. What somebody wrote there makes way for what is chosen, and can be brought back. */
export class Standing {
  readonly #places: Places;
  #now: Omit<Stand, 'sheets'> = { given: { campaigns: '', cart: '' }, sample: undefined, example: '', cart: '', address: location.href };
  /** What had to make way, the latest last. */
  readonly #own: Stand[] = [];

  constructor(places: Places) {
    this.#places = places;
  }

  /** Whether something would be lost with the page. */
  get hasOwn(): boolean {
    const { campaigns, cart } = this.#sheets;
    return this.#own.length > 0 || campaigns !== this.#now.given.campaigns || cart !== this.#now.given.cart;
  }

  replace(next: Stand): void {
    const before = { ...this.#now, sheets: this.#sheets, address: location.href };
    const isLost = (['campaigns', 'cart'] as const).some((name) => before.sheets[name] !== before.given[name] && before.sheets[name] !== next.sheets[name]);
    if (isLost) this.#own.push(before);
    this.#put(next);
    this.#offer();
  }

  /** Another cart of the sample; the campaigns stay, whoever wrote them. */
  takeCart(at: string): void {
    const { sample, given } = this.#now;
    if (!sample) return;
    const cart = pretty(sample.carts[Number(at)]?.sheet);
    this.replace({ ...this.#now, sheets: { ...this.#sheets, cart }, given: { ...given, cart }, cart: at, address: location.href });
  }

  bringBack(): void {
    const last = this.#own.pop();
    if (!last) return;
    this.#put(last);
    this.#offer();
    this.#places.campaigns.view.focus();
  }

  /** The address keeps what is there. */
  isGiven(): void {
    this.#now = { ...this.#now, given: this.#sheets, address: location.href };
  }

  get #sheets(): Sheets {
    const { campaigns, cart } = this.#places;
    return { campaigns: campaigns.text, cart: cart.text };
  }

  #put({ sheets, ...chosen }: Stand): void {
    const { campaigns, cart, example, cartCase } = this.#places;
    this.#now = chosen;
    cartCase.replaceChildren(...(chosen.sample?.carts ?? []).map(({ title }, at) => new Option(title, String(at))));
    [example.value, cartCase.value] = [chosen.example, chosen.cart];
    [campaigns.text, cart.text] = [sheets.campaigns, sheets.cart];
    history.replaceState(null, '', chosen.address);
  }

  #offer(): void {
    const { said } = this.#places;
    show(said, this.#own.length === 0 ? html`` : html`What you wrote made way for this. <button type="button" class="quiet" data-bring-back>Bring it back</button>`);
  }
}
