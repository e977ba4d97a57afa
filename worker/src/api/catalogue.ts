import { check } from 'counterfoil/workshop';
import type { Catalogue, Outcome } from '../catalogue/catalogue';
import { upload } from '../catalogue/uploading';
import type { Env } from '../env';
import { Refusal } from '../problem';
import { actor, books } from './records';
import { noStore } from './redemptions';
import { route, type Ask, type Route } from './route';
import * as schemas from './schemas';

/** A catalogue of some thousand campaigns. */
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

/** Half a million codes of 16 symbols, each with all columns. */
const MAX_LIST_BYTES = 48 * 1024 * 1024;

const DAY_MS = 86_400_000;

/** The addresses of the campaigns that are worked on. */
export const catalogue: Route[] = [
  route({
    method: 'GET', path: '/admin/catalogue', summary: 'The campaign document that is worked on.', who: 'admin',
    answer: { status: 200, schema: schemas.told },
    handle: async ({ c, env }) => {
      const text = await object(env).read();
      const { revision } = JSON.parse(text) as { revision: number };
      return c.body(text, 200, { 'content-type': 'application/json', etag: `"${revision}"`, ...noStore });
    },
  }),
  route({
    method: 'PUT', path: '/admin/catalogue', summary: 'Replaces the campaign document, after the checks of `counterfoil check`.', who: 'admin',
    most: MAX_DOCUMENT_BYTES, body: schemas.document, answer: { status: 200, schema: schemas.told }, refusals: [412],
    handle: async ({ c, env, body }) => {
      return changed(c, await object(env).replace(JSON.stringify(body), seen(c)), 'catalogue_replaced', 'catalogue');
    },
  }),
  route({
    method: 'PUT', path: '/admin/catalogue/campaigns/{id}', summary: 'Creates or changes a campaign.', who: 'admin',
    body: schemas.anything, answer: { status: 200, schema: schemas.told }, refusals: [412],
    handle: async ({ c, env, body, param }) => changed(c, await object(env).put(param('id'), JSON.stringify(body), seen(c)), 'campaign_changed', param('id')),
  }),
  route({
    method: 'DELETE', path: '/admin/catalogue/campaigns/{id}', summary: 'Takes a campaign out.', who: 'admin',
    answer: { status: 200, schema: schemas.told }, refusals: [404],
    handle: async ({ c, env, param }) => changed(c, await object(env).remove(param('id')), 'campaign_removed', param('id')),
  }),
  ...(['PUT', 'POST'] as const).map((method) =>
    route({
      method, path: '/admin/catalogue/campaigns/{id}/codes', who: 'admin', raw: { type: 'text/csv', what: 'request' }, most: MAX_LIST_BYTES,
      summary: `${method === 'PUT' ? 'Replaces' : 'Adds to'} the unique codes of a campaign, by CSV whose first line names the columns. They are good when the catalogue is published.`,
      answer: { status: 200, schema: schemas.told }, refusals: [404, 409, 503],
      handle: async ({ c, env, param }) => {
        const listed = await upload(env, param('id'), c.req.raw.body ?? new Blob([]).stream(), method === 'PUT');
        await books(env).note({ at: Date.now(), actor: actor(c), action: 'codes_listed', subject: param('id'), detail: String(listed.codes) });
        return c.json(listed, 200, noStore);
      },
    }),
  ),
  route({
    method: 'GET', path: '/admin/catalogue/campaigns/{id}/codes', summary: 'How many unique codes of a campaign are listed.', who: 'admin',
    answer: { status: 200, schema: schemas.told }, refusals: [404],
    handle: async ({ c, env, param }) => {
      const outcome = await object(env).countCodes(param('id'));
      if (!('done' in outcome)) throw new Refusal(outcome.status, outcome.problem);
      return c.json(outcome.done, 200, noStore);
    },
  }),
  route({
    method: 'DELETE', path: '/admin/catalogue/campaigns/{id}/codes', summary: 'Takes all unique codes of a campaign out of what is published next.', who: 'admin',
    answer: { status: 200, schema: schemas.told }, refusals: [404],
    handle: async ({ c, env, param }) => changed(c, await object(env).removeCodes(param('id')), 'codes_removed', param('id')),
  }),
  route({
    method: 'POST', path: '/admin/catalogue/check', summary: 'What is wrong with a campaign document.', who: 'admin',
    most: MAX_DOCUMENT_BYTES, body: schemas.anything, answer: { status: 200, schema: schemas.told },
    handle: async ({ c, body }) => {
      const now = Date.now();
      return c.json({ diagnostics: await check({ document: body }, { from: now, until: now + 30 * DAY_MS }) }, 200, noStore);
    },
  }),
  route({
    method: 'POST', path: '/admin/publish', summary: 'Signs the catalogue with the online key and puts it in force.', who: 'admin',
    body: schemas.publish, answer: { status: 201, schema: schemas.told }, refusals: [409, 503],
    handle: async ({ c, env, body }) => {
      const outcome = await object(env).publish(body.allow);
      return changed(c, outcome, 'published', 'done' in outcome ? `version ${outcome.done.version}` : '', 201);
    },
  }),
];

function object(env: Env): DurableObjectStub<Catalogue> {
  return env.CATALOGUE.getByName('catalogue');
}

/** The state that a change is made to, when the caller says which. */
function seen(c: Ask): number | undefined {
  const revision = /^"(\d{1,15})"$/.exec(c.req.header('if-match') ?? '')?.[1];
  return revision === undefined ? undefined : Number(revision);
}

async function changed(c: Ask, outcome: unknown, action: string, subject: string, status: 200 | 201 = 200): Promise<Response> {
  const told = outcome as Outcome<object>;
  if (!('done' in told)) throw new Refusal(told.status, told.problem);
  await books(c.env).note({ at: Date.now(), actor: actor(c), action, subject, detail: '' });
  return c.json(told.done, status, noStore);
}
