import type { Returned } from '../src/account';
import type { Counterfoil } from './counterfoil';
import type { Kept, Part, Person } from './kept';

/**
 * What the worker is asked when an order is placed or units come back. Each question has a key of its own that is made of the
 * order, so all of it may be asked again: what has happened already is answered and does not happen twice.
 */

/** Redeems the quote. From here on the order is one. */
export async function redeem(worker: Counterfoil, person: Person, kept: Kept): Promise<Kept> {
  const { order, token } = kept;
  // a real shop takes the money between `held` and `confirm`
  const redemption = { token, order: order.id, customer: person.id, confirm: true };
  const { id, parts } = await worker.post<{ id: string; parts: Part[] }>('/redemptions', redemption, `order/${order.id}`);
  return { ...kept, parts, order: { ...order, redemption: id }, state: 'redeemed' };
}

/** Books what the order earns, for the shopper and for who invited them. */
export async function book(worker: Counterfoil, person: Person, kept: Kept): Promise<Kept> {
  const { order, request } = kept;
  const engine = await worker.engine(kept.snapshot, order.at);
  const invitation = person.invitedBy === undefined || !request.customer ? {} : { invitedBy: { customer: person.invitedBy } };
  const { commands } = engine.follow({ type: 'order', id: order.id, request, ...invitation });
  for (const command of commands) await carryOut(worker, person, command);
  return { ...kept, state: 'settled' };
}

/** Gives the credit of returned units back where it came from, and takes their points. */
export async function takeBack(worker: Counterfoil, person: Person, kept: Kept, returning: Returned): Promise<Kept> {
  const { order } = kept;
  const comesBack = new Map(returning.lines.map(({ line, quantity }) => [line, quantity]));
  const lines = order.lines.map((line) => ({ ...line, returned: line.returned + (comesBack.get(line.id) ?? 0) }));
  const isWhole = lines.every(({ quantity, returned }) => quantity === returned);
  // a campaign is used up by an order, not by its units: the use is free again when nothing of the order is kept
  const parts = kept.parts.flatMap(({ part, type, uses }): { part: number; uses?: number; amount?: number }[] => {
    if (type === 'use') return isWhole ? [{ part, uses: uses ?? 1 }] : [];
    return returning.credit > 0 ? [{ part, amount: returning.credit }] : [];
  });
  if (parts.length > 0) await worker.post(`/redemptions/${order.redemption}/refund`, { parts }, `return/${order.id}/${returning.key}`);
  if (order.points > 0 && kept.request.customer) {
    const units = returning.lines.map(({ line, quantity }) => ({ line, units: quantity }));
    await worker.post(`/accounts/stars:${person.id}/take-back`, { order: order.id, lines: units }, `points/${order.id}/${returning.key}`);
  }
  return { ...kept, order: { ...order, lines, returns: [...order.returns, returning] }, state: 'settled' };
}

type Command = Readonly<Record<string, unknown>>;

/** A command of the loyalty programme, as the worker takes it. */
async function carryOut(worker: Counterfoil, person: Person, command: Command): Promise<void> {
  switch (command['type']) {
    case 'earn': {
      const { key, account, scheme, amount, order, rule, lines, pendingDays, expiry } = command;
      await worker.post(`/accounts/${account}/earn`, { scheme, amount, order, rule, lines, pendingDays, expiry }, String(key));
      break;
    }
    case 'convert':
      await thankReferrer(worker, person, String(command['key']));
      break;
    default:
      throw new Error(`no campaign of this shop asks for the command ${String(command['type'])}`);
  }
}

/** The invitation is good for one order; what it brings is the referrer's. */
async function thankReferrer(worker: Counterfoil, person: Person, key: string): Promise<void> {
  const { gives } = await worker.post<{ gives?: { gives?: { programme?: string; amount?: number } } }>(`/referrals/${person.id}/convert`, {}, key);
  const { programme, amount } = gives?.gives ?? {};
  if (programme === undefined || amount === undefined) return;
  const thanks = { scheme: programme, amount, event: `friend-${person.id}`, rule: 'referral' };
  await worker.post(`/accounts/${programme}:${person.invitedBy}/earn`, thanks, `thanks/${person.id}`);
}
