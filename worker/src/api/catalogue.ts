import { check } from 'counterfoil/workshop';
import { tagsIn } from '../bytes';
import type { Catalogue, Change, Outcome } from '../catalogue/catalogue';
import { upload } from '../catalogue/uploading';
import type { Env } from '../env';
import { Refusal } from '../problem';
import { projectsOf } from '../voucherify/access';
import * as answers from './answers';
import { noStore } from './redemptions';
import { route, type Ask, type Route, type Told } from './route';
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
    answer: { status: 200, schema: answers.catalogue },
    handle: async ({ c, env }) => {
      const text = await object(env).read();
      const { revision } = JSON.parse(text) as { revision: number };
      return c.body(text, 200, { 'content-type': 'application/json', etag: `"${revision}"`, ...noStore });
    },
  }),
  route({
    method: 'PUT', path: '/admin/catalogue', summary: 'Replaces the campaign document, after the checks of `counterfoil check`.', who: 'admin',
    most: MAX_DOCUMENT_BYTES, body: schemas.document, answer: { status: 200, schema: answers.taken }, refusals: [412],
    notes: (_, now) => ({ action: 'catalogue_replaced', subject: 'catalogue', detail: differenceIn(now) }),
    handle: async ({ c, env, body }) => {
      return told(c, await object(env).replace(JSON.stringify(body), seen(c)));
    },
  }),
  route({
    method: 'PUT', path: '/admin/catalogue/campaigns/{id}', summary: 'Creates or changes a campaign.', who: 'admin',
    body: schemas.campaign, answer: { status: 200, schema: answers.taken }, refusals: [412],
    notes: (_, now) => ({ action: 'campaign_changed', detail: differenceIn(now) }),
    handle: async ({ c, env, body, param }) => told(c, await object(env).put(param('id'), JSON.stringify(body), seen(c))),
  }),
  route({
    method: 'DELETE', path: '/admin/catalogue/campaigns/{id}', summary: 'Takes a campaign out.', who: 'admin',
    answer: { status: 200, schema: answers.taken }, refusals: [404, 412],
    notes: (_, now) => ({ action: 'campaign_removed', detail: differenceIn(now) }),
    handle: async ({ c, env, param }) => told(c, await object(env).remove(param('id'), seen(c))),
  }),
  ...(['PUT', 'POST'] as const).map((method) =>
    route({
      method, path: '/admin/catalogue/campaigns/{id}/codes', who: 'admin', raw: { type: 'text/csv', what: 'request' }, most: MAX_LIST_BYTES,
      summary: `${method === 'PUT' ? 'Replaces' : 'Adds to'} the unique codes of a campaign, by CSV whose first line names the columns. They are good when the catalogue is published.`,
      answer: { status: 200, schema: schemas.told }, refusals: [404, 409, 503],
      notes: (_, { codes }) => ({ action: 'codes_listed', detail: String(codes) }),
      handle: async ({ c, env, param }) => {
        const listed = await upload(env, param('id'), c.req.raw.body ?? new Blob([]).stream(), method === 'PUT');
        return c.json(listed, 200, noStore);
      },
    }),
  ),
  route({
    method: 'GET', path: '/admin/catalogue/campaigns/{id}/codes', summary: 'How many unique codes of a campaign are listed.', who: 'admin',
    answer: { status: 200, schema: answers.listed }, refusals: [404],
    handle: async ({ c, env, param }) => {
      return told(c, await object(env).countCodes(param('id')));
    },
  }),
  route({
    method: 'DELETE', path: '/admin/catalogue/campaigns/{id}/codes', summary: 'Takes all unique codes of a campaign out of what is published next.', who: 'admin',
    answer: { status: 200, schema: schemas.told }, refusals: [404],
    notes: () => ({ action: 'codes_removed' }),
    handle: async ({ c, env, param }) => told(c, await object(env).removeCodes(param('id'))),
  }),
  route({
    method: 'POST', path: '/admin/catalogue/check', summary: 'What is wrong with a campaign document.', who: 'admin',
    most: MAX_DOCUMENT_BYTES, body: schemas.draft, answer: { status: 200, schema: answers.diagnostics },
    handle: async ({ c, body }) => {
      const now = Date.now();
      return c.json({ diagnostics: await check({ document: body }, { from: now, until: now + 30 * DAY_MS }) }, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/admin/voucherify/{project}/document', who: 'admin', query: schemas.documentQuery,
    summary: 'The offers of a project of the Voucherify-compatible API as a campaign document, and what it cannot say.',
    answer: { status: 200, schema: answers.moved }, refusals: [404],
    handle: async ({ c, env, param, query }) => c.body(await documentOf(env, param('project'), query), 200, { 'content-type': 'application/json', ...noStore }),
  }),
  route({
    method: 'POST', path: '/admin/publish', summary: 'Signs the catalogue with the online key and puts it in force.', who: 'admin',
    body: schemas.publish, answer: { status: 201, schema: answers.published }, refusals: [409, 503],
    notes: (_, { version, sha256 }) => ({ action: 'published', subject: `version ${String(version)}`, detail: String(sha256) }),
    handle: async ({ c, env, body }) => told(c, await object(env).publish(body.allow), 201),
  }),
];

async function documentOf(env: Env, id: string, query: { currency: string; timeZone?: string | undefined }): Promise<string> {
  if (!projectsOf(env).some((project) => project.id === id)) {
    throw new Refusal(404, {
      code: 'project_unknown',
      message: 'The worker has no project of this id.',
      help: 'Take the id from the secret VOUCHERIFY_PROJECTS.',
      at: { document: 'path', pointer: '/project' },
      fixBy: 'developer',
    });
  }
  return env.VOUCHERIFY.getByName(id).documents(query, Date.now());
}

function object(env: Env): DurableObjectStub<Catalogue> {
  return env.CATALOGUE.getByName('catalogue');
}

/** The states that a change may be made to, when the caller says which: RFC 9110, 13.1.1. There is always some state. */
function seen(c: Ask): string[] | undefined {
  const header = c.req.header('if-match');
  return header === undefined || header.trim() === '*' ? undefined : tagsIn(header);
}

/** What a change has made of the catalogue, in words. */
function differenceIn({ revision, changes }: Told): string {
  const campaigns = (changes as Change[]).map(({ id, change }) => `${id} ${change}`);
  return [`revision ${String(revision)}`, ...campaigns].join(', ');
}

function told(c: Ask, answer: unknown, status: 200 | 201 = 200): Response {
  const outcome = answer as Outcome<object>;
  if (!('done' in outcome)) throw new Refusal(outcome.status, outcome.problem);
  return c.json(outcome.done, status, noStore);
}
