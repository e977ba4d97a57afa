import type { Env } from '../env';
import type { Rules } from '../redemption/charging';
import { carryOut, type Command, type Told } from './book';

/** A command that buys a reward. */
export interface Claim extends Command {
  reservation: string;
  account: string;
  reward: string;
  units: number;
}

/**
 * A reward of which there are only so many is taken from its stock before it is paid: whatever dies in between, no more
 * are handed out than there are, and the repeat of the request goes on where it stopped.
 */
export async function claim(env: Env, sha256: string, stock: string | undefined, command: Claim, epoch: number): Promise<Told> {
  const { reservation, account, units = 1 } = command;
  // a backup that the stock is part of is one that the account hears of
  let known = epoch;
  if (stock !== undefined) {
    const parts = [{ type: 'use', allowance: stock, uses: units }];
    // whoever is named, the member is who pays
    const take = { key: `${reservation}/take`, type: 'redeem', reservation, customer: account, parts };
    const taken = await carryOut(env, `allowance:${stock}`, sha256, take, epoch);
    if (taken.answer.status === 'refused') return taken;
    known = taken.epoch;
  }
  const told = await carryOut(env, `account:${account}`, sha256, command, known);
  if (stock !== undefined && told.answer.status === 'refused') await putBack(env, sha256, stock, reservation, told.epoch);
  return told;
}

/** Puts a reward back into its stock. */
export async function putBack(env: Env, sha256: string, stock: string, reservation: string, epoch: number): Promise<void> {
  await carryOut(env, `allowance:${stock}`, sha256, { key: `${reservation}/give`, type: 'rollback', reservation }, epoch);
}

/** The allowance that is the stock of a reward, if it has one. */
export function stockOf({ rewards = {} }: Rules, reward: string | undefined): string | undefined {
  return reward === undefined ? undefined : rewards[reward]?.stock;
}
