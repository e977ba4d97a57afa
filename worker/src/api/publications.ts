import { pseudonym } from '../customer';
import { sha256 } from '../digest';
import { edgeEngine, type Opened } from '../edge_engine';
import type { Env } from '../env';
import { Refusal, type Place } from '../problem';
import { normaliser } from '../publications/code';
import type { Denied, Publication, Publications } from '../publications/publications';
import { quote } from '../quote';
import { pseudonymOf } from '../customer';
import { assertCampaign } from './records';
import { fingerprint, noStore } from './redemptions';
import * as answers from './answers';
import { route, type Route } from './route';
import * as schemas from './schemas';

/** The most that a request may name. */
const CODES_AT_ONCE = 10;

/** The addresses of codes that are given to customers. */
export const publications: Route[] = [
  route({
    method: 'POST', path: '/admin/campaigns/{id}/codes', summary: 'Adds codes of a campaign to those that the worker gives out. From now on they are good for whom they are given to alone.', who: 'admin',
    body: schemas.codes, answer: { status: 200, schema: schemas.told }, refusals: [404, 409, 503],
    notes: ({ body: { codes } }) => ({ action: 'codes_added', detail: String(codes.length) }),
    handle: async ({ c, env, body: { codes }, param }) => {
      const campaign = param('id');
      await assertCampaign(env, campaign);
      const opened = await edgeEngine.opened(env, Date.now());
      for (let at = 0; at < codes.length; at += CODES_AT_ONCE) await assertCodes(opened, campaign, codes.slice(at, at + CODES_AT_ONCE));
      const set = await object(env).add(campaign, codes);
      return c.json(set, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/admin/campaigns/{id}/codes', summary: 'How many codes of a campaign there are to give out, and how many are left.', who: 'admin',
    answer: { status: 200, schema: schemas.told }, refusals: [404, 503],
    handle: async ({ c, env, param }) => {
      await assertCampaign(env, param('id'));
      return c.json(await object(env).set(param('id')), 200, noStore);
    },
  }),
  route({
    method: 'POST', path: '/publications', summary: 'Gives a customer a code of a campaign: the named one, or the next free one of its set.', who: 'checkout', keyed: true,
    body: schemas.publication, answer: { status: 201, schema: answers.publication }, refusals: [404, 409, 503],
    handle: async ({ env, key, body }) => {
      const { campaign, customer, code } = body;
      await assertCampaign(env, campaign, { document: 'request', pointer: '/campaign' });
      if (code !== undefined) await assertCodes(await edgeEngine.opened(env, Date.now()), campaign, [code]);
      const wanted = { campaign, customer: await pseudonym(env, customer), code };
      // keys may be longer than what is named after them
      const told = (await object(env).publish(await sha256(key), await fingerprint('publication', { ...body, customer: wanted.customer }), wanted)) as (Publication & { repeated: boolean }) | { denied: Denied };
      if ('denied' in told) throw denied(told.denied, campaign);
      const { repeated, ...made } = told;
      return Response.json(made, { status: 201, headers: { ...noStore, ...(repeated && { 'idempotent-replay': 'true' }) } });
    },
  }),
  route({
    method: 'GET', path: '/publications', summary: 'Which codes were given to whom, the newest first.', who: 'checkout',
    query: schemas.publicationQuery, answer: { status: 200, schema: answers.publications },
    handle: async ({ c, env, query: { campaign, customer, after, limit } }) =>
      c.json(await object(env).page({ campaign, customer: customer === undefined ? undefined : await pseudonymOf(env, customer) }, after, limit), 200, noStore),
  }),
];

function object(env: Env): DurableObjectStub<Publications> {
  return env.PUBLICATIONS.getByName('publications');
}

/** The campaign takes these codes, as far as the snapshot in force tells. */
async function assertCodes({ engine }: Opened, campaign: string, codes: readonly string[]): Promise<void> {
  const normalise = await normaliser();
  const cart = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000_000, quantity: 1 }], codes };
  const answer = JSON.parse(new TextDecoder().decode(quote(engine, new TextEncoder().encode(JSON.stringify(cart)), Date.now()))) as { outcomes: { redeemable?: string; code?: string }[] };
  const own = new Set(answer.outcomes.flatMap(({ redeemable, code }) => (redeemable === campaign && code !== undefined ? [normalise(code)] : [])));
  const other = codes.find((code) => !own.has(normalise(code)));
  if (other !== undefined) throw denied('code_of_other_campaign', campaign);
}

function denied(why: Denied, campaign: string): Refusal {
  const [message, help, document, pointer] = ({
    code_published: ['The code was given to another customer.', 'Give the customer another code, or leave `code` out for the next free one.', 'request', '/code'],
    code_of_other_campaign: ['A code is none of this campaign’s.', 'Name codes that the campaign takes as it is published.', 'request', ''],
    codes_used_up: ['There is no free code left.', 'Add codes with POST /admin/campaigns/{id}/codes.', 'request', '/campaign'],
    key_reused: ['The idempotency key stands for another request.', 'Repeat a request unchanged, or give it a new key.', 'header', '/idempotency-key'],
  } satisfies Record<Denied, [string, string, Place['document'], string]>)[why];
  return new Refusal(409, { code: why, message, help, at: { document, pointer } as Place, params: { campaign }, fixBy: why === 'codes_used_up' ? 'merchant' : 'developer' });
}
