import type { Env } from '../env';
import type { LedgerRefusal } from '../ledger/answer';
import { bookOf } from '../ledger/book';
import { countsForAll } from '../ledger/programme';
import type { Begin } from './redemption_store';

interface Use {
  type: string;
  allowance?: string;
  uses?: number;
  amount?: number;
}

/** What a shard says of a block that others have used up meanwhile. */
const MISSES: ReadonlySet<string> = new Set(['lease_used_up', 'lease_over', 'lease_unknown']);

export function isMiss({ code }: LedgerRefusal): boolean {
  return MISSES.has(code);
}

/** The parts of an order; those of hot campaigns with the block that one of their shards counts them in. */
export async function spread(env: Env, { id, charge, snapshot, shards = {}, locks = {} }: Begin): Promise<object[]> {
  return Promise.all(
    (charge.parts as Use[]).map(async (part) => {
      const { allowance, uses = 1, amount = 0 } = part;
      const [campaign = '', , shared] = allowance?.split('/') ?? [];
      const count = shards[campaign] ?? 0;
      const isLocked = `allowance:${campaign}` in locks;
      if (allowance === undefined || shared !== undefined || count === 0 || isLocked || !(await countsForAll(env, snapshot.sha256, allowance))) return part;
      const shard = Number.parseInt(id.slice(-6), 16) % count;
      const lease = await bookOf(env, `lease:${campaign}/${shard}`).block(snapshot.sha256, allowance, uses, amount);
      return lease === null ? part : { ...part, lease };
    }),
  );
}
