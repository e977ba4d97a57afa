import type { Engine, Quote } from 'counterfoil';
import type { TracedQuote } from 'counterfoil/workshop';
import type { Account, Order } from './account';
import { type Basket, emptyBasket, giftLine } from './basket';
import { accountOf, DeskRefusal, keptAccount, placeOrder, type Signed, signedQuote } from './desk';
import { recall, remember } from './kept_basket';
import { Offers, type Refusal, refusalOf } from './offers';
import { badgeFor, requestFor } from './pricing';
import type { Route } from './routes';
import { goods } from './goods';
import { type Shopper, shoppersAt } from './shoppers';
import { traced } from './workshop';

/** How far the check-out is: the shop signs a price, and is sent it back as an order. */
export type Checkout =
  | { state: 'idle' | 'asking' }
  /** The shop's price is another one than the page's: the shopper decides. */
  | { state: 'different'; signed: Signed }
  | { state: 'placed'; order: Order; shown: number; took: number; roundTrip: number }
  | { state: 'failed'; message: string; help: string };

/** How the amounts of the basket came about, once somebody asked. */
export type Explanation = { state: 'none' | 'asking' } | { state: 'told'; traced: TracedQuote } | { state: 'failed'; message: string };

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
  trouble: { message: string; order?: string; rewards?: true } | undefined;
  explanation: Explanation = { state: 'none' };
  /** Whether the figures behind the prices are shown. */
  showsWorks = recallWorks();
  /** The price that an order was sent by which nobody has answered yet. */
  #sent: Signed | undefined;
  private badges = new Map<string, string | undefined>();

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
      this.badges.clear();
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
    this.badges.clear();
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
    this.badges.clear();
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

  badge(id: string): string | undefined {
    const engine = this.engine;
    const product = goods.find((known) => known.id === id);
    if (!engine || !product) return undefined;
    if (!this.badges.has(id)) this.badges.set(id, badgeFor(engine, this.shopper, product));
    return this.badges.get(id);
  }

  /** Asks the engine that tells how the quote on the page came about. */
  async explain(): Promise<void> {
    const { engine } = this;
    if (!engine) return;
    try {
      this.explanation = { state: 'told', traced: await traced(requestFor(this.basket, this.shopper, this.account, Date.now()), engine.snapshot.version) };
    } catch (error) {
      this.explanation = { state: 'failed', message: refusalOf(error).message };
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

const failed = (error: unknown): Checkout => ({ state: 'failed', ...spoken(error) });

/** What went wrong at the desk, for the page. */
export function spoken(error: unknown): { message: string; help: string } {
  if (error instanceof DeskRefusal) return { message: error.message, help: error.help };
  return { message: 'The shop could not be asked.', help: 'Your basket stays as it is: try again when you are on-line.' };
}

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
