import { sha256 as digest } from '../digest';
import type { Env } from '../env';
import { carryOut, type Command, type Told } from './book';
import { ceilingOf, sharedCeilings } from './programme';

/** A command by which an account earns. */
export interface Earning extends Command {
  account: string;
  scheme: string;
  amount: number;
  rule?: string;
}

/** The lot of what an order or an event earns by a rule; its key is made of it: whoever tells of the occasion again, it counts once. */
export function lotOf(kind: 'order' | 'event', occasion: string, rule: string | undefined): string {
  return [kind, occasion, ...(rule === undefined ? [] : [rule])].join('/');
}

interface Taken {
  amount: number;
}

/**
 * Ceilings that count all members together have a book of their own, and are taken from before the account earns: whatever dies
 * in between, none is passed, and the repeat of the command goes on where it stopped. What the account does not get of it goes back.
 */
export async function earn(env: Env, sha256: string, command: Earning, epoch: number): Promise<Told> {
  const { account, scheme, rule, amount } = command;
  const ceilings = await sharedCeilings(env, sha256, scheme, rule);
  if (ceilings.length === 0) return carryOut(env, `account:${account}`, sha256, command, epoch);
  const book = ceilingsBook(scheme);
  // by all that is asked, not by its key alone: a key that comes with something else takes nothing back of what it took first
  const reservation = `earn/${(await digest(JSON.stringify(command))).slice(0, 32)}`;
  const parts = ceilings.map(({ name, currency }) => ({ type: 'use', allowance: name, uses: 1, amount, currency, upTo: true }));
  const take = { key: `${reservation}/take`, type: 'redeem', reservation, parts };
  const taken = await carryOut(env, book, sha256, take, epoch);
  if (taken.answer.status === 'refused') return ofRule(taken);
  const amounts = (taken.answer['parts'] as Taken[]).map((part) => part.amount);
  const told = await carryOut(env, `account:${account}`, sha256, { ...command, amount: Math.min(...amounts) }, taken.epoch);
  if (told.answer.status === 'refused') {
    await carryOut(env, book, sha256, { key: `${reservation}/give`, type: 'rollback', reservation }, told.epoch);
    return told;
  }
  const earned = Number(told.answer['amount']);
  const rest = amounts.map((had, part) => ({ part, amount: had - earned })).filter((share) => share.amount > 0);
  if (rest.length === 0) return told;
  const back = await carryOut(env, book, sha256, { key: `${reservation}/rest`, type: 'refund', reservation, parts: rest }, told.epoch);
  return { ...told, epoch: back.epoch };
}

/** The book of the ceilings that count all accounts of a scheme together. */
export function ceilingsBook(scheme: string): string {
  return `allowance:${ceilingOf(scheme)}`;
}

/** A refusal at the place where the account's own book would have it: the caller has sent no parts. */
function ofRule({ answer, ...taken }: Told): Told {
  if (answer.status === 'accepted') return { ...taken, answer };
  return { ...taken, answer: { ...answer, refusal: { ...answer.refusal, at: { document: 'command', pointer: '/rule' } } } };
}
