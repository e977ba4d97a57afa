import type { Happened, KnownCustomer, LoyaltyAccount } from 'counterfoil/workshop';
import type { Opened } from '../edge_engine';
import type { Env } from '../env';
import { refusalIn } from '../ledger/answer';
import { bookOf, carryOut, type Command, type Told } from '../ledger/book';
import { claim } from '../ledger/claims';
import { earn, type Earning } from '../ledger/earnings';
import { programmeIn, rulesIn } from '../redemption/charging';

/** A command that follows from what has happened, and by which snapshot it is decided. */
export interface Following {
  sha256: string;
  command: Command;
}

/** Who something has happened to. */
export interface Member {
  /** As a request tells of them. */
  customer: KnownCustomer['customer'];
  utcOffset: number;
  /** The accounts of the customer by scheme. */
  accounts: Record<string, string>;
}

/** The account of each scheme: the named one, or the one of the usual name. */
export function accountsOf(opened: Opened, pseudonym: string, named: Record<string, string> = {}): Record<string, string> {
  const { schemes = {} } = rulesIn(opened);
  return Object.fromEntries(Object.keys(schemes).map((scheme) => [scheme, named[scheme] ?? `${scheme}:${pseudonym}`]));
}

/** What the accounts hold; one that nothing came onto yet holds nothing. */
export async function statementsOf(env: Env, { pointer }: Opened, accounts: Record<string, string>): Promise<LoyaltyAccount[]> {
  return Promise.all(Object.entries(accounts).map(async ([scheme, account]) => {
    const told = (await bookOf(env, `account:${account}`).statement(pointer.sha256, account)) as object;
    return refusalIn(told) ? { scheme, account } : { ...told, scheme, account };
  }));
}

/** What rules give for what has happened, and the commands by which the ledger decides it. */
export function follow(opened: Opened, happened: Happened): ReturnType<Opened['engine']['follow']> {
  programmeIn(opened);
  return opened.engine.follow(happened);
}

/**
 * Sends a command to its book, and answers what follows from that in turn. A book tells again what has happened by a command that
 * it carried out before: who asks again may have died before they heard, and what follows has keys of its own.
 */
export async function send(env: Env, opened: Opened, { sha256, command }: Following, member: Member, epoch: number): Promise<{ told: Told; next: Following[]; gives: readonly object[] }> {
  const { now: at, ...asked } = command;
  const told = await asks(env, opened, sha256, asked as Command, epoch);
  const { answer, events } = told;
  if (answer.status === 'refused') return { told, next: [], gives: [] };
  const accounts = await statementsOf(env, opened, member.accounts);
  const { customer, utcOffset } = member;
  const follows = follow(opened, { type: 'answered', id: command.key, now: Number(at), answer, events: events ?? [], customer, utcOffset, accounts });
  return { told, next: follows.commands.map((next) => ({ sha256: opened.pointer.sha256, command: next as Command })), gives: follows.gives };
}

function asks(env: Env, opened: Opened, sha256: string, command: Command, epoch: number): Promise<Told> {
  switch (command.type) {
    case 'claim':
      return claim(env, sha256, rulesIn(opened), command as never, epoch);
    case 'earn':
      return earn(env, sha256, command as Earning, epoch);
    case 'convert':
      return carryOut(env, 'referrals:all', sha256, command, epoch);
    default:
      return carryOut(env, `account:${String(command['account'])}`, sha256, command, epoch);
  }
}
