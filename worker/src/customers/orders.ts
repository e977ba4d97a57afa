import type { Happened } from 'counterfoil/workshop';
import type { Opened } from '../edge_engine';
import type { Env } from '../env';
import type { Command } from '../ledger/book';
import { stockOf } from '../ledger/claims';
import { lotOf } from '../ledger/earnings';
import { Refusal } from '../problem';
import { rulesIn } from '../redemption/charging';
import type { Begin, Earning, Paid, Redeemed, Returned, Status, Task } from '../redemption/redemption_store';
import { accountsOf, follow, inviterOf, loyaltyIn, type Claimed } from './following';
import type { Known } from './known';

/** An order that is charged. */
interface Ordered extends Pick<Begin, 'id' | 'order' | 'earn' | 'charge' | 'snapshot'> {
  /** As the engine was asked, where that is known. */
  asking: (Known & { quoted: string }) | undefined;
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
  if (!asking) {
    if (charge.campaigns.some((campaign) => buys(opened, campaign).length > 0)) throw unknownLines();
    return undefined;
  }
  const { request, accounts } = asking;
  const invitedBy = await inviterOf(env, opened, customer);
  const asked = { ...request, now, customer: { ...(request['customer'] as object | undefined), id: customer } };
  const happened = { type: 'order', id: order, request: asked, accounts, ...(invitedBy && { invitedBy }) } as unknown as Happened;
  const { earned, gives, commands: following } = follow(opened, happened);
  const charged = (following as unknown as Command[]).filter((command) => isCharged(opened, command, charge.campaigns));
  const commands = [...stale(opened, ordered, asking, pseudonym), ...charged].map((command) => asKept(command, ordered, pseudonym));
  const happens = earned.length > 0 || gives.length > 0;
  return { order, sha256: opened.pointer.sha256, commands, ...(happens && { happened: { earned, gives } }), earns: earnsOf(commands), claims: commands.filter(isClaim).map((command) => claimed(opened, command)) };
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
  const undone = claims.map((claim) => ({ sha256, claim, command: undoing(id, claim) }));
  const back = takenBack(paid, `${id}/take-back`, undefined);
  return undone.length + back.length === 0 ? [] : [{ type: 'follow', customer, accounts, commands: [...back, ...undone] }];
}

/** What puts back what points have bought for an order. */
export function undoing(id: string, { reward, reservation }: Claimed): Command {
  return { key: `${id}/undo/${reward}`, type: 'rollback', reservation };
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

/** The rewards that a campaign has points buy. */
function buys(opened: Opened, campaign: string): string[] {
  return [...loyaltyIn(opened).bought].flatMap(([reward, by]) => (by === campaign ? [reward] : []));
}

/** Claims by campaigns that were quoted and would not be now, as another order may have had the points meanwhile: the ledger says. */
function stale(opened: Opened, { charge }: Ordered, { quoted, accounts }: Known & { quoted: string }, pseudonym: string): Command[] {
  const { outcomes } = JSON.parse(quoted) as { outcomes: { redeemable?: string; status: string }[] };
  const gone = charge.campaigns.filter((campaign) => !outcomes.some(({ redeemable, status }) => redeemable === campaign && status === 'applied'));
  const usual = accountsOf(opened, pseudonym);
  return gone.flatMap((campaign) => buys(opened, campaign)).map((reward) => {
    const scheme = rulesIn(opened).rewards?.[reward]?.scheme ?? '';
    const account = accounts.find((told) => told.scheme === scheme)?.account ?? usual[scheme];
    return { key: reward, type: 'claim', reservation: reward, reward, account, units: 1 };
  });
}

/**
 * What is earned by the key under which whoever tells of the same order would tell it; a claim by the redemption's, as an order may be
 * tried again whose first claim was undone. Neither has the shop's name for the customer.
 */
function asKept(command: Command, { id, order = id }: Ordered, pseudonym: string): Command {
  const claim = `${String(command['reward'])}/${id}`;
  if (isClaim(command)) return { ...command, key: claim, reservation: claim, customer: pseudonym };
  if (command.type !== 'earn') return command;
  const lot = lotOf('order', order, String(command['rule']));
  return { ...command, key: `earn/${lot}`, lot };
}

export const isClaim = ({ type }: Command): boolean => type === 'claim';

function claimed(opened: Opened, { account, reward, reservation }: Command): Claimed {
  const stock = stockOf(rulesIn(opened), String(reward));
  return { account, reward, reservation, ...(stock !== undefined && { stock }) } as Claimed;
}

function unknownLines(): Refusal {
  return new Refusal(422, {
    code: 'field_missing',
    message: 'Points pay for a campaign of the quote, and the token does not tell of what.',
    help: 'Send the `request` that was quoted beside its token.',
    at: { document: 'request', pointer: '/request' },
    fixBy: 'developer',
  });
}

function earnsOf(commands: readonly Command[]): Paid['earns'] {
  const earning = commands.filter(({ type }) => type === 'earn');
  return earning.map(({ account, rule, amount }) => ({ account, ...(rule !== undefined && { rule }), amount }) as Paid['earns'][number]);
}
