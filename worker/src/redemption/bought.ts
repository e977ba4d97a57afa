import { isClaim, undoing } from '../customers/orders';
import type { Env } from '../env';
import type { LedgerRefusal } from '../ledger/answer';
import { carryOut } from '../ledger/book';
import { claim, putBack } from '../ledger/claims';
import { insist, withoutNow } from './insisting';
import type { Redeemed } from './redemption_store';

/** What came of it, and the epoch that the books told. */
interface Bought {
  refusal?: LedgerRefusal;
  epoch: number;
}

/**
 * Has points pay for what the order buys with them, before other books are asked. When the order is confirmed the same claim is
 * repeated, for what follows from it.
 */
export async function buy(env: Env, { paid }: Redeemed, known: number): Promise<Bought> {
  let epoch = known;
  if (!paid) return { epoch };
  const stocks = new Map(paid.claims.map(({ reservation, stock }) => [reservation, stock]));
  for (const command of paid.commands.filter(isClaim)) {
    const stock = stocks.get(String(command['reservation']));
    const told = await insist(() => claim(env, paid.sha256, stock, withoutNow(command) as never, epoch));
    const { answer } = told;
    epoch = told.epoch;
    // another order may have had the points since the cart was quoted
    if (answer.status === 'refused') {
      const help = 'quote the cart again, and show the shopper what has changed';
      return { refusal: { ...answer.refusal, help, at: { document: 'request', pointer: '/request' } }, epoch };
    }
  }
  return { epoch };
}

/** Puts that back; what was never taken stays as it is. */
export async function putBackAll(env: Env, { id, paid }: Redeemed, known: number): Promise<number> {
  let epoch = known;
  if (!paid) return epoch;
  const { sha256, claims } = paid;
  for (const claimed of claims) {
    const { account, reservation, stock } = claimed;
    ({ epoch } = await insist(() => carryOut(env, `account:${account}`, sha256, undoing(id, claimed), epoch)));
    if (stock !== undefined) await insist(() => putBack(env, sha256, stock, reservation, epoch));
  }
  return epoch;
}
