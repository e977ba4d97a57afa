import type { Quote } from 'counterfoil';
import type { Account, Order } from './account';
import type { Basket } from './basket';

/** The shop's own server, which knows who orders and holds what no page may hold. */

/** What the desk does not do, and why. */
export class DeskRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly help: string,
  ) {
    super(message);
  }
}

async function ask<T>(shopper: string, verb: string, body?: object): Promise<T> {
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`/shop/${shopper}/${verb}`, init);
  if (response.headers.get('content-type')?.includes('json') !== true) throw new Error(`the shop answered ${response.status}`);
  const told = await response.json();
  if (!response.ok) throw new DeskRefusal(told.code, told.message, told.help);
  return told as T;
}

const shelf = (shopper: string) => `tern-and-kettle/account/${shopper}`;

export async function accountOf(shopper: string): Promise<Account> {
  const account = await ask<Account>(shopper, 'account');
  try {
    localStorage.setItem(shelf(shopper), JSON.stringify(account));
  } catch {
    // then it is asked for at each visit
  }
  return account;
}

/** What the desk said last, for a visit without a network. */
export function keptAccount(shopper: string): Account | undefined {
  try {
    return (JSON.parse(localStorage.getItem(shelf(shopper)) ?? 'null') as Account | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export interface Signed {
  quote: Quote;
  token: string;
  expiresAt: number;
}

export const signedQuote = (basket: Basket) => ask<Signed>(basket.shopper, 'quote', basket);

export const placeOrder = (shopper: string, token: string) => ask<Order>(shopper, 'orders', { token });

export const returnUnits = (shopper: string, order: string, key: string, lines: { line: string; quantity: number }[]) =>
  ask<Order>(shopper, 'returns', { order, key, lines });

export const exchange = (shopper: string, reward: string, key: string) => ask<Account>(shopper, 'rewards', { reward, key });

export const acceptInvitation = (shopper: string, by: string) => ask<Account>(shopper, 'invitation', { by });
