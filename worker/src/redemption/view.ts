import type { Problem } from '../problem';
import type { RecordEntry } from '../records/records';
import { failedOf } from './entered';
import type { Charge, Redeemed } from './redemption_store';

/** A redemption as its caller sees it. */
export function viewOf({ id, status, until, order, charge, snapshot, earn, paid, refunds, refusal }: Redeemed): object {
  const { currency, subtotal, discountTotal, shippingTotal, total, due, points, campaigns } = charge;
  return {
    id, status, until, ...(order !== undefined && { order }),
    currency, subtotal, discountTotal, shippingTotal, total, due, points, campaigns,
    ...(charge.entered && { entered: charge.entered }),
    snapshot: { version: snapshot.version },
    parts: charge.parts.map((part, index) => ({ part: index, ...part })),
    ...(refunds.length > 0 && { refunds }),
    ...(earn && points > 0 && { earned: { account: earn.account, amount: points } }),
    ...(!earn && paid && paid.earns.length > 0 && { earns: paid.earns }),
    ...(refusal && { refusal }),
  };
}

/** What a record needs of a redemption, or of an attempt at one. */
export type Recorded = Pick<Redeemed, 'id' | 'order' | 'customer'> & {
  charge: Pick<Charge, 'campaigns' | 'currency' | 'total' | 'discountTotal' | 'discounts' | 'experiments' | 'entered'>;
};

/** What the books of the shop say of it: who, when, what it cost, and why not. */
export function recordOf({ id, charge, order, customer }: Recorded, outcome: string, problem?: Problem): RecordEntry {
  const { campaigns, currency, total, discountTotal, discounts, experiments } = charge;
  return {
    at: Date.now(), outcome, redemption: id, order: order ?? null, customer: customer ?? null, campaigns, currency, total,
    discount: discountTotal, discounts, experiments, code: problem?.code ?? null, message: problem?.message ?? null,
    ...(problem?.params && { params: problem.params }), failed: failedOf(charge.entered ?? []),
  };
}
