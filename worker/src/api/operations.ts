import { backup, restore } from '../backup/backup';
import { edgeEngine } from '../edge_engine';
import type { Env } from '../env';
import { Refusal } from '../problem';
import type { Tally } from '../records/records';
import { books } from './records';
import * as answers from './answers';
import { assertPublic } from '../records/endpoints';
import { noStore } from './redemptions';
import { route, type Route } from './route';
import * as schemas from './schemas';

/** The most that a request to Cloudflare carries on any plan. */
const MAX_BACKUP_BYTES = 500_000_000;

/** The addresses of who keeps the worker running: webhooks, dead letters, metrics. */
export const operations: Route[] = [
  route({
    method: 'GET', path: '/admin/webhooks', summary: 'Who is told of what happens, and how much waits to be told.', who: 'admin',
    answer: { status: 200, schema: answers.webhooks },
    handle: async ({ c, env }) => c.json(await books(env).webhooks(), 200, noStore),
  }),
  route({
    method: 'PUT', path: '/admin/webhooks/{id}', summary: 'Tells an address what happens, signed. The secret is in the answer that creates it.', who: 'admin',
    body: schemas.webhook, answer: { status: 200, schema: answers.webhook },
    notes: ({ body: { url, events } }) => ({ action: 'webhook_changed', detail: `${url} ${events.join(' ')}` }),
    handle: async ({ c, env, body, param }) => {
      assertPublic(env, body.url);
      const made = await books(env).putWebhook({ id: param('id'), ...body });
      return c.json(made, 200, noStore);
    },
  }),
  route({
    method: 'DELETE', path: '/admin/webhooks/{id}', summary: 'Tells an address nothing more.', who: 'admin',
    answer: { status: 200, schema: answers.named }, refusals: [404],
    notes: () => ({ action: 'webhook_removed' }),
    handle: async ({ c, env, param }) => {
      if (!(await books(env).removeWebhook(param('id')))) throw webhookUnknown();
      return c.json({ id: param('id') }, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/admin/dead-letters', summary: 'What no try has delivered, the newest first.', who: 'admin',
    query: schemas.page, answer: { status: 200, schema: answers.deadLetters },
    handle: async ({ c, env, query }) => c.json(await books(env).deadLetters(query.after, query.limit), 200, noStore),
  }),
  route({
    method: 'POST', path: '/admin/dead-letters/{seq}/retry', summary: 'Tries a dead letter again.', who: 'admin',
    body: schemas.nothing, answer: { status: 200, schema: answers.retried }, refusals: [404],
    notes: ({ param }) => ({ action: 'dead_letter_retried', subject: param('seq') }),
    handle: async ({ c, env, param }) => {
      const seq = /^\d{1,15}$/.test(param('seq')) ? Number(param('seq')) : 0;
      if (!(await books(env).revive(seq))) throw letterUnknown();
      return c.json({ seq }, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/metrics', summary: 'Counters in the text format of Prometheus.', who: 'admin',
    answer: { status: 200, type: 'text/plain' },
    handle: async ({ c, env }) => c.body(await metrics(env), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', ...noStore }),
  }),
  route({
    method: 'GET', path: '/admin/backup', summary: 'Everything that the worker keeps, as lines of JSON.', who: 'admin',
    answer: { status: 200, type: 'application/x-ndjson' },
    handle: async ({ env }) => {
      const now = Date.now();
      const name = `counterfoil-${new Date(now).toISOString().slice(0, 10)}.ndjson`;
      return new Response(backup(env, now), { headers: { 'content-type': 'application/x-ndjson', 'content-disposition': `attachment; filename="${name}"`, ...noStore } });
    },
  }),
  route({
    method: 'POST', path: '/admin/restore', summary: 'Fills an empty worker from a backup.', who: 'admin', raw: { type: 'application/x-ndjson', what: 'request' }, most: MAX_BACKUP_BYTES,
    answer: { status: 200, schema: answers.restored }, refusals: [409],
    notes: (_, { objects }) => ({ action: 'restored', subject: 'backup', detail: `${String(objects)} objects` }),
    handle: async ({ c, env }) => {
      const restored = await restore(env, c.req.raw.body ?? new Blob([]).stream());
      return c.json(restored, 200, noStore);
    },
  }),
];

async function metrics(env: Env): Promise<string> {
  const [tallies, { waiting, dead }, version] = await Promise.all([books(env).tallies(), books(env).webhooks(), snapshotVersion(env)]);
  const all = (tallies as Tally[]).filter(({ campaign }) => campaign === '');
  const each = (tallies as Tally[]).filter(({ campaign }) => campaign !== '');
  return [
    family('counterfoil_snapshot_version', 'gauge', 'The snapshot in force; 0 without one.', [[{}, version]]),
    family('counterfoil_redemptions_total', 'counter', 'What came of redemptions.', all.map(({ outcome, currency, count }) => [{ outcome, currency }, count])),
    family('counterfoil_discounts_minor_units_total', 'counter', 'Discounts of these orders.', all.map(({ outcome, currency, discount }) => [{ outcome, currency }, discount])),
    family('counterfoil_campaign_redemptions_total', 'counter', 'What came of redemptions, by campaign.', each.map(({ campaign, outcome, currency, count }) => [{ campaign, outcome, currency }, count])),
    family('counterfoil_webhook_deliveries', 'gauge', 'Deliveries that wait, and those that were given up.', [[{ state: 'waiting' }, waiting], [{ state: 'dead' }, dead]]),
  ].join('');
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: [labels: Record<string, string>, value: number][]): string {
  const lines = samples.map(([labels, value]) => {
    const written = Object.entries(labels).map(([label, text]) => `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`);
    return `${name}${written.length === 0 ? '' : `{${written.join()}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

async function snapshotVersion(env: Env): Promise<number> {
  try {
    return (await edgeEngine.opened(env, Date.now())).pointer.version;
  } catch (error) {
    if (error instanceof Refusal) return 0;
    throw error;
  }
}

function webhookUnknown(): Refusal {
  return new Refusal(404, {
    code: 'webhook_unknown',
    message: 'There is no webhook of this id.',
    help: 'Take the id from GET /admin/webhooks.',
    at: { document: 'path', pointer: '/id' },
    fixBy: 'developer',
  });
}

function letterUnknown(): Refusal {
  return new Refusal(404, {
    code: 'dead_letter_unknown',
    message: 'There is no dead letter of this number.',
    help: 'Take `seq` from GET /admin/dead-letters.',
    at: { document: 'path', pointer: '/seq' },
    fixBy: 'developer',
  });
}
