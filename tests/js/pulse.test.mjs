// The worker signs pulses: a stop is in effect in pages that are open within one pulse, without another snapshot, and in the
// ledger at once.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CounterfoilError, Engine } from 'counterfoil';
import { follow } from 'counterfoil/sync';
import { keygen } from 'counterfoil/workshop';
import { deskBeside } from '../../www/desk/local.mjs';
import { launch } from './hosts/chromium.mjs';
import { ADMIN_TOKEN, assertRefused, assertTotal, CHECKOUT_TOKEN, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

const document = {
  campaigns: [
    { id: 'half', discounts: [{ type: 'percent_off', percent: '50' }] },
    { id: 'ten', discounts: [{ type: 'amount_off', amount: { EUR: 1000 } }] },
  ],
};
const cart = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 10_000, quantity: 1 }] };

let dir;
let signer;
let keyRing;
let worker;
let settings;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-pulse-'));
  const assets = join(dir, 'dist');
  await run('npx', ['--no-install', 'vite', 'build', '--outDir', assets, '--emptyOutDir'], { cwd: join(root, 'www') });
  signer = await newSigner();
  keyRing = JSON.parse(signer.pulsing.keyRing);
  const neighbours = [await deskBeside({ keyRing: signer.pulsing.keyRing, checkoutToken: CHECKOUT_TOKEN })];
  settings = { ...signer.pulsing, assets, neighbours, stateDir: join(dir, 'state'), publisherKey: JSON.stringify(signer.secretKey) };
  worker = await localWorker(settings);
  await publish(document);
});

after(async () => {
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function admin(method, path, body) {
  const response = await worker.at(path, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, ...(body && { body: JSON.stringify(body) }) });
  const told = await response.json();
  assert.ok(response.ok, JSON.stringify(told));
  return told;
}

async function publish(campaigns) {
  await admin('PUT', '/admin/catalogue', campaigns);
  return admin('POST', '/admin/publish', { allow: ['takes_everything'] });
}

const bytesAt = async (path) => new Uint8Array(await (await worker.at(path)).arrayBuffer());
const following = (options) => follow(Engine, { sources: [`${worker.url}/snapshot`], pulse: `${worker.url}/pulse`, keyRing, keep: null, ...options });
async function until(moment, holds) {
  for (; !holds(); await sleep(20)) assert.ok(performance.now() < moment, 'too late');
}

const version = async () => (await (await worker.at('/health')).json()).snapshot.version;

test('a pulse confirms what is in force, can be cached for a moment, and is signed by the key of its role', async () => {
  const answer = await worker.at('/pulse');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=5');
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  const etag = answer.headers.get('etag');
  const pulse = new Uint8Array(await answer.arrayBuffer());
  const engine = await Engine.open(await bytesAt('/snapshot'), keyRing);
  const until = engine.takePulse(pulse);
  assert.ok(until > Date.now() && until <= Date.now() + 5 * 60_000);
  assert.equal(engine.quote(cart).total, 4_000);
  // the same word a moment later, unless a grid line lies between
  const again = await worker.at('/pulse', { headers: { 'if-none-match': etag } });
  assert.ok(again.status === 304 || again.headers.get('etag') !== etag);
  const { roles, ...rest } = keyRing;
  const other = await Engine.open(await bytesAt('/snapshot'), { ...rest, roles: { ...roles, pulse: { threshold: 1, keys: [(await keygen('other')).publicKey] } } });
  assert.throws(() => other.takePulse(pulse), (error) => error instanceof CounterfoilError && error.code === 'key_unknown');
});

test('what is stopped leaves an open page within one pulse and the ledger at once, and comes back with a snapshot of its own', async (t) => {
  const sync = await following({ every: 1_000 });
  t.after(() => sync.close());
  const heard = [];
  sync.onChange(() => heard.push(sync.engine.quote(cart).total));
  assert.deepEqual([sync.state, sync.engine.quote(cart).total], ['ready', 4_000]);
  const before = await version();
  const { engine } = sync;

  const clicked = performance.now();
  await admin('POST', '/admin/campaigns/half/stop', {});
  // the ledger and the worker's own quotes: at once
  const order = { request: cart, order: 'order-1', confirm: true };
  const charged = await (await worker.post('/redemptions', order, { key: 'order-1' })).json();
  assert.deepEqual(charged.campaigns, ['ten']);
  await assertTotal(await worker.quote(cart), 9_000);
  // one interval of 1,000 ms, a tenth more, and the way there
  await until(clicked + 2_000, () => sync.engine.quote(cart).total === 9_000);
  assert.equal(sync.engine, engine);
  assert.equal(await version(), before);
  assert.equal(heard.at(-1), 9_000);

  await admin('POST', '/admin/campaigns/half/resume', {});
  await assertTotal(await worker.quote(cart), 4_000);
  // first the snapshot, then a pulse that speaks of it
  await until(clicked + 8_000, () => sync.engine.quote(cart).total === 4_000);
  assert.equal(await version(), before + 1);
  assert.deepEqual([sync.state, heard.at(-1)], ['ready', 4_000]);
});

test('a quote that was signed before the stop is refused by the ledger', async () => {
  const { token } = await (await worker.post('/quote/signed', cart)).json();
  await admin('POST', '/admin/campaigns/ten/stop', {});
  await assertRefused(await worker.post('/redemptions', { token, order: 'order-2' }, { key: 'order-2' }), 409, 'campaign_stopped');
  await admin('POST', '/admin/campaigns/ten/resume', {});
});

test('one click in the console stops a campaign in a shop that is open, before its snapshot is another', async (t) => {
  const offers = JSON.parse(await readFile(join(root, 'examples/storefront.json'), 'utf8'));
  await publish(offers);
  const browser = await launch();
  t.after(() => browser.close());
  const shop = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', serviceWorkers: 'block' })).newPage();
  const total = shop.locator('counterfoil-savings').locator('.total dd');
  await shop.goto(worker.url);
  await shop.locator('html[data-ready]').waitFor();
  await shop.getByRole('button', { name: 'Add Harbour Breakfast to the basket' }).click();
  await shop.getByRole('complementary').getByRole('button', { name: 'One Harbour Breakfast more' }).click();
  await shop.getByRole('complementary').getByRole('button', { name: 'One Harbour Breakfast more' }).click();
  await total.filter({ hasText: '€29.90' }).waitFor();
  const before = await version();

  const console = await (await browser.newContext()).newPage();
  await console.goto(`${worker.url}/console.html`);
  await console.getByLabel('Token').fill(ADMIN_TOKEN);
  await console.getByLabel('Your name').fill('Mira');
  await console.keyboard.press('Enter');
  await console.getByRole('button', { name: 'Stop tea-three-for-two' }).click();
  // the page asks every twenty seconds, give or take a tenth
  await total.filter({ hasText: '€42.40' }).waitFor({ timeout: 25_000 });
  assert.equal(await version(), before);
});

test('without a key there is no pulse, and a key that the ring does not trust signs none', async () => {
  await worker.stop();
  worker = await localWorker({ ...settings, pulseKey: '' });
  await assertRefused(await worker.at('/pulse'), 503, 'pulse_key_not_set');
  await worker.stop();
  const { secretKey } = await keygen('nobody');
  worker = await localWorker({ ...settings, pulseKey: JSON.stringify({ ...secretKey, role: 'pulse' }) });
  await assertRefused(await worker.at('/pulse'), 503, 'key_unknown');
  // quotes of storefronts go on
  assert.equal((await worker.quote(cart)).status, 200);
});
