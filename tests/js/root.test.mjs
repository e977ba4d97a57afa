// The worker goes by the shop's root documents: their ceilings bind what it quotes and redeems, a key that was replaced
// publishes nothing more, and what a thief has published as the highest version is passed.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Engine } from 'counterfoil';
import { follow } from 'counterfoil/sync';
import { keygen } from 'counterfoil/workshop';
import { ADMIN_TOKEN, assertRefused, localWorker } from './local_worker.mjs';
import { counterfoil } from './publisher.mjs';

const HOUR = 3_600_000;
const now = Date.now();
const cart = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 10_000, quantity: 1 }] };
const CAMPAIGNS = { campaigns: [{ id: 'half', discounts: [{ type: 'percent_off', percent: '50' }] }] };

let dir;
let worker;
let settings;
const file = (name) => join(dir, name);

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-root-'));
  await mkdir(file('www'));
  await writeFile(file('www/index.html'), '<!doctype html><title>shop</title>');
  await writeFile(file('campaigns.json'), JSON.stringify(CAMPAIGNS));
  const keys = {};
  for (const [name, role] of [['root', 'root'], ['stolen', 'publisher'], ['honest', 'publisher'], ['online', 'publisher']]) {
    keys[name] = await keygen(name);
    await writeFile(file(`${name}.key.json`), JSON.stringify({ ...keys[name].secretKey, role }));
  }
  const of = (...pairs) => ({ threshold: 1, keys: pairs.map(({ publicKey: { publicKey } }) => ({ publicKey })) });
  for (const [at, publisher] of [of(keys.stolen, keys.online), of(keys.honest, keys.online)].entries()) {
    const ceilings = { discount: 2_000, life: 31 * 24 * HOUR, budgets: [{ currency: 'EUR', amount: 3_000 }] };
    const roles = { root: of(keys.root), publisher };
    const plan = { audience: 'shop', environment: 'test', version: at + 1, expiresAt: now + 720 * HOUR, roles, ceilings };
    await writeFile(file('plan.json'), JSON.stringify(plan));
    const ring = at === 0 ? ['--key-ring', file('key-ring.json')] : [];
    await counterfoil('root', 'next', file('plan.json'), '--to', file('root.cfr'), '--key', file('root.key.json'), ...ring);
    await writeFile(file(`root-${at + 1}.cfr`), await readFile(file('root.cfr')));
  }
  settings = {
    keyRing: await readFile(file('key-ring.json'), 'utf8'),
    publisherKey: JSON.stringify({ ...keys.online.secretKey, role: 'publisher' }),
    assets: file('www'),
    stateDir: file('state'),
  };
  worker = await localWorker(settings);
});

after(async () => {
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

const publish = (key, root, version) =>
  counterfoil('publish', '--campaigns', file('campaigns.json'), '--key', file(`${key}.key.json`), '--key-ring', file('key-ring.json'),
    '--root', file(root), '--to', worker.url, '--token', ADMIN_TOKEN, ...(version ? ['--version', String(version)] : []));
const total = async () => (await (await worker.quote(cart)).json()).total;
const admin = (method, path, body) => worker.at(path, { method, body, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });

test('without root documents there is nothing at their address', async () => {
  await assertRefused(await worker.at('/root.cfr'), 404, 'no_root');
});

test('a publication hands the worker the root documents, and their ceilings bind quotes and redemptions', async () => {
  await publish('stolen', 'root-1.cfr', 7);
  // half was asked for: a fifth is the most
  assert.equal(await total(), 8_000);
  const redeem = (order) => worker.post('/redemptions', { order, request: cart, confirm: true }, { key: `key-${order}` });
  assert.equal((await redeem('o1')).status, 201);
  // thirty euros is the most that a campaign may cost, and twenty are gone
  await assertRefused(await redeem('o2'), 409, 'budget_limit_reached');
  const chain = new Uint8Array(await (await worker.at('/root.cfr')).arrayBuffer());
  assert.deepEqual(chain, new Uint8Array(await readFile(file('root-1.cfr'))));
});

test('what the worker publishes itself is under the last root document', async () => {
  const { version, ...rest } = await (await admin('PUT', '/admin/root', await readFile(file('root-1.cfr')))).json();
  assert.deepEqual([version, rest.ceilings.discount], [1, 2_000]);
  assert.equal((await admin('PUT', '/admin/catalogue', JSON.stringify(CAMPAIGNS))).status, 200);
  assert.equal((await admin('POST', '/admin/publish', '{}')).status, 201);
  const engine = await Engine.open(new Uint8Array(await (await worker.at('/snapshot')).arrayBuffer()), JSON.parse(settings.keyRing), {
    root: await readFile(file('root-1.cfr')),
  });
  assert.deepEqual([engine.snapshot.rootVersion, engine.snapshot.version], [1, 8]);
});

test('the document that replaces a stolen key ends what it has published, in the worker and in pages', async () => {
  await publish('stolen', 'root-1.cfr', Number.MAX_SAFE_INTEGER - 1);
  const page = await follow(Engine, {
    sources: [`${worker.url}/snapshot`], root: `${worker.url}/root.cfr`, keyRing: JSON.parse(settings.keyRing), keep: null, poll: false,
  });
  assert.deepEqual([page.state, page.engine.snapshot.version], ['ready', Number.MAX_SAFE_INTEGER - 1]);
  // its key publishes nothing more
  await assert.rejects(publish('stolen', 'root.cfr', Number.MAX_SAFE_INTEGER), ({ stderr }) => stderr.includes('key_unknown'));
  await publish('honest', 'root.cfr', 9);
  assert.equal(await total(), 8_000);
  await page.check();
  assert.deepEqual([page.state, page.engine.snapshot.rootVersion, page.engine.snapshot.version], ['ready', 2, 9]);
  // the worker goes on counting from there
  assert.equal((await admin('POST', '/admin/publish', '{}')).status, 201);
  await page.check();
  assert.deepEqual([page.state, page.engine.snapshot.version], ['ready', 10]);
});

test('root documents are never taken back, and what does not follow is refused whole', async () => {
  const last = await readFile(file('root.cfr'));
  assert.equal((await admin('PUT', '/admin/root', last)).status, 200);
  await assertRefused(await admin('PUT', '/admin/root', await readFile(file('root-1.cfr'))), 409, 'root_not_continued');
  await assertRefused(await admin('PUT', '/admin/root', last.subarray(0, -1)), 422, 'snapshot_malformed');
  await assertRefused(await admin('PUT', '/admin/root', Buffer.concat([last, last])), 422, 'root_out_of_order');
  const restarted = worker;
  await restarted.stop();
  worker = await localWorker(settings);
  assert.deepEqual(new Uint8Array(await (await worker.at('/root.cfr')).arrayBuffer()), new Uint8Array(last));
  assert.equal(await total(), 8_000);
});
