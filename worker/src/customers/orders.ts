import type { Happened } from 'counterfoil/workshop';
import type { Opened } from '../edge_engine';
import type { Env } from '../env';
import type { Command } from '../ledger/book';
import { lotOf } from '../ledger/earnings';
import type { Begin, Earning, Paid, Redeemed, Returned, Status, Task } from '../redemption/redemption_store';
import { follow, inviterOf, loyaltyIn, type Claimed } from './following';
import type { Known } from './known';

/** An order that is charged. */
interface Ordered extends Pick<Begin, 'id' | 'order' | 'earn' | 'charge' | 'snapshot'> {
  /** As the engine was asked, where that is known. */
  asking: Known | undefined;
  /** As the shop names them. */
  customer: string | undefined;
  pseudonym: string | undefined;
}

/**
 * What the rules give the customer for an order when it is confirmed. Who says `earn` has decided what the order earns: the quote's
 * points, on that account.
 */
export async function paidOf(env: Env, opened: Opened, ordered: Ordered, now: number): Promise<Paid | undefined> {
  const { id, earn, charge, snapshot, asking, customer, pseudonym, order = id } = ordered;
  if (customer === undefined || pseudonym === undefined || !loyaltyIn(opened).isThere) return undefined;
  if (earn) {
    const commands = charge.points > 0 ? [earning(id, earn, charge.points)] : [];
    return { order: id, sha256: snapshot.sha256, accounts: { [earn.scheme]: earn.account }, commands, earns: earnsOf(commands), claims: [] };
  }
  if (!asking) return undefined;
  const { request, accounts } = asking;
  const invitedBy = await inviterOf(env, opened, customer);
  const asked = { ...request, now, customer: { ...(request['customer'] as object | undefined), id: customer } };
  const happened = { type: 'order', id: order, request: asked, accounts, ...(invitedBy && { invitedBy }) } as unknown as Happened;
  const { earned, gives, commands: following } = follow(opened, happened);
  const commands = (following as unknown as Command[]).filter((command) => isCharged(opened, command, charge.campaigns)).map((command) => asKept(command, order, pseudonym));
  const happens = earned.length > 0 || gives.length > 0;
  return { order, sha256: opened.pointer.sha256, commands, ...(happens && { happened: { earned, gives } }), earns: earnsOf(commands), claims: commands.filter(isClaim).map(claimed) };
}

/** What a redemption leads to on accounts of its customer, as it stands now. */
export function followsOf({ id, status, customer, paid, earn, charge, snapshot }: Redeemed): Task[] {
  if (!paid || customer === undefined) return earn && charge.points > 0 ? pointsOf(id, status, earn, charge.points, snapshot.sha256) : [];
  const { order, sha256, accounts, commands, happened, claims } = paid;
  if (status === 'confirmed') {
    const happening = happened && { id: `${customer}/order/${id}`, happening: { at: Date.now(), type: 'order' as const, customer, name: order, ...happened } };
    return commands.length === 0 ? [] : [{ type: 'follow', customer, ...(happening && { happening }), accounts, commands: commands.map((command) => ({ sha256, command })) }];
  }
  if (status !== 'rolled_back') return [];
  const undone = claims.map((claim) => ({ sha256, claim, command: { key: `${id}/undo/${claim.reward}`, type: 'rollback', reservation: claim.reservation } }));
  const back = takenBack(paid, `${id}/take-back`, undefined);
  return undone.length + back.length === 0 ? [] : [{ type: 'follow', customer, accounts, commands: [...back, ...undone] }];
}

/** The points of an order that nobody is known to have placed, and what an undone one gives back of them. */
function pointsOf(id: string, status: Status, earn: Earning, points: number, sha256: string): Task[] {
  const { account } = earn;
  const commands: Partial<Record<Status, Command>> = {
    confirmed: earning(id, earn, points),
    rolled_back: { key: `${id}/take-back`, type: 'take_back', account, order: id },
  };
  const command = commands[status];
  return command ? [{ type: 'command', book: `account:${account}`, sha256, command }] : [];
}

/** What accounts hear of units that come back; `key` is one that they did not hear yet. */
export function returnsOf({ id, customer, paid, earn, snapshot }: Redeemed, key: string, lines: Returned[]): Task[] {
  if (paid && customer !== undefined) {
    const commands = takenBack(paid, key, lines);
    return commands.length === 0 ? [] : [{ type: 'follow', customer, accounts: paid.accounts, commands }];
  }
  if (!earn) return [];
  const { account } = earn;
  return [{ type: 'command', book: `account:${account}`, sha256: snapshot.sha256, command: { key, type: 'take_back', account, order: id, lines } }];
}

function takenBack({ order, sha256, earns }: Paid, key: string, lines: Returned[] | undefined): { sha256: string; command: Command }[] {
  const accounts = [...new Set(earns.map(({ account }) => account))];
  return accounts.map((account) => ({ sha256, command: { key, type: 'take_back', account, order, ...(lines && { lines }) } }));
}

function earning(id: string, { account, scheme }: Earning, amount: number): Command {
  return { key: `${id}/earn`, type: 'earn', account, scheme, lot: id, amount, order: id };
}

/** A reward that an order buys by a campaign is had by those who were charged with it. */
function isCharged(opened: Opened, command: Command, campaigns: readonly string[]): boolean {
  const campaign = isClaim(command) ? loyaltyIn(opened).bought.get(String(command['reward'])) : undefined;
  return campaign === undefined || campaigns.includes(campaign);
}

/** By the key under which whoever tells of the same order would tell it, and without the shop's name for the customer. */
function asKept(command: Command, order: string, pseudonym: string): Command {
  if (isClaim(command)) return { ...command, customer: pseudonym };
  if (command.type !== 'earn') return command;
  const lot = lotOf('order', order, String(command['rule']));
  return { ...command, key: `earn/${lot}`, lot };
}

const isClaim = ({ type }: Command): boolean => type === 'claim';

const claimed = ({ account, reward, reservation }: Command): Claimed => ({ account, reward, reservation }) as Claimed;

function earnsOf(commands: readonly Command[]): Paid['earns'] {
  const earning = commands.filter(({ type }) => type === 'earn');
  return earning.map(({ account, rule, amount }) => ({ account, ...(rule !== undefined && { rule }), amount }) as Paid['earns'][number]);
}
