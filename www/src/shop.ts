import type { Engine, Quote } from 'counterfoil';
import type { TracedQuote } from 'counterfoil/workshop';
import { type Basket, recall, remember } from './basket';
import { type Offers, type Refusal, refusalOf } from './offers';
import { badgeFor, requestFor } from './pricing';
import type { Route } from './routes';
import { goods } from './goods';
import { type Shopper, shoppersAt } from './shoppers';
import { traced } from './workshop';

/** What the check-out learnt when it asked the shop to work the price out again. */
export type Confirmation =
  { state: 'idle' } | { state: 'asking' } | { state: 'same' | 'different'; total: number; roundTrip: number } | { state: 'failed'; message: string };

/** How the amounts of the basket came about, once somebody asked. */
export type Explanation = { state: 'none' | 'asking' } | { state: 'told'; traced: TracedQuote } | { state: 'failed'; message: string };

/** Everything the page shows. Views read it, `main.ts` changes it. */
export class Shop {
  basket: Basket = recall();
  readonly shoppers: Shopper[] = shoppersAt(Date.now());
  offers: Offers = {};
  loading = true;
  online = navigator.onLine;
  route: Route = { view: 'shelf' };
  quote: Quote | undefined;
  /** Why the basket could not be priced. */
  refused: Refusal | undefined;
  quoteTook = 0;
  quotes = 0;
  confirmation: Confirmation = { state: 'idle' };
  explanation: Explanation = { state: 'none' };
  /** Whether the figures behind the prices are shown. */
  showsWorks = recallWorks();
  private badges = new Map<string, string | undefined>();

  get engine(): Engine | undefined {
    return this.offers.engine;
  }

  get shopper(): Shopper {
    return this.shoppers.find(({ id }) => id === this.basket.shopper) ?? this.shoppers[0]!;
  }

  change(basket: Basket): void {
    if (basket.shopper !== this.basket.shopper) this.badges.clear();
    this.basket = basket;
    this.confirmation = { state: 'idle' };
    remember(basket);
    this.price();
  }

  supply(offers: Offers): void {
    if (offers.engine !== this.offers.engine) this.badges.clear();
    this.offers = offers;
    this.price();
  }

  /** Works the basket out again, in this page. */
  price(): void {
    if (!this.engine) return;
    const request = requestFor(this.basket, this.shopper, Date.now());
    try {
      const started = performance.now();
      const quote = this.engine.quote(request);
      this.quoteTook = performance.now() - started;
      this.quotes += 1;
      this.quote = quote;
      this.refused = undefined;
    } catch (error) {
      this.refused = refusalOf(error);
    }
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
      this.explanation = { state: 'told', traced: await traced(requestFor(this.basket, this.shopper, Date.now()), engine.snapshot.version) };
    } catch (error) {
      this.explanation = { state: 'failed', message: refusalOf(error).message };
    }
  }

  switchWorks(): void {
    this.showsWorks = !this.showsWorks;
    rememberWorks(this.showsWorks);
  }

  /** The same question to the shop's own engine; its clock and its snapshot are the ones that count. */
  async confirm(): Promise<void> {
    const shown = this.quote;
    if (!shown) return;
    const started = performance.now();
    try {
      const response = await fetch('/quote', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(requestFor(this.basket, this.shopper, Date.now())),
      });
      if (!response.ok) throw new Error(`the shop answered ${response.status}`);
      const theirs = (await response.json()) as Quote;
      const lineTotals = (quote: Quote) => quote.lines.map((line) => `${line.id}=${line.total}`).join();
      const same = theirs.total === shown.total && theirs.points === shown.points && lineTotals(theirs) === lineTotals(shown);
      this.confirmation = { state: same ? 'same' : 'different', total: theirs.total, roundTrip: performance.now() - started };
    } catch (error) {
      this.confirmation = { state: 'failed', message: refusalOf(error).message };
    }
  }
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
