import type { Engine, Quote } from 'counterfoil';
import type { TracedQuote } from 'counterfoil/workshop';
import type { Account, Order } from './account';
import { type Basket, emptyBasket, giftLine } from './basket';
import { accountOf, DeskRefusal, keptAccount, placeOrder, type Signed, signedQuote } from './desk';
import { recall, remember } from './kept_basket';
import { Offers, type Refusal, refusalOf } from './offers';
import { badgeFor, opensLaterFor, requestFor } from './pricing';
import type { Route } from './routes';
import { type Product, goods } from './goods';
import { type Shopper, shoppersAt } from './shoppers';
import { traced } from './workshop';

/** How far the check-out is: the shop signs a price, and is sent it back as an order. */
export type Checkout =
  | { state: 'idle' | 'asking' }
  /** The shop's price is another one than the page's: the shopper decides. */
  | { state: 'different'; signed: Signed }
  | { state: 'placed'; order: Order; shown: number; took: number; roundTrip: number }
  | { state: 'failed'; code: string };

/** How the amounts of the basket came about, once somebody asked. */
export type Explanation = { state: 'none' | 'asking' } | { state: 'told'; traced: TracedQuote } | { state: 'failed' };

/** Everything the page shows. Views read it, `main.ts` changes it. */
export class Shop {
  basket: Basket = recall();
  readonly shoppers: Shopper[] = shoppersAt(Date.now());
  readonly offers = new Offers();
  loading = true;
  online = navigator.onLine;
  route: Route = { view: 'shelf' };
  quote: Quote | undefined;
  /** Why the basket could not be priced. */
  refused: Refusal | undefined;
  quoteTook = 0;
  quotes = 0;
  checkout: Checkout = { state: 'idle' };
  account: Account | undefined;
  /** What the desk would not do, and where that is told. */
  trouble: { code: string; order?: string; rewards?: true } | undefined;
  explanation: Explanation = { state: 'none' };
  /** Whether the figures behind the prices are shown. */
  showsWorks = recallWorks();
  /** The price that an order was sent by which nobody has answered yet. */
  #sent: Signed | undefined;
  /** What is known of products by themselves, for this shopper and these offers. */
  readonly #badges = new Map<string, string | undefined>();
  readonly #openings = new Map<string, number | undefined>();

  get engine(): Engine | undefined {
    return this.offers.engine;
  }

  /** The sample shopper, with what the desk knows of them. */
  get shopper(): Shopper {
    const sample = this.shoppers.find(({ id }) => id === this.basket.shopper) ?? this.shoppers[0]!;
    return this.account?.customer ? { ...sample, customer: this.account.customer } : sample;
  }

  change(basket: Basket): void {
    if (basket.shopper !== this.basket.shopper) {
      this.#forgetProducts();
      this.account = keptAccount(basket.shopper);
    }
    this.basket = basket;
    this.#sent = undefined;
    if (this.checkout.state !== 'placed' || basket.choices.length > 0) this.checkout = { state: 'idle' };
    remember(basket);
    this.price();
  }

  /** The offers are others, or stand otherwise. */
  offersChanged(): void {
    this.#forgetProducts();
    this.price();
  }

  /** Asks the desk who the shopper is; without a network it is what the desk said last. */
  async meet(): Promise<void> {
    const { shopper } = this.basket;
    this.account ??= keptAccount(shopper);
    try {
      const account = await accountOf(shopper);
      if (this.basket.shopper === shopper) this.know(account);
    } catch {
      // the basket is priced by what is known
    }
  }

  know(account: Account): void {
    this.account = account;
    this.#forgetProducts();
    this.price();
  }

  /** Works the basket out again, in this page. */
  price(): void {
    if (!this.engine) {
      this.quote = undefined;
      return;
    }
    const request = requestFor(this.basket, this.shopper, this.account, Date.now());
    try {
      const started = performance.now();
      const quote = this.engine.quote(request);
      this.quoteTook = performance.now() - started;
      if (this.quotes === 0) performance.mark('first-quote');
      this.quotes += 1;
      this.quote = quote;
      this.refused = undefined;
      this.#leaveOutLostGifts(quote);
    } catch (error) {
      this.refused = refusalOf(error);
    }
  }

