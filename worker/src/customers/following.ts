import type { Happened, KnownCustomer, LoyaltyAccount } from 'counterfoil/workshop';
import { pseudonymOf } from '../customer';
import type { Opened } from '../edge_engine';
import type { Env } from '../env';
import { refusalIn } from '../ledger/answer';
import { bookOf, carryOut, type Command, type Told } from '../ledger/book';
import { claim, putBack, stockOf } from '../ledger/claims';
import { earn, type Earning } from '../ledger/earnings';
import { NOBODY } from '../ledger/forgetting';
import { programmeIn, rulesIn, type Rules } from '../redemption/charging';
import { customerOf, type Profile } from './profile';

/** A command that follows from what has happened, and by which snapshot it is decided. */
export interface Following {
  sha256: string;
  command: Command;
  /** The claim that a rollback undoes. */
  claim?: Claimed;
}

/** What a claim was made with, and on which account. */
export interface Claimed {
  account: string;
  reward: string;
  reservation: string;
  /** The allowance that it is taken from, if there are only so many. */
  stock?: string;
}

/** Whose something is. */
export interface Whose {
  pseudonym: string;
  /** What their accounts are called after, where nothing else is kept of them: `<scheme>:<name>`. */
  name: string;
  /** Accounts by scheme that are theirs besides. */
  accounts?: Record<string, string> | undefined;
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

/** Whose an account is: of whom it is called after, or of the customer who is named; else it is somebody's of its own name. */
export async function whoseAccount(env: Env, opened: Opened, account: string, scheme: string | undefined, customer: string | undefined): Promise<Whose> {
  const { schemes = {} } = rulesIn(opened);
  const colon = account.indexOf(':');
  const prefix = account.slice(0, Math.max(colon, 0));
  if (prefix in schemes) {
    const name = account.slice(colon + 1);
    return { pseudonym: await pseudonymOf(env, name), name, accounts: { [prefix]: account } };
  }
  const pseudonym = await pseudonymOf(env, customer ?? account);
  return { pseudonym, name: customer === undefined ? account : pseudonym, ...(scheme !== undefined && { accounts: { [scheme]: account } }) };
}

/** A customer by the shop's own name for them, or by their pseudonym. */
export async function whoseName(env: Env, customer: string): Promise<Whose> {
  const pseudonym = await pseudonymOf(env, customer);
  return { pseudonym, name: pseudonym };
}

/** The same as commands know them, with what is kept of them. */
export function memberOf(opened: Opened, { pseudonym, name, accounts }: Whose, profile: Profile): Member {
  const own = accountsOf(opened, name, profile.accounts);
  return { customer: customerOf(profile, { id: pseudonym }), utcOffset: profile.utcOffset ?? 0, accounts: { ...own, ...accounts } };
}

/** What is kept of a customer. */
export async function profileOf(env: Env, pseudonym: string): Promise<Profile> {
  const kept = await env.CUSTOMERS.getByName(pseudonym).read();
  return (kept?.profile ?? {}) as Profile;
}

/** What rules there are besides those of the ledger. */
interface Loyalty {
  /** Whether anything can follow from what has happened. */
  isThere: boolean;
  /** The campaigns by which orders buy rewards, by reward. */
  bought: ReadonlyMap<string, string>;
}

const loyalties = new WeakMap<Opened['engine'], Loyalty>();

/** Whether invitations bring something that rules give; what else the ledger's programme says there is passed on as it is. */
function givesForFriends({ referrals: { friend, ladder = [], ladders = {} } = {} }: Rules): boolean {
  const steps = [...ladder, ...Object.values(ladders).flat()].map(({ gives }) => gives);
  return [friend, ...steps].some((gives) => typeof gives?.type === 'string');
}

/** Those of a snapshot, as its preview tells them. */
export function loyaltyIn(opened: Opened): Loyalty {
  const known = loyalties.get(opened.engine);
  if (known) return known;
  const { programmes } = opened.engine.preview({ currency: 'EUR', lines: [] }, []);
  const offers = programmes.flatMap(({ rewards }) => rewards);
  const bought = new Map(offers.flatMap(({ reward, automatic }) => (typeof automatic === 'object' && 'campaign' in automatic ? [[reward, automatic.campaign] as const] : [])));
  const found: Loyalty = { isThere: programmes.length > 0 || givesForFriends(rulesIn(opened)), bought };
  loyalties.set(opened.engine, found);
  return found;
}

/** Who invited a customer, as long as that is not rewarded. */
interface Inviter {
  customer: string;
  segments: string[];
}

/** The same with the segments that choose a ladder; by the name under which the friend was referred. */
export async function inviterOf(env: Env, opened: Opened, customer: string): Promise<Inviter | undefined> {
  if (rulesIn(opened).referrals === undefined) return undefined;
  const inviter = await bookOf(env, 'referrals:all').inviterOf(customer);
  if (inviter === null) return undefined;
  const kept = await env.CUSTOMERS.getByName(await pseudonymOf(env, inviter)).read();
  return { customer: inviter, segments: kept?.segments.map(({ segment }) => segment) ?? [] };
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
 * it carried out before: who asks again may have died before they heard, and what follows has keys of its own. What a conversion
 * brings is the referrer's.
 */
export async function send(env: Env, opened: Opened, following: Following, asking: Member, epoch: number): Promise<Sent> {
  const { now: at, ...asked } = following.command;
  const told = await asks(env, opened, following, asked as Command, epoch);
  const { answer, events } = told;
  const member = asked.type === 'convert' ? await referrerIn(env, opened, told) : asking;
  if (answer.status === 'refused' || !member) return { told, member: asking, next: [], gives: [] };
  const accounts = await statementsOf(env, opened, member.accounts);
  const { customer, utcOffset } = member;
  const follows = follow(opened, { type: 'answered', id: asked.key, now: Number(at), answer, events: events ?? [], customer, utcOffset, accounts });
  return { told, member, next: follows.commands.map((next) => ({ sha256: opened.pointer.sha256, command: next as Command })), gives: follows.gives };
}

/** What a command was answered, and what follows from it for whom. */
interface Sent {
  told: Told;
  member: Member;
  next: Following[];
  gives: readonly object[];
}

async function referrerIn(env: Env, opened: Opened, { answer }: Told): Promise<Member | undefined> {
  const { referrer } = (answer.status === 'accepted' ? (answer['gives'] ?? {}) : {}) as { referrer?: string };
  if (referrer === undefined || referrer === NOBODY) return undefined;
  const whose = await whoseName(env, referrer);
  return memberOf(opened, whose, await profileOf(env, whose.pseudonym));
}

/** Has a command carried out where it belongs. */
export async function asks(env: Env, opened: Opened, { sha256, claim: undone }: Following, command: Command, epoch: number): Promise<Told> {
  switch (command.type) {
    case 'claim':
      return claim(env, sha256, stockOf(rulesIn(opened), String(command['reward'])), command as never, epoch);
    case 'earn':
      return earn(env, sha256, command as Earning, epoch);
    case 'refer':
    case 'convert':
      return carryOut(env, 'referrals:all', sha256, command, epoch);
    case 'rollback': {
      const { account, reward, reservation } = undone as Claimed;
      const told = await carryOut(env, `account:${account}`, sha256, command, epoch);
      const stock = stockOf(rulesIn(opened), reward);
      if (stock !== undefined) await putBack(env, sha256, stock, reservation, told.epoch);
      return told;
    }
    default:
      return carryOut(env, `account:${String(command['account'])}`, sha256, command, epoch);
  }
}
