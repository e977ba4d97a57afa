import { pseudonym, pseudonymOf } from '../customer';
import type { Customer, Moved, Named, Since, Told } from '../customers/customer';
import { accountsOf } from '../customers/following';
import { keepCustomers } from '../customers/known';
import type { Profile } from '../customers/profile';
import { edgeEngine } from '../edge_engine';
import type { Env } from '../env';
import { bookOf } from '../ledger/book';
import type { Invitations } from '../ledger/forgetting';
import { statementOf } from '../ledger/statement';
import { Refusal } from '../problem';
import type { Happening } from '../records/happenings';
import type { RecordEntry } from '../records/records';
import { rulesIn } from '../redemption/charging';
import { books } from './records';
import { fingerprint, noStore } from './redemptions';
import * as answers from './answers';
import { route, type Route } from './route';
import * as schemas from './schemas';

/** Rows of an export that are read at once. */
const EXPORT_PAGE = 500;

/** The addresses of customers: what is kept of them, the segments they enter and leave, and what they have done. */
export const customers: Route[] = [
  route({
    method: 'PUT', path: '/customers/{id}', summary: 'Keeps what is known of a customer, in place of what was kept, and looks which segments they enter and leave by it.', who: 'checkout',
    body: schemas.profile, answer: { status: 200, schema: schemas.told }, refusals: [503],
    handle: async ({ c, env, body, param }) => {
      const named = await namedBy(env, param('id'));
      const moved = answered(await object(env, named).put(named, body as never));
      await keepCustomers(env);
      return c.json({ customer: named.pseudonym, ...moved }, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/customers/{id}', summary: 'What is kept of a customer, and which segments they are in.', who: 'checkout',
    answer: { status: 200, schema: schemas.told }, refusals: [404],
    handle: async ({ c, env, param }) => {
      const named = await namedBy(env, param('id'));
      const kept = await keptOf(env, named);
      if (!kept) throw customerUnknown();
      return c.json({ customer: named.pseudonym, ...kept }, 200, noStore);
    },
  }),
  route({
    method: 'POST', path: '/customers/{id}/segments', summary: 'Looks again which segments a customer is in: time passes, and campaign documents change.', who: 'checkout',
    body: schemas.nothing, answer: { status: 200, schema: schemas.told }, refusals: [503],
    handle: async ({ c, env, param }) => {
      const named = await namedBy(env, param('id'));
      return c.json({ customer: named.pseudonym, ...answered(await object(env, named).look(named)) }, 200, noStore);
    },
  }),
  route({
    method: 'POST', path: '/customers/{id}/events', summary: 'Something of the shop’s own has happened: what the programme gives for it is earned, once for each key.', who: 'checkout', keyed: true,
    body: schemas.event, answer: { status: 200, schema: schemas.told }, refusals: [409, 503],
    handle: async ({ env, key, body, param }) => {
      const named = await namedBy(env, param('id'));
      const told = (await object(env, named).happen(named, key, await fingerprint('event', body), body.event, body.payload as never)) as Told<Moved>;
      const replay: Record<string, string> = 'done' in told && told.repeated ? { 'idempotent-replay': 'true' } : {};
      return Response.json({ customer: named.pseudonym, ...answered(told) }, { headers: { ...noStore, ...replay } });
    },
  }),
  route({
    method: 'GET', path: '/records/customers', summary: 'Segments entered and left, events, and codes that were published, the newest first.', who: 'admin',
    query: schemas.happeningQuery, answer: { status: 200, schema: answers.happenings },
    handle: async ({ c, env, query: { customer, type, after, limit } }) =>
      c.json(await books(env).happenings({ type, customer: customer === undefined ? undefined : await pseudonymOf(env, customer) }, after, limit), 200, noStore),
  }),
  route({
    method: 'GET', path: '/admin/customers/{id}', summary: 'All there is of a customer: what is kept, accounts, invitations, codes, what happened and what was redeemed.', who: 'admin',
    answer: { status: 200, schema: schemas.told }, refusals: [503],
    handle: async ({ c, env, param }) => {
      const named = { id: param('id'), pseudonym: await pseudonymOf(env, param('id')) };
      const customer = named.pseudonym;
      const kept = await keptOf(env, named);
      const opened = await edgeEngine.opened(env, Date.now());
      const { sha256 } = opened.pointer;
      const names = Object.values(accountsOf(opened, customer, kept?.profile.accounts));
      const statements = await Promise.all(names.map((account) => statementOf(env, sha256, rulesIn(opened), account)));
      const [publications, happenings, records] = await Promise.all([
        all(async (before) => (await env.PUBLICATIONS.getByName('publications').page({ customer }, before, EXPORT_PAGE)) as Page<'publications'>, 'publications'),
        all(async (before) => (await books(env).happenings({ customer, type: undefined }, before, EXPORT_PAGE)) as Page<'happenings'>, 'happenings'),
        all(async (before) => (await books(env).page({ customer }, before, EXPORT_PAGE)) as Page<'records'>, 'records'),
      ]);
      // by the usual name everybody has one, which holds nothing before something comes onto it
      const accounts = statements.filter((statement) => 'sums' in statement && Object.keys(statement['sums'] as object).length > 0);
      const invitations = await invitationsOf(env, named);
      return c.json({ customer, profile: kept?.profile ?? null, segments: kept?.segments ?? [], accounts, invitations, publications, happenings, records }, 200, noStore);
    },
  }),
  route({
    method: 'DELETE', path: '/admin/customers/{id}', summary: 'Takes a customer out, by the shop’s own name or by the pseudonym: what is kept of them goes, with their accounts and invitations, and records and codes are nobody’s.', who: 'admin',
    answer: { status: 200, schema: schemas.told }, refusals: [409],
    // by the pseudonym alone
    notes: (_, { customer }) => ({ action: 'customer_forgotten', subject: String(customer) }),
    handle: async ({ c, env, param }) => {
      const named = { id: param('id'), pseudonym: await pseudonymOf(env, param('id')) };
      const customer = named.pseudonym;
      // what names their accounts goes last: who asks again after a death finds the rest
      const accounts = await clearAccounts(env, named);
      const invitations = await takeOut(env, named);
      const publications = await env.PUBLICATIONS.getByName('publications').forget(customer);
      const forgotten = await books(env).forget(customer);
      await env.CUSTOMERS.getByName(customer).forget();
      return c.json({ customer, ...forgotten, publications, accounts, invitations }, 200, noStore);
    },
  }),
];

type Page<Name extends string> = Record<Name, (Happening | RecordEntry | object)[]> & { next: number | null };

async function all<Name extends string>(page: (before: number | undefined) => Promise<Page<Name>>, name: Name): Promise<object[]> {
  const found: object[] = [];
  for (let before: number | undefined; ; ) {
    const read = await page(before);
    found.push(...read[name]);
    if (read.next === null) return found;
    before = read.next;
  }
}

/** Accounts and invitations go by the shop's own name for somebody, or by the pseudonym. */
const namesOf = ({ id, pseudonym }: Named): string[] => [...new Set([id, pseudonym])];

/** Leaves nothing of the accounts of a customer; refused, before any of them is touched, where an order draws on one. */
async function clearAccounts(env: Env, named: Named): Promise<number> {
  const kept = await keptOf(env, named);
  const accounts = new Set([...(await books(env).accountsOf(named.pseudonym)), ...Object.values(kept?.profile.accounts ?? {})]);
  const own = [...accounts].map((account) => bookOf(env, `account:${account}`));
  for (const book of own) if (await book.isHeld()) throw orderOnItsWay();
  for (const book of own) await book.clear();
  return own.length;
}

async function invitationsOf(env: Env, named: Named): Promise<Invitations> {
  const found = await Promise.all(namesOf(named).map((name) => bookOf(env, 'referrals:all').invitationsOf(name)));
  return {
    codes: found.flatMap(({ codes }) => codes),
    invitedBy: found.find(({ invitedBy }) => invitedBy !== null)?.invitedBy ?? null,
    friends: found.flatMap(({ friends }) => friends),
  };
}

async function takeOut(env: Env, named: Named): Promise<number> {
  let count = 0;
  for (const name of namesOf(named)) count += await bookOf(env, 'referrals:all').takeOut(name);
  return count;
}

function object(env: Env, { pseudonym }: Named): DurableObjectStub<Customer> {
  return env.CUSTOMERS.getByName(pseudonym);
}

async function keptOf(env: Env, named: Named): Promise<{ profile: Profile; segments: Since[] } | null> {
  return (await object(env, named).read()) as { profile: Profile; segments: Since[] } | null;
}

async function namedBy(env: Env, id: string): Promise<Named> {
  return { id, pseudonym: await pseudonym(env, id) };
}

function answered(told: unknown): Moved {
  const outcome = told as Told<Moved>;
  if ('done' in outcome) return outcome.done;
  throw new Refusal(outcome.status, outcome.problem);
}

function orderOnItsWay(): Refusal {
  return new Refusal(409, {
    code: 'order_on_its_way',
    message: 'An order that is not finished draws on an account of this customer.',
    help: 'Confirm or release the order, or wait until its hold is over; then ask again.',
    at: { document: 'path', pointer: '/id' },
    fixBy: 'merchant',
  });
}

function customerUnknown(): Refusal {
  return new Refusal(404, {
    code: 'customer_unknown',
    message: 'Nothing is kept of this customer.',
    help: 'Keep what is known with PUT /customers/{id}.',
    at: { document: 'path', pointer: '/id' },
    fixBy: 'developer',
  });
}
