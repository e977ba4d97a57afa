// Campaigns are worked on and published over HTTP, by the worker's own key.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ADMIN_TOKEN, assertRefused, assertTotal, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';

const ten = { name: 'Ten percent', discounts: [{ type: 'percent_off', percent: '10' }] };
const cart = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 3 }] };

let dir;
let signer;
let worker;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-catalogue-'));
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>shop</title>');
  signer = await newSigner();
  worker = await localWorker({ ...settings(), publisherKey: JSON.stringify(signer.secretKey) });
});
after(async () => {
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

const settings = () => ({ keyRing: signer.keyRing, assets: join(dir, 'www'), stateDir: join(dir, 'state') });
const send = (method, path, body, headers = {}) =>
  worker.at(path, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) });
async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}

test('a campaign is created, published, changed, stopped by its status, and taken out', async () => {
  await ok(await send('PUT', '/admin/catalogue/campaigns/ten', ten));
  const other = await ok(await send('PUT', '/admin/catalogue/campaigns/ten', { ...ten, id: 'twenty' }), 422);
  assert.deepEqual([other.code, other.at.pointer], ['field_invalid', '/id']);
  const first = await ok(await send('POST', '/admin/publish', {}), 201);
  assert.equal(first.version, 1);
  await assertTotal(await worker.quote(cart), 2_700);

  await ok(await send('PUT', '/admin/catalogue/campaigns/ten', { ...ten, discounts: [{ type: 'percent_off', percent: '20' }] }));
  await assertTotal(await worker.quote(cart), 2_700);
  assert.equal((await ok(await send('POST', '/admin/publish', {}), 201)).version, 2);
  await assertTotal(await worker.quote(cart), 2_400);

  await ok(await send('PUT', '/admin/catalogue/campaigns/ten', { ...ten, status: 'paused' }));
  await ok(await send('POST', '/admin/publish', {}), 201);
  await assertTotal(await worker.quote(cart), 3_000);

  await ok(await send('DELETE', '/admin/catalogue/campaigns/ten'));
  await assertRefused(await send('DELETE', '/admin/catalogue/campaigns/ten'), 404, 'campaign_unknown');
  const { entries } = await ok(await send('GET', '/admin/audit'));
  const { sha256 } = (await ok(await worker.at('/health'))).snapshot;
  assert.deepEqual(entries.slice(0, 3).map(({ action, subject, detail }) => [action, subject, detail]), [
    ['campaign_removed', 'ten', 'revision 4, ten removed'], ['published', 'version 3', sha256], ['campaign_changed', 'ten', 'revision 3, ten changed'],
  ]);
  await ok(await send('PUT', '/admin/catalogue', { campaigns: [{ id: 'ten', ...ten }, { id: 'new', ...ten }] }));
  const { document: { campaigns: [one] } } = await ok(await send('GET', '/admin/catalogue'));
  await ok(await send('PUT', '/admin/catalogue', { campaigns: [{ ...one, name: 'Ten' }] }));
  const replaced = (await ok(await send('GET', '/admin/audit'))).entries.slice(0, 2).map(({ action, subject, detail }) => [action, subject, detail]);
  assert.deepEqual(replaced, [['catalogue_replaced', 'catalogue', 'revision 6, ten changed, new removed'], ['catalogue_replaced', 'catalogue', 'revision 5, ten added, new added']]);
  await ok(await send('DELETE', '/admin/catalogue/campaigns/ten'));
});

test('what leaves nothing to pay is published when somebody says that it is meant so', async () => {
  await ok(await send('PUT', '/admin/catalogue/campaigns/gratis', { discounts: [{ type: 'percent_off', percent: '100' }] }));
  const before = (await ok(await send('GET', '/admin/catalogue'))).published.version;
  const { diagnostics, params, at } = await assertRefused(await send('POST', '/admin/publish', {}), 422, 'lint_not_allowed');
  assert.deepEqual(params, { lints: 'takes_everything' });
  assert.deepEqual(diagnostics.map(({ code, severity }) => [code, severity]), [['takes_everything', 'warning']]);
  assert.match(at.pointer, /^\/campaigns\/\d+/);
  await assertRefused(await send('POST', '/admin/publish', { allow: ['code_in_id'] }), 422, 'lint_not_allowed');
  await assertTotal(await worker.quote(cart), 3_000);
  assert.equal((await ok(await send('GET', '/admin/catalogue'))).published.version, before);

  assert.equal((await ok(await send('POST', '/admin/publish', { allow: ['takes_everything'] }), 201)).version, before + 1);
  await assertTotal(await worker.quote(cart), 0);
  // a stop is never held up, nor what follows from it
  for (const [verb, total] of [['stop', 3_000], ['resume', 0]]) {
    await ok(await send('POST', `/admin/campaigns/gratis/${verb}`, {}));
    await assertTotal(await worker.quote(cart), total);
  }
  await ok(await send('DELETE', '/admin/catalogue/campaigns/gratis'));
  await ok(await send('POST', '/admin/publish', {}), 201);
});

test('a campaign is scheduled: it applies from its day on and no longer than it lasts', async () => {
  const civil = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  for (const [schedule, total] of [[{ from: civil(2) }, 3_000], [{ from: civil(-2) }, 2_700], [{ from: civil(-9), until: civil(-2) }, 3_000]]) {
    await ok(await send('PUT', '/admin/catalogue/campaigns/ten', { ...ten, schedule }));
    await ok(await send('POST', '/admin/publish', {}), 201);
    await assertTotal(await worker.quote(cart), total);
  }
  await ok(await send('DELETE', '/admin/catalogue/campaigns/ten', undefined, { 'x-actor': 'ann' }));
  const { entries: [entry] } = await ok(await send('GET', '/admin/audit'));
  assert.deepEqual([entry.actor, entry.action, entry.subject], ['ann', 'campaign_removed', 'ten']);
});

