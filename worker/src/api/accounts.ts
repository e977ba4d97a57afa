import type { GenericSchema, InferOutput } from 'valibot';
import { sha256 } from '../digest';
import { edgeEngine, type Opened } from '../edge_engine';
import type { Env } from '../env';
import { refusalIn, refused, type Answer } from '../ledger/answer';
import { loyaltyIn, asks, whoseAccount, whoseName, type Whose } from '../customers/following';
import { putBack, stockOf } from '../ledger/claims';
import { bookOf, carryOut, type Command, type Told } from '../ledger/book';
import { lotOf } from '../ledger/earnings';
import { statementOf } from '../ledger/statement';
import { Refusal } from '../problem';
import type { Action } from '../records/events';
import { programmeIn, rulesIn, type Rules } from '../redemption/charging';
import * as answers from './answers';
import { noStore } from './redemptions';
import { route, type Route } from './route';
import * as schemas from './schemas';

const posting = { status: 200, schema: schemas.told } as const;

/** The addresses of accounts: gift cards, credit and points, and what they buy. */
export const accounts: Route[] = [
  route({
    method: 'GET', path: '/programme', summary: 'The programme in force: schemes, rewards, referrals, allowances.', who: 'checkout',
    answer: { status: 200, schema: schemas.told }, refusals: [503],
    handle: async ({ env }) => {
      const programme = programmeIn(await edgeEngine.opened(env, Date.now()));
      return new Response(programme, { headers: { ...noStore, 'content-type': 'application/json' } });
    },
  }),
  route({
    method: 'GET', path: '/accounts/{id}', summary: 'The statement of an account.', who: 'checkout',
    answer: { status: 200, schema: schemas.told }, refusals: [404, 422, 503],
    handle: async ({ c, env, param }) => {
      const account = accountIn(param);
      const told = await statementOf(env, await snapshotIn(env), await rulesNow(env), account);
      const refusal = refusalIn(told);
      if (refusal) throw refused(refusal);
      return c.json(told, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/accounts/{id}/events', summary: 'What happened on an account, the oldest first.', who: 'checkout',
    query: schemas.page, answer: { status: 200, schema: answers.events },
    handle: async ({ c, env, param, query }) =>
      c.json(await bookOf(env, `account:${accountIn(param)}`).events(query.after ?? 0, query.limit), 200, noStore),
  }),
  onAccount('refill', 'Puts an amount on an account: a gift card is issued or refilled.', schemas.refill, ({ lot, ...body }, key) => ({
    type: 'refill', lot: lot ?? key, ...body,
  })),
  route({
    method: 'POST', path: '/accounts/{id}/earn', summary: 'Earns points or credit, for an order or an event once, with what follows from that.', who: 'checkout', keyed: true,
    body: schemas.earn, answer: posting, refusals: [404, 409, 503],
    handle: async ({ env, key, body: { order, event, rule, customer, ...body }, param }) => {
      const [account, occasion] = [accountIn(param), order ?? event];
      const lot = occasion === undefined ? await short(key) : lotOf(order === undefined ? 'event' : 'order', occasion, rule);
      const command = { key: occasion === undefined ? `api/${key}` : `earn/${lot}`, type: 'earn', account, lot, order, rule, ...body };
      return answered(await followed(env, command, (opened) => whoseAccount(env, opened, account, body.scheme, customer)));
    },
  }),
  onAccount('spend', 'Spends from an account, first-expiring first.', schemas.spend, (body, key) => ({
    type: 'spend', reservation: `sp_${key}`, ...body,
  })),
  onAccount('take-back', 'Takes back what an order earned, as far as it is returned.', schemas.takeBack, (body) => ({ type: 'take_back', ...body })),
  onAccount('activate', 'Activates a pending lot before its day, or all that is due.', schemas.lot, (body) => ({ type: 'activate', ...body })),
  onAccount('expire', 'Ends a lot before its day, or all that is due.', schemas.lot, (body) => ({ type: 'expire', ...body })),
  onAccount('grant', 'Entitles a member to something for a time, or without an end.', schemas.entitle, ({ grant, ...body }, key) => ({
    type: 'grant', grant: grant ?? key, ...body,
  })),
  onAccount('revoke', 'Takes an entitlement back.', schemas.revoke, (body) => ({ type: 'revoke', ...body })),
  { ...onAccount('suspend', 'Lets nothing more come onto an account or be spent from it.', schemas.suspend, (body) => ({ type: 'suspend', ...body })), ...byHand('account_suspended') },
  { ...onAccount('resume', 'Opens a suspended account again.', schemas.nothing, () => ({ type: 'resume' })), ...byHand('account_resumed') },
  { ...onAccount('adjust', 'Corrects an account by hand.', schemas.adjust, (body, key) => ({ type: 'adjust', ...(body.amount > 0 && { lot: key }), ...body })), ...byHand('account_adjusted') },
  route({
    method: 'POST', path: '/accounts/{id}/claims', summary: 'Buys a reward with points, with what follows from that.', who: 'checkout', keyed: true,
    body: schemas.claim, answer: posting, refusals: [404, 409, 503],
    handle: async ({ env, key, body, param }) => {
      const [account, name] = [accountIn(param), await short(key)];
      const command = { key: `claim/${name}`, type: 'claim', reservation: `cl_${name} ${body.reward}`, account, ...body };
      return answered(await followed(env, command, (opened) => whoseAccount(env, opened, account, rulesIn(opened).rewards?.[body.reward]?.scheme, body.customer)));
    },
  }),
  route({
    method: 'POST', path: '/accounts/{id}/rollback', summary: 'Undoes a spending or a claim.', who: 'checkout', keyed: true,
    body: schemas.rollback, answer: posting, refusals: [404, 409, 503],
    handle: async ({ env, key, body, param }) => {
      const { reservation } = body;
      const told = await ask(env, `account:${accountIn(param)}`, { key: `api/${key}`, type: 'rollback', reservation });
      const stock = stockOf(await rulesNow(env), reservation.split(' ')[1]);
      if (stock !== undefined) await putBack(env, await snapshotIn(env), stock, reservation, told.epoch);
      return answered(told);
    },
  }),
  route({
    method: 'POST', path: '/referrals/codes', summary: 'Issues a referral code to its holder.', who: 'checkout', keyed: true,
    body: schemas.invite, answer: posting, refusals: [409, 422, 503],
    handle: async ({ env, key, body }) => answered(await ask(env, 'referrals:all', { key: `api/${key}`, type: 'invite', ...body })),
  }),
  route({
    method: 'POST', path: '/referrals', summary: 'A friend comes by somebody’s invitation, and gets what there is for coming.', who: 'checkout', keyed: true,
    body: schemas.refer, answer: posting, refusals: [404, 409, 503],
    handle: async ({ env, key, body }) => answered(await followed(env, { key: `api/${key}`, type: 'refer', ...body }, () => whoseName(env, body.friend))),
  }),
  route({
    method: 'POST', path: '/referrals/{friend}/convert', summary: 'The friend did what the invitation is rewarded for: the referrer gets it.', who: 'checkout', keyed: true,
    body: schemas.nothing, answer: posting, refusals: [404, 409, 503],
    handle: async ({ env, key, param }) => answered(await followed(env, { key: `api/${key}`, type: 'convert', friend: param('friend') }, () => whoseName(env, param('friend')))),
  }),
];

/** A command on one account. */
function onAccount<B extends GenericSchema>(verb: string, summary: string, schema: B, command: (body: InferOutput<B>, key: string) => object): Route {
  return {
    method: 'POST', path: `/accounts/{id}/${verb}`, summary, who: 'checkout', keyed: true, body: schema, answer: posting, refusals: [404, 409, 503],
    handle: async ({ env, key, body, param }) => {
      const account = accountIn(param);
      const wanted = { key: `api/${key}`, account, ...command(body as InferOutput<B>, await short(key)) };
      return answered(await ask(env, `account:${account}`, wanted as unknown as Command));
    },
  };
}

/** What a person does to an account, with what they said of it. */
function byHand(action: Action): Pick<Route, 'who' | 'notes'> {
  return {
    who: 'admin',
    notes: ({ body }) => {
      const { scheme, amount, reason } = body as { scheme?: string; amount?: number; reason?: string };
      return { action, detail: [scheme, amount, reason].filter((word) => word !== undefined).join(' ') };
    },
  };
}

/** What the programme in force says. */
async function rulesNow(env: Env): Promise<Rules> {
  return rulesIn(await edgeEngine.opened(env, Date.now()));
}

async function ask(env: Env, book: string, command: Command): Promise<Told> {
  return carryOut(env, book, await snapshotIn(env), command, 0);
}

/** A command from which something may follow for somebody. Their object sends it, so that this comes whatever dies in between. */
async function followed(env: Env, command: Command, whoseOf: (opened: Opened) => Promise<Whose>): Promise<Told> {
  const opened = await edgeEngine.opened(env, Date.now());
  programmeIn(opened);
  if (!loyaltyIn(opened).isThere) return asks(env, opened, { sha256: opened.pointer.sha256, command }, command, 0);
  const whose = await whoseOf(opened);
  const outcome = (await env.CUSTOMERS.getByName(whose.pseudonym).ask(whose, command as never)) as unknown as Outcome;
  if ('done' in outcome) return outcome.done.told;
  throw new Refusal(outcome.status, outcome.problem);
}

type Outcome = { done: { told: Told } } | { status: number; problem: Refusal['problem'] };

async function snapshotIn(env: Env): Promise<string> {
  const opened = await edgeEngine.opened(env, Date.now());
  // an object in this isolate finds it at hand
  programmeIn(opened);
  return opened.pointer.sha256;
}

function accountIn(param: (name: string) => string): string {
  return param('id');
}

function answered({ answer, repeated }: Told): Response {
  const { status: _, ...told } = answer as Answer & { status: 'accepted' };
  const replay: Record<string, string> = repeated ? { 'idempotent-replay': 'true' } : {};
  const refusal = refusalIn({ answer });
  if (refusal) return refused(refusal, replay).toResponse();
  return Response.json(told, { headers: { ...noStore, ...replay } });
}

/** Keys may be longer than what is named after them. */
async function short(key: string): Promise<string> {
  return (await sha256(`account/${key}`)).slice(0, 32);
}