  /** What is no longer given would be charged: a gift leaves the basket with its campaign. */
  #leaveOutLostGifts({ giftLines = [] }: Quote): void {
    const lost = new Set(giftLines.filter(({ charged }) => charged > 0).map(({ line }) => line));
    if (lost.size === 0) return;
    this.basket = { ...this.basket, gifts: this.basket.gifts.filter((gift) => !lost.has(giftLine(gift))) };
    remember(this.basket);
    this.price();
  }

  /** The campaign to print on a product's picture. */
  badge(id: string): string | undefined {
    const engine = this.engine;
    const product = goods.find((known) => known.id === id);
    if (!engine || !product) return undefined;
    if (!this.#badges.has(id)) this.#badges.set(id, badgeFor(engine, this.shopper, product));
    return this.#badges.get(id);
  }

  /** When the shopper may order a product, if not yet. */
  opensLater(product: Product): number | undefined {
    const now = Date.now();
    if (!product.early || !this.engine) return product.early?.opensAt(now);
    if (!this.#openings.has(product.id)) this.#openings.set(product.id, opensLaterFor(this.engine, this.shopper, product, now));
    return this.#openings.get(product.id);
  }

  #forgetProducts(): void {
    this.#badges.clear();
    this.#openings.clear();
  }

  /** Asks the engine that tells how the quote on the page came about. */
  async explain(): Promise<void> {
    const { engine } = this;
    if (!engine) return;
    try {
      this.explanation = { state: 'told', traced: await traced(requestFor(this.basket, this.shopper, this.account, Date.now()), engine.snapshot.version) };
    } catch {
      this.explanation = { state: 'failed' };
    }
  }

  switchWorks(): void {
    this.showsWorks = !this.showsWorks;
    rememberWorks(this.showsWorks);
  }

  /** Has the shop sign its price, and orders by it when it is the one on the page. */
  async place(): Promise<void> {
    const shown = this.quote;
    if (!shown) return;
    const started = performance.now();
    // it may have been ordered already, and only the answer was lost: the same price is the same order
    if (this.#sent && this.#sent.expiresAt > Date.now()) return this.order(this.#sent, 0);
    try {
      const signed = await signedQuote(this.basket);
      if (isSame(signed.quote, shown)) await this.order(signed, performance.now() - started);
      else this.checkout = { state: 'different', signed };
    } catch (error) {
      this.checkout = failed(error);
    }
  }

  /** Orders by the shop's price. */
  async order(signed: Signed, roundTrip: number): Promise<void> {
    const { total } = signed.quote;
    const { shopper } = this.basket;
    try {
      this.#sent = signed;
      const order = await placeOrder(shopper, signed.token);
      this.checkout = { state: 'placed', order, shown: total, took: this.quoteTook, roundTrip };
      this.change({ ...emptyBasket(), shopper });
    } catch (error) {
      if (error instanceof DeskRefusal) this.#sent = undefined;
      this.checkout = failed(error);
    }
    await this.meet();
  }
}

function isSame(theirs: Quote, ours: Quote): boolean {
  const lineTotals = (quote: Quote) => quote.lines.map((line) => `${line.id}=${line.total}`).join();
  return theirs.total === ours.total && theirs.due === ours.due && theirs.points === ours.points && lineTotals(theirs) === lineTotals(ours);
}

const failed = (error: unknown): Checkout => ({ state: 'failed', code: codeOf(error) });

/** What went wrong at the desk, by the name that the catalogues know it by. */
export const codeOf = (error: unknown) => (error instanceof DeskRefusal ? error.code : 'unreachable');

const worksShelf = 'tern-and-kettle/works';

function recallWorks(): boolean {
  try {
    return localStorage.getItem(worksShelf) === 'shown';
  } catch {
    return false;
  }
}

function rememberWorks(isShown: boolean): void {
  try {
    localStorage.setItem(worksShelf, isShown ? 'shown' : 'hidden');
  } catch {
    // then it lasts as long as the page
  }
}
