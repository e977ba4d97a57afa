import { DurableObject } from 'cloudflare:workers';
import type { Quote } from 'counterfoil';
import type { Account, Order, Returned } from '../src/account';
import { type Basket, basketIn, picked } from '../src/basket';
import { opensLater, requestFor } from '../src/pricing';
import { type Shopper, shoppersAt } from '../src/shoppers';
import { accountsOf, clubOf, creditOf, earlierPoints, starsOf } from './club';
import { Counterfoil, Refusal, refusing } from './counterfoil';
import type { Env } from './env';
import { redeem, settle, takeBack } from './fulfilment';
import type { Kept, Offered, Person } from './kept';
import { CODE, NAME, type Return, returnIn, textIn } from './said';

export interface Asked {
  id: string;
  shopper: string;
  origin: string;
  /** The address that the request came from, as the network tells it. */
  address: string | undefined;
  verb: string;
  body: object;
}

export interface Answered {
  status: number;
  body: unknown;
}

const RESUME_MS = 5_000;
const OFFERS_KEPT_MS = 3_600_000;
const SIGNATURE_BYTES = 64;

/** One customer of the shop: who they are, what they ordered and sent back. One thing happens at a time. */
export class ShopCustomer extends DurableObject<Env> {
  readonly #worker: Counterfoil;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#worker = new Counterfoil(env);
  }

  ask(asked: Asked): Promise<Answered> {
    return this.#inTurn(async () => {
      try {
        const person = await this.#person(asked);
        const { verb, body, origin, address } = asked;
        switch (verb) {
          case 'quote':
            return { status: 200, body: await this.#quote(person, basketIn(body), address) };
          case 'orders':
            return { status: 200, body: await this.#order(person, textIn(body, 'token', /^v4\.public\./)) };
          case 'returns':
            return { status: 200, body: await this.#takeBack(person, returnIn(body)) };
          case 'rewards':
            await this.#exchange(person, { reward: textIn(body, 'reward', NAME), key: textIn(body, 'key', NAME) });
            break;
          case 'invitation':
            await this.#invited(person, textIn(body, 'by', CODE));
        }
        return { status: 200, body: await this.#account(person, origin) };
      } catch (error) {
        // what is thrown across objects loses its kind
        if (error instanceof Refusal) return { status: error.status, body: error.problem };
        throw error;
      }
    });
  }

  /** Goes on with what a crash left lying. */
  override async alarm(): Promise<void> {
    await this.#inTurn(async () => {
      const person = await this.ctx.storage.get<Person>('person');
      if (!person) return;
      for (const kept of await this.#orders()) {
        await this.#goOn(person, kept).catch((error: unknown) => {
          // what the worker has decided against is over; the rest is tried again
          if (!(error instanceof Refusal && error.isDecided)) throw error;
        });
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #person({ id, shopper }: Asked): Promise<Person> {
    const person = (await this.ctx.storage.get<Person>('person')) ?? { id, shopper, treats: [] };
    if (person.isOpened && person.code !== undefined) return person;
    // kept before it is issued: who is asked again issues the same one
    const code = person.code ?? newCode();
    await this.#keep({ ...person, code });
    await this.#worker.post('/referrals/codes', { code, holder: id }, `code/${id}/${code}`);
    await this.#worker.put(`/customers/${id}`, { accounts: accountsOf(id) });
    if (!person.isOpened) for (const { path, body, key } of earlierPoints(person, Date.now())) await this.#worker.post(path, body, key);
    const opened = { ...person, code, isOpened: true };
    await this.#keep(opened);
    return opened;
  }

  #keep(person: Person): Promise<void> {
    return this.ctx.storage.put('person', person);
  }

  async #orders(): Promise<Kept[]> {
    return [...(await this.ctx.storage.list<Kept>({ prefix: 'order/' })).values()];
  }

  /** The shopper as quotes are told of them: the sample's own facts, and what they did here. */
  async #shopper(person: Person): Promise<Shopper> {
    const shopper = shoppersAt(Date.now()).find(({ id }) => id === person.shopper)!;
    if (!shopper.customer) return shopper;
    const placed = (await this.#orders()).filter(isPlaced);
    const { level } = (await starsOf(this.#worker, person.id)).progress ?? {};
    const { orders, attributes, segments } = shopper.customer;
    const count = (orders?.count ?? 0) + placed.length;
    const lastAt = placed.length > 0 ? Math.max(...placed.map(({ order }) => order.at)) : orders?.lastAt;
    return {
      ...shopper,
      customer: {
        ...shopper.customer,
        id: person.id,
        segments: [...(segments ?? []).filter((segment) => segment !== 'new' || count === 0), ...(person.invitedBy !== undefined ? ['invited'] : [])],
        orders: { count, ...(lastAt !== undefined && { lastAt }) },
        attributes: { ...attributes, ...(level !== undefined && { 'stars.level': level }) },
      },
    };
  }

  async #account(person: Person, origin: string): Promise<Account> {
    const { customer } = await this.#shopper(person);
    const kept = await this.#orders();
    const orders = kept.filter(isPlaced).map(({ order }) => order);
    const account: Account = { id: person.id, credit: 0, orders: orders.sort((a, b) => b.at - a.at) };
    if (!customer) return account;
    const club = await clubOf(this.#worker, person, origin);
    return { ...account, customer, credit: await creditOf(this.#worker, person.id), club };
  }

  /** The price that is charged: by the shop's own prices and what the shop knows of the shopper, signed by the worker. */
  async #quote(person: Person, basket: Basket, address: string | undefined): Promise<{ quote: Quote; token: string; expiresAt: number }> {
    const now = Date.now();
    const shopper = await this.#shopper(person);
    const credit = shopper.customer ? await creditOf(this.#worker, person.id) : 0;
    const request = { ...requestFor(basket, shopper, { id: person.id, credit }, now), now };
    const told = await this.#worker.quote<Omit<Offered, 'request'>>(request, address);
    if (picked(basket).some(({ goods }) => opensLater(goods, told.quote, now) !== undefined)) {
      throw new Refusal(422, { code: 'not_open_yet', message: 'Something in the basket is not for everybody yet.', help: 'Take it out.' });
    }
    await this.#forgetOffers(now);
    await this.ctx.storage.put<Offered>(`offered/${await nameOf(told.token)}`, { ...told, request });
    return told;
  }

  async #forgetOffers(now: number): Promise<void> {
    const offered = await this.ctx.storage.list<Offered>({ prefix: 'offered/' });
    const ended = [...offered].filter(([, { expiresAt }]) => expiresAt < now - OFFERS_KEPT_MS).map(([name]) => name);
    await this.ctx.storage.delete(ended);
  }

  /** Orders by a quote. The same quote is the same order, however often it is sent. */
  async #order(person: Person, token: string): Promise<Order> {
    const id = await nameOf(token);
    const known = await this.ctx.storage.get<Kept>(`order/${id}`);
    if (known) return (await this.#goOn(person, known)).order;
    const offered = await this.ctx.storage.get<Offered>(`offered/${id}`);
    if (!offered) throw new Refusal(422, { code: 'quote_unknown', message: 'The price was not made here.', help: 'Place the order again.' });
    const kept: Kept = { order: orderOf(id, offered), request: offered.request, token, snapshot: snapshotIn(token), parts: [], state: 'placing' };
    await this.#write(kept);
    return (await this.#goOn(person, kept)).order;
  }

  /** Takes units back: the money of these very units, the points that they earned, the credit that paid for them. */
  async #takeBack(person: Person, { order: id, key, lines }: Return): Promise<Order> {
    const found = await this.ctx.storage.get<Kept>(`order/${id}`);
    if (!found) throw new Refusal(404, { code: 'order_unknown', message: 'There is no such order.', help: 'Reload the page.' });
    const kept = await this.#goOn(person, found);
    if (kept.order.returns.some((returned) => returned.key === key)) return kept.order;
    const engine = await this.#worker.engine(kept.snapshot, kept.order.at);
    const before = kept.order.lines.filter(({ returned }) => returned > 0).map(({ id: line, returned: quantity }) => ({ line, quantity }));
    const refund = refusing(() => engine.refund(kept.request, { before, now: lines }));
    const credit = refund.payments.filter(({ payment }) => payment !== undefined).reduce((sum, { amount }) => sum + amount, 0);
    const returning: Returned = { key, at: Date.now(), lines, amount: refund.amount, credit, points: refund.points };
    const begun: Kept = { ...kept, state: { returning } };
    await this.#write(begun);
    return (await this.#goOn(person, begun)).order;
  }

  /** Does what is under way. An order that the worker refuses never was one. */
  async #goOn(person: Person, kept: Kept): Promise<Kept> {
    if (kept.state === 'settled') return kept;
    await this.ctx.storage.setAlarm(Date.now() + RESUME_MS);
    const done = await this.#step(person, kept);
    await this.#write(done);
    return this.#goOn(person, done);
  }

  async #step(person: Person, kept: Kept): Promise<Kept> {
    switch (kept.state) {
      case 'settled':
        return kept;
      case 'placing':
        try {
          return await redeem(this.#worker, person, kept);
        } catch (error) {
          if (error instanceof Refusal && error.isDecided) await this.ctx.storage.delete(`order/${kept.order.id}`);
          throw error;
        }
      case 'redeemed':
        return settle(this.#worker, kept);
      default:
        try {
          return await takeBack(this.#worker, kept, kept.state.returning);
        } catch (error) {
          // nothing was given back, so nothing came back
          if (error instanceof Refusal && error.isDecided) await this.#write({ ...kept, state: 'settled' });
          throw error;
        }
    }
  }

  #write(kept: Kept): Promise<void> {
    return this.ctx.storage.put(`order/${kept.order.id}`, kept);
  }

  /** Points are gone when the worker has answered, and credit that they bought has come. */
  async #exchange(person: Person, { reward, key }: { reward: string; key: string }): Promise<void> {
    const claim = { reward, customer: person.id };
    await this.#worker.post(`/accounts/${accountsOf(person.id).stars}/claims`, claim, `claim/${person.id}/${key}`);
    if (person.treats.some((treat) => treat.key === key)) return;
    person.treats.push({ key, reward, at: Date.now() });
    await this.#keep(person);
  }

  async #invited(person: Person, code: string): Promise<void> {
    if (person.invitedBy !== undefined) return;
    const { gives } = await this.#worker.post<{ gives?: { referrer?: string } }>('/referrals', { friend: person.id, code }, `invited/${person.id}/${code}`);
    if (gives?.referrer === undefined) return;
    person.invitedBy = gives.referrer;
    await this.#keep(person);
  }
}

/** Twelve symbols of Crockford's alphabet, each of five bits of chance. */
function newCode(): string {
  const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => symbols[byte & 31]).join('');
}

