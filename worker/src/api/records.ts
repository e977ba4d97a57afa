import { pseudonym } from '../customer';
import { edgeEngine } from '../edge_engine';
import type { Env } from '../env';
import { refusalIn, refused } from '../ledger/answer';
import { bookOf } from '../ledger/book';
import { countsForAll, ledger } from '../ledger/programme';
import { Refusal, type Place } from '../problem';
import { forgetPulse } from '../pulse';
import type { RecordEntry, Records, Wanted } from '../records/records';
import { programmeIn } from '../redemption/charging';
import type { Failed } from '../redemption/entered';
import { forgetStops } from '../switches';
import * as answers from './answers';
import { noStore } from './redemptions';
import { route, type Route } from './route';
import * as schemas from './schemas';

/** Rows of an export that are read at once. */
const EXPORT_PAGE = 500;

/** How many referrers are named. */
const MOST_LEADERS = 50;

const DAY_MS = 86_400_000;

const COLUMNS = ['id', 'at', 'outcome', 'redemption', 'order', 'customer', 'campaigns', 'currency', 'total', 'discount', 'code', 'message', 'failed'] as const;

/** The addresses of what was redeemed, of campaigns as they run, and of who changed what. */
export const records: Route[] = [
  route({
    method: 'GET', path: '/campaigns', summary: 'How much of each campaign is used, live.', who: 'admin',
    answer: { status: 200, schema: answers.campaigns }, refusals: [503],
    handle: async ({ c, env }) => {
      const allowances = await allowancesIn(env);
      const campaigns = allowances.filter((name) => !name.includes('/'));
      return c.json({ campaigns: await Promise.all(campaigns.map((id) => campaign(env, id, allowances))) }, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/campaigns/{id}', summary: 'How much of a campaign is used, live.', who: 'admin',
    answer: { status: 200, schema: answers.campaign }, refusals: [404, 503],
    handle: async ({ c, env, param }) => c.json(await campaign(env, param('id'), await assertCampaign(env, param('id'))), 200, noStore),
  }),
  switching('stop', true, 'Stops a campaign at once: nothing more is reserved of it.'),
  switching('resume', false, 'Lets a campaign that was stopped run again.'),
  route({
    method: 'PUT', path: '/admin/campaigns/{id}/shards', summary: 'Spreads the uses of a hot campaign over so many objects; 0 counts them in one again.', who: 'admin',
    body: schemas.shards, answer: { status: 200, schema: answers.campaign }, refusals: [404, 409, 503],
    notes: ({ body: { shards } }) => ({ action: 'campaign_spread', detail: String(shards) }),
    handle: async ({ c, env, body: { shards }, param }) => {
      const id = param('id');
      const allowances = await assertCampaign(env, id);
      const { pointer: { sha256 } } = await edgeEngine.opened(env, Date.now());
      if (shards > 0 && !(await countsForAll(env, sha256, id))) throw countedApart(id);
      await env.CATALOGUE.getByName('catalogue').switch(id, { shards });
      await bookOf(env, `allowance:${id}`).setShards(sha256, shards);
      return c.json(await campaign(env, id, allowances), 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/records', summary: 'What was redeemed and what was refused, the newest first.', who: 'admin',
    query: schemas.recordQuery, answer: { status: 200, schema: answers.recordPage },
    handle: async ({ c, env, query }) => {
      const { after, limit, ...wanted } = query;
      return c.json(await books(env).page(await named(env, wanted), after, limit), 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/records.csv', summary: 'All records that match, as CSV.', who: 'admin',
    query: schemas.recordQuery, answer: { status: 200, type: 'text/csv' },
    handle: async ({ env, query }) => {
      const wanted = await named(env, query);
      return file('records.csv', 'text/csv; charset=utf-8', rows(env, wanted, `${COLUMNS.join()}\r\n`, (record) => `${COLUMNS.map((name) => cell(record[name])).join()}\r\n`, ''));
    },
  }),
  route({
    method: 'GET', path: '/records.json', summary: 'All records that match, as a list.', who: 'admin',
    query: schemas.recordQuery, answer: { status: 200, schema: answers.records },
    handle: async ({ env, query }) => {
      const wanted = await named(env, query);
      return file('records.json', 'application/json', rows(env, wanted, '[', (record, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(record)}`, '\n]\n'));
    },
  }),
  route({
    method: 'GET', path: '/admin/statistics', summary: 'What the orders of a time came to: by day, campaign, variant and customer. Default: the last 30 days.', who: 'admin',
    query: schemas.statisticsQuery, answer: { status: 200, schema: answers.statistics },
    handle: async ({ c, env, query: { currency, to = Date.now(), from = Math.max(0, to - 30 * DAY_MS) } }) =>
      c.json(await books(env).statistics(currency, from, to), 200, noStore),
  }),
  route({
    method: 'GET', path: '/admin/referrals', summary: 'Who brought most friends, and what inviting brings; with a `reward` in minor units what comes back of it.', who: 'admin',
    query: schemas.referralsQuery, answer: { status: 200, schema: schemas.told }, refusals: [422],
    handle: async ({ c, env, query: { currency, lifetimeValue, reward } }) => {
      const [{ leaders, ...counted }, { customers, paid, ...told }] = await Promise.all([bookOf(env, 'referrals:all').referrals(MOST_LEADERS), books(env).custom(currency)]);
      const growth = JSON.parse((await ledger()).growth(JSON.stringify({ customers, paid, ...counted, lifetimeValue, reward }))) as object;
      const refusal = refusalIn(growth);
      if (refusal) throw refused(refusal);
      return c.json({ ...told, leaders, customers, paid, ...counted, reward: reward ?? null, ...growth }, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/admin/audit', summary: 'Who changed what, the newest first.', who: 'admin',
    query: schemas.page, answer: { status: 200, schema: answers.audit },
    handle: async ({ c, env, query }) => c.json(await books(env).audit(query.after, query.limit), 200, noStore),
  }),
];

export function books(env: Env): DurableObjectStub<Records> {
  return env.RECORDS.getByName('records');
}

function switching(verb: 'stop' | 'resume', stopped: boolean, summary: string): Route {
  return route({
    method: 'POST', path: `/admin/campaigns/{id}/${verb}`, summary, who: 'admin',
    body: schemas.nothing, answer: { status: 200, schema: answers.campaign }, refusals: [404, 503],
    notes: () => ({ action: `campaign_${verb}` }),
    handle: async ({ c, env, param }) => {
      const id = param('id');
      const allowances = await assertCampaign(env, id);
      await bookOf(env, `allowance:${id}`).setStopped(stopped);
      await env.CATALOGUE.getByName('catalogue').switch(id, { stopped });
      forgetStops();
      forgetPulse();
      return c.json(await campaign(env, id, allowances), 200, noStore);
    },
  });
}

async function campaign(env: Env, id: string, allowances: readonly string[]): Promise<object> {
  const own = allowances.filter((name) => name.startsWith(`${id}/`));
  const { stopped, shards, counters } = await bookOf(env, `allowance:${id}`).counters([id, ...own]);
  const { uses = 0, heldUses = 0 } = counters[id] ?? {};
  const units = `${id}/units`;
  const budgets = Object.keys(counters).filter((name) => name.startsWith(`${id}/`) && name !== units).map((name) => {
    const { spent = 0, heldAmount = 0 } = counters[name] ?? {};
    return [name.slice(id.length + 1), { spent, heldAmount }] as const;
  });
  const counted = allowances.includes(units) ? { units: counters[units]?.uses ?? 0, heldUnits: counters[units]?.heldUses ?? 0 } : {};
  return { id, stopped, shards, uses, heldUses, ...counted, budgets: Object.fromEntries(budgets) };
}

async function allowancesIn(env: Env): Promise<string[]> {
  const programme = JSON.parse(programmeIn(await edgeEngine.opened(env, Date.now()))) as { allowances: Record<string, unknown> };
  // what was stopped may have left the snapshot, and can be resumed
  const { stopped } = await env.CATALOGUE.getByName('catalogue').switches();
  return [...new Set([...Object.keys(programme.allowances), ...stopped])];
}

/** The allowances there are; refused where none is the campaign's, which was named at this place. */
export async function assertCampaign(env: Env, id: string, at: Place = { document: 'path', pointer: '/id' }): Promise<string[]> {
  const allowances = await allowancesIn(env);
  if (allowances.includes(id) && !id.includes('/')) return allowances;
  throw new Refusal(404, {
    code: 'campaign_unknown',
    message: 'No campaign that is published has this id.',
    help: 'Take the id from GET /campaigns.',
    at,
    fixBy: 'merchant',
  });
}

function countedApart(campaign: string): Refusal {
  return new Refusal(409, {
    code: 'shards_impossible',
    message: 'The campaign counts the uses of each customer apart.',
    help: 'Leave it in one object: a limit per customer is exact only where all uses of the customer are counted.',
    at: { document: 'request', pointer: '/shards' },
    params: { campaign },
    fixBy: 'merchant',
  });
}

/** Customers are asked for by the shop’s own name, and stored by their pseudonym. */
async function named(env: Env, wanted: Wanted): Promise<Wanted> {
  const { customer } = wanted;
  return customer === undefined || customer.startsWith('cu_') ? wanted : { ...wanted, customer: await pseudonym(env, customer) };
}

function file(name: string, type: string, body: ReadableStream): Response {
  return new Response(body, { headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"`, ...noStore } });
}

/** All records that match, page by page: none is held in memory longer than its page. */
function rows(env: Env, wanted: Wanted, head: string, row: (record: RecordEntry & { id: string }, isFirst: boolean) => string, foot: string): ReadableStream {
  const encoder = new TextEncoder();
  let before: number | null | undefined;
  let isFirst = true;
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(head)),
    pull: async (controller) => {
      const page = await books(env).page(wanted, before ?? undefined, EXPORT_PAGE);
      const text = (page.records as (RecordEntry & { id: string })[]).map((record) => {
        const written = row(record, isFirst);
        isFirst = false;
        return written;
      });
      controller.enqueue(encoder.encode(text.join('') + (page.next === null ? foot : '')));
      before = page.next;
      if (page.next === null) controller.close();
    },
  });
}

/** A failed code as `CODE=reason`. */
const word = (value: unknown): string => (typeof value === 'string' ? value : `${(value as Failed).code ?? ''}=${(value as Failed).reason}`);

/** A spreadsheet must not take a text for a formula. */
function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : Array.isArray(value) ? value.map(word).join(' ') : String(value);
  const harmless = typeof value !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
