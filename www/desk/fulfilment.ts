import type { Returned } from '../src/account';
import type { Counterfoil } from './counterfoil';
import type { Kept, Part, Person } from './kept';

/**
 * What the worker is asked when an order is placed or units come back. Each question has a key of its own that is made of the
 * order, so all of it may be asked again: what has happened already is answered and does not happen twice. What follows from it,
 * points, levels and what a friend's order brings, is the worker's.
 */

/** Redeems the quote. From here on the order is one. */
export async function redeem(worker: Counterfoil, person: Person, kept: Kept): Promise<Kept> {
  const { order, token, request } = kept;
  // what the order earns the worker sees to by its lines; nobody earns who is a guest
  const cart = request.customer ? { request } : {};
  // a real shop takes the money between `held` and `confirm`
  const redemption = { token, ...cart, order: order.id, customer: person.id, confirm: true };
  const { id, parts } = await worker.post<{ id: string; parts: Part[] }>('/redemptions', redemption, `order/${order.id}`);
  return { ...kept, parts, order: { ...order, redemption: id }, state: 'redeemed' };
}

/** Waits until the accounts have heard of the order: the shopper looks at them next. */
export async function settle(worker: Counterfoil, kept: Kept): Promise<Kept> {
  await worker.get(`/redemptions/${kept.order.redemption}`);
  return { ...kept, state: 'settled' };
}

/** Gives the credit of returned units back where it came from, and takes their points. */
export async function takeBack(worker: Counterfoil, kept: Kept, returning: Returned): Promise<Kept> {
  const { order } = kept;
  const comesBack = new Map(returning.lines.map(({ line, quantity }) => [line, quantity]));
  const lines = order.lines.map((line) => ({ ...line, returned: line.returned + (comesBack.get(line.id) ?? 0) }));
  const isWhole = lines.every(({ quantity, returned }) => quantity === returned);
  // a campaign is used up by an order, not by its units: the use is free again when nothing of the order is kept
  const parts = kept.parts.flatMap(({ part, type, uses }): { part: number; uses?: number; amount?: number }[] => {
    if (type === 'use') return isWhole ? [{ part, uses: uses ?? 1 }] : [];
    return returning.credit > 0 ? [{ part, amount: returning.credit }] : [];
  });
  const units = returning.lines.map(({ line, quantity }) => ({ line, units: quantity }));
  const refund = { ...(parts.length > 0 && { parts }), lines: units };
  await worker.post(`/redemptions/${order.redemption}/refund`, refund, `return/${order.id}/${returning.key}`);
  return { ...kept, order: { ...order, lines, returns: [...order.returns, returning] }, state: 'redeemed' };
}