const isPlaced = ({ state }: Kept) => state !== 'placing';

function orderOf(id: string, { request, quote }: Offered): Order {
  const lines = quote.lines.map((line) => {
    const asked = request.lines.find((found) => found.id === line.id);
    return { id: line.id, sku: asked?.sku ?? line.id, quantity: Number(asked?.quantity ?? 1), returned: 0, total: line.total };
  });
  const { currency, discountTotal, total, due, points } = quote;
  const campaigns = quote.outcomes.flatMap(({ status, redeemable }) => (status === 'applied' && redeemable !== undefined ? [redeemable] : []));
  const shippingTotal = total - lines.reduce((sum, line) => sum + line.total, 0);
  return { id, at: Date.now(), currency, lines, discountTotal, shippingTotal, total, credit: total - due, due, points, campaigns, redemption: '', returns: [] };
}

/** Names an order after its quote. */
async function nameOf(token: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
  return Array.from(digest.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The snapshot that a quote token names. It is the desk's own, as the worker made it: its signature is the worker's to check. */
function snapshotIn(token: string): string {
  const payload = (token.split('.')[2] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(payload), (sign) => sign.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes.subarray(0, -SIGNATURE_BYTES))) as { snapshot: { sha256: string } };
  return claims.snapshot.sha256;
}