test('a campaign that is stopped leaves the quotes at once, and comes back; what is still worked on stays where it is', async () => {
  await ok(await send('PUT', '/admin/catalogue/campaigns/ten', ten));
  await ok(await send('POST', '/admin/publish', {}), 201);
  await assertTotal(await worker.quote(cart), 2_700);
  await ok(await send('PUT', '/admin/catalogue/campaigns/more', { ...ten, name: 'More' }));
  await ok(await send('POST', '/admin/campaigns/ten/stop', {}));
  await assertTotal(await worker.quote(cart), 3_000);
  const { campaigns } = await ok(await send('GET', '/campaigns'));
  assert.deepEqual(campaigns.map(({ id, stopped }) => [id, stopped]), [['ten', true]]);
  await ok(await send('POST', '/admin/campaigns/ten/resume', {}));
  await assertTotal(await worker.quote(cart), 2_700);
  // whoever publishes meanwhile does not start it again
  await ok(await send('POST', '/admin/campaigns/ten/stop', {}));
  await ok(await send('DELETE', '/admin/catalogue/campaigns/more'));
  await ok(await send('POST', '/admin/publish', {}), 201);
  await assertTotal(await worker.quote(cart), 3_000);
  await ok(await send('POST', '/admin/campaigns/ten/resume', {}));
  await assertTotal(await worker.quote(cart), 2_700);
  await ok(await send('DELETE', '/admin/catalogue/campaigns/ten'));
});

test('what `check` refuses is not kept, and every fault is told', async () => {
  const before = await ok(await send('GET', '/admin/catalogue'));
  const broken = { discounts: [{ type: 'percent_off', percent: '101' }, { type: 'no_such' }] };
  const problem = await assertRefused(await send('PUT', '/admin/catalogue/campaigns/broken', broken), 422, 'field_invalid');
  assert.equal(problem.at.pointer, '/campaigns/0/discounts/0/percent');
  assert.deepEqual(problem.diagnostics.map(({ code }) => code), ['field_invalid', 'kind_unknown']);
  assert.deepEqual(await ok(await send('GET', '/admin/catalogue')), before);
  const { diagnostics } = await ok(await send('POST', '/admin/catalogue/check', { campaigns: [{ id: 'x', ...broken }] }));
  assert.equal(diagnostics.length, 2);
});

test('a change to a state that is no more is refused', async () => {
  const { revision, document } = await ok(await send('GET', '/admin/catalogue'));
  const seen = { 'if-match': `"${revision}"` };
  await ok(await send('PUT', '/admin/catalogue', { ...document, campaigns: [{ id: 'a', ...ten }] }, seen));
  const problem = await assertRefused(await send('PUT', '/admin/catalogue', { ...document, campaigns: [{ id: 'b', ...ten }] }, seen), 412, 'revision_outdated');
  assert.deepEqual([problem.at, problem.params], [{ document: 'header', pointer: '/if-match' }, { revision: revision + 1, seen: revision }]);
});

test('a condition that no state meets changes nothing, whatever it is and whatever is changed', async () => {
  const { revision, document } = await ok(await send('GET', '/admin/catalogue'));
  const changes = [['PUT', '/admin/catalogue', { ...document, campaigns: [] }], ['PUT', '/admin/catalogue/campaigns/new', ten], ['DELETE', '/admin/catalogue/campaigns/a', undefined]];
  for (const [method, path, body] of changes) {
    for (const tag of ['garbage', String(revision), `"${revision - 1}"`, `W/"${revision - 1}"`, '""', `"${revision}x"`]) {
      await assertRefused(await send(method, path, body, { 'if-match': tag }), 412, 'revision_outdated');
    }
  }
  assert.deepEqual(await ok(await send('GET', '/admin/catalogue')).then(({ revision, document }) => ({ revision, document })), { revision, document });
  // Cloudflare marks the tag of what it compresses as weak; one of several is enough, and any state is some state
  for (const tag of [(at) => `W/"${at}"`, (at) => `"7777", "${at}"`, () => '*']) {
    const { revision: now } = await ok(await send('GET', '/admin/catalogue'));
    await ok(await send('PUT', '/admin/catalogue', document, { 'if-match': tag(now) }));
  }
  const { revision: last } = await ok(await send('GET', '/admin/catalogue'));
  await ok(await send('DELETE', '/admin/catalogue/campaigns/a', undefined, { 'if-match': `W/"${last}"` }));
  await ok(await send('PUT', '/admin/catalogue', document));
});

test('publishes at once follow one another', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, async () => ok(await send('POST', '/admin/publish', {}), 201)));
  const versions = all.map(({ version }) => version).sort((a, b) => a - b);
  assert.deepEqual(versions, versions.map((_, index) => versions[0] + index));
});

test('what was worked on is there after a restart, and without a key nothing is published', async () => {
  const { revision } = await ok(await send('GET', '/admin/catalogue'));
  await worker.stop();
  worker = await localWorker(settings());
  assert.equal((await ok(await send('GET', '/admin/catalogue'))).revision, revision);
  await assertTotal(await worker.quote(cart), 2_700);
  await assertRefused(await send('POST', '/admin/publish', {}), 503, 'publisher_key_not_set');
});
