import type { Reason } from 'counterfoil';
import { campaignName } from './campaign-names';
import { money, sentence } from './format';

/**
 * Reasons as this shop says them to its customers. A reason's `code` and `params` are stable for this purpose; its own
 * `message` and `help` speak to shoppers, merchants and developers alike and serve wherever they fit.
 */
const worded: Record<string, (params: Reason['params'], currency: string) => string> = {
  min_subtotal_not_reached: ({ required, missing }, currency) =>
    `It needs goods for ${money(Number(required), currency)}. Add ${money(Number(missing), currency)} more.`,
  too_many_orders: ({ allowed }) => (allowed === 0 ? 'It is for a first order only.' : 'It is for customers with fewer orders.'),
  order_history_unknown: () => 'It depends on your earlier orders. Sign in, so that the shop knows them.',
  excluded_by_stacking: ({ by }) => `It does not combine with “${campaignName(String(by)).name}”. Remove that one to use this one.`,
};

export function reasonWords(reason: Reason, currency: string): string {
  const own = worded[reason.code];
  return own ? own(reason.params, currency) : `${sentence(reason.message)} ${sentence(reason.help)}`;
}
