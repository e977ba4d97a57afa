// What keeps a worker running, on real workerd: shards, webhooks, metrics, backup, and storage that an older release wrote.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ADMIN_TOKEN, assertRefused, assertTotal, eventually, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';

const shop = {
  campaigns: [
    { id: 'hot', codes: ['HOT'], limits: { total: 40 }, discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'pot', codes: ['POT'], limits: { budget: { EUR: 10_000 } }, discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'each', codes: ['EACH'], limits: { perCustomer: 1 }, discounts: [{ type: 'percent_off', percent: '10' }] },
  ],
  programme: { schemes: { gift: { unit: 'EUR' } } },
};

let dir;
let signer;
let worker;
let keys = 0;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-operations-'));
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>shop</title>');
  signer = await newSigner();
  worker = await open('state');
  assert.equal((await worker.put(await signer.snapshot(shop, 1))).status, 201);
});
after(async () => {
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

const open = (state, settings = {}) => localWorker({ keyRing: signer.keyRing, assets: join(dir, 'www'), stateDir: join(dir, state), ...settings });
const admin = (method, path, body, on = worker) =>
  on.at(path, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}
const cart = (code, unitPrice = 1_000) => ({ currency: 'EUR', codes: [code], lines: [{ id: 'a', unitPrice, quantity: 1 }] });
const newKey = () => `key-${(keys += 1)}`;
const redeem = (code, { price, body, key = newKey(), on = worker } = {}) => on.post('/redemptions', { request: cart(code, price), confirm: true, ...body }, { key });

describe('shards', () => {
  test('share a limit exactly, live counters see all of them, and what comes back is used again', async () => {
    assert.equal((await ok(await admin('PUT', '/admin/campaigns/hot/shards', { shards: 4 }))).shards, 4);
    const answers = await Promise.all(Array.from({ length: 60 }, () => redeem('HOT')));
    const told = await Promise.all(answers.map(async (answer) => ({ status: answer.status, body: await answer.json() })));
    const accepted = told.filter(({ status }) => status === 201);
    assert.equal(accepted.length, 40);
    for (const { body } of told.filter(({ status }) => status !== 201)) assert.equal(body.code, 'uses_limit_reached');
    const { uses, heldUses } = await ok(await admin('GET', '/campaigns/hot'));
    assert.deepEqual([uses, heldUses], [40, 0]);

    // most of them were counted on a shard: what is free there is gathered for whoever asks
    await Promise.all(accepted.slice(0, 7).map(async ({ body }) => ok(await worker.post(`/redemptions/${body.id}/rollback`, {}, { key: newKey() }))));
    let again = 0;
    await eventually(async () => {
      while ((await redeem('HOT')).status === 201) again += 1;
      assert.equal(again, 7);
    });
    assert.equal((await ok(await admin('GET', '/campaigns/hot'))).uses, 40);
  });

  test('are taken back without losing or making a use', async () => {
    await ok(await admin('PUT', '/admin/campaigns/pot/shards', { shards: 3 }));
    const first = await ok(await redeem('POT', { price: 10_000 }), 201);
    for (const price of [9_000, 8_000, 7_000]) await ok(await redeem('POT', { price }), 201);
    assert.deepEqual((await ok(await admin('PUT', '/admin/campaigns/pot/shards', { shards: 0 }))).budgets, { EUR: { spent: 3_400, heldAmount: 0 } });
    // all that is left, by the campaign's own book
    await ok(await redeem('POT', { price: 66_000 }), 201);
    await assertRefused(await redeem('POT', { price: 10 }), 409, 'budget_limit_reached');
    // what a shard gives back later is found too
    await ok(await worker.post(`/redemptions/${first.id}/rollback`, {}, { key: newKey() }));
    await eventually(async () => assert.equal((await redeem('POT', { price: 10_000 })).status, 201));
  });

  test('stop with their campaign, and go on with it', async () => {
    await ok(await admin('POST', '/admin/campaigns/hot/stop', {}));
    await assertRefused(await redeem('HOT'), 409, 'campaign_stopped');
    await ok(await admin('POST', '/admin/campaigns/hot/resume', {}));
    await assertRefused(await redeem('HOT'), 409, 'uses_limit_reached');
  });

  test('are refused where customers are counted apart, and for what there is not', async () => {
    await assertRefused(await admin('PUT', '/admin/campaigns/each/shards', { shards: 2 }), 409, 'shards_impossible');
    await assertRefused(await admin('PUT', '/admin/campaigns/none/shards', { shards: 2 }), 404, 'campaign_unknown');
  });
});

describe('webhooks', () => {
  let server;
  let url;
  const heard = [];
  const says = [];
  before(async () => {
    server = createServer(async (request, response) => {
      const body = (await request.setEncoding('utf8').toArray()).join('');
      heard.push({ headers: request.headers, body, event: JSON.parse(body) });
      response.writeHead(says.shift() ?? 204).end();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${server.address().port}/hooks`;
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  test('are signed, and told again until they are heard', async () => {
    const { secret } = await ok(await admin('PUT', '/admin/webhooks/erp', { url, events: ['redemption.confirmed'] }));
    assert.equal((await ok(await admin('PUT', '/admin/webhooks/erp', { url, events: ['redemption.*'] }))).secret, undefined);
    says.push(500);
    const { id } = await ok(await redeem('EACH', { body: { customer: 'ann', order: 'order-1' } }), 201);
    await eventually(() => assert.equal(heard.length, 1));
    // after two seconds
    for (let waited = 0; heard.length < 2 && waited < 3; waited += 1) await eventually(() => assert.equal(heard.length, 2)).catch(() => {});
    const [first, second] = heard;
    assert.deepEqual([second.body, second.headers['webhook-id']], [first.body, first.headers['webhook-id']]);
    assert.equal(first.event.type, 'redemption.confirmed');
    assert.deepEqual([first.event.data.redemption, first.event.data.order], [id, 'order-1']);
    assert.ok(!first.body.includes('ann'), 'a customer is a pseudonym');
    for (const { headers, body } of heard) {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const signed = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
      assert.equal(headers['webhook-signature'], `v1,${signed}`);
    }
    assert.equal((await ok(await admin('GET', '/admin/webhooks'))).waiting, 0);
  });

  test('that are given up are dead letters, which can be sent again', async () => {
    says.push(410);
    await assertRefused(await redeem('EACH', { body: { customer: 'ann' } }), 409, 'uses_limit_reached');
    const letters = await eventually(async () => {
      const told = await ok(await admin('GET', '/admin/dead-letters'));
      assert.equal(told.letters.length, 1);
      return told.letters;
    });
    const [{ seq, webhook, type, said, data }] = letters;
    assert.deepEqual([webhook, type, said, data.code], ['erp', 'redemption.refused', 'HTTP 410', 'uses_limit_reached']);
    const before = heard.length;
    await ok(await admin('POST', `/admin/dead-letters/${seq}/retry`, {}));
    await eventually(async () => {
      assert.equal(heard.length, before + 1);
      assert.deepEqual((await ok(await admin('GET', '/admin/dead-letters'))).letters, []);
    });
    await assertRefused(await admin('POST', `/admin/dead-letters/${seq}/retry`, {}), 404, 'dead_letter_unknown');
  });

  test('hear of changes too, and nothing once they are removed', async () => {
    await ok(await admin('PUT', '/admin/webhooks/audit', { url, events: ['change.campaign_stop'] }));
    const before = heard.length;
    await ok(await admin('POST', '/admin/campaigns/each/stop', {}));
    await eventually(() => assert.equal(heard.length, before + 1));
    assert.deepEqual([heard.at(-1).event.type, heard.at(-1).event.data.subject], ['change.campaign_stop', 'each']);
    await ok(await admin('DELETE', '/admin/webhooks/audit'));
    await ok(await admin('DELETE', '/admin/webhooks/erp'));
    await ok(await admin('POST', '/admin/campaigns/each/resume', {}));
    assert.deepEqual((await ok(await admin('GET', '/admin/webhooks'))), { webhooks: [], waiting: 0, dead: 0 });
    assert.equal(heard.length, before + 1);
  });

  test('go nowhere in the clear', async () => {
    const problem = await assertRefused(await admin('PUT', '/admin/webhooks/x', { url: 'http://shop.example/', events: ['*'] }), 422, 'field_invalid');
    assert.equal(problem.at.pointer, '/url');
  });

  test('go to no address of the host or of a private network, however it is written', async () => {
    const careful = await open('careful', { privateWebhooks: false });
    try {
      const put = (to) => admin('PUT', '/admin/webhooks/x', { url: to, events: ['*'] }, careful);
      const inside = [
        'https://127.0.0.1/', 'http://127.0.0.1:9000/', 'https://127.1/', 'https://2130706433/', 'https://0x7f.0.0.1/', 'https://0177.0.0.1/', 'https://localhost/', 'https://LOCALHOST./',
        'https://shop.localhost/', 'https://0.0.0.0/', 'https://10.255.255.255/', 'https://172.16.0.1/', 'https://172.31.255.255/', 'https://192.168.1.1/', 'https://100.64.0.1/',
        'https://169.254.169.254/latest/meta-data/', 'https://metadata.google.internal/', 'https://metadata/', 'https://printer.local/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[fd00::1]/',
        'https://[fe80::1]/', 'https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/', 'https://255.255.255.255/', 'https://shop@127.0.0.1/',
      ];
      for (const to of inside) assert.equal((await assertRefused(await put(to), 422, 'webhook_address_private')).at.pointer, '/url', to);
      for (const to of ['https://9.255.255.255/', 'https://11.0.0.0/', 'https://172.15.255.255/', 'https://172.32.0.0/', 'https://100.128.0.0/', 'https://[2606:4700::1111]/', 'https://local.shop.example/']) {
        assert.equal((await ok(await put(to))).url, to);
      }
    } finally {
      await careful.stop();
    }
  });

  test('are told of what there is, and of nothing else', async () => {
    const { paths } = await (await worker.at('/openapi.json')).json();
    const known = paths['/admin/webhooks/{id}'].put.requestBody.content['application/json'].schema.properties.events.items.enum;
    for (const name of ['*', 'redemption.confirmed', 'customer.*', 'change.published']) assert.ok(known.includes(name), name);
    assert.deepEqual((await ok(await admin('PUT', '/admin/webhooks/all', { url, events: known.slice(0, 50) }))).events, known.slice(0, 50));
    await ok(await admin('DELETE', '/admin/webhooks/all'));
    for (const name of ['nonsense.event', 'redemption.sold', 'redemption', '.*', 'change.Published']) {
      const problem = await assertRefused(await admin('PUT', '/admin/webhooks/all', { url, events: ['*', name] }), 422, 'field_invalid');
      assert.equal(problem.at.pointer, '/events/1');
      assert.match(problem.message, /"redemption\.confirmed"/, 'the list is told');
    }
  });
});

test('a port that another worker has is told, with what to do about it', async () => {
  const { port } = new URL(worker.url);
  await assert.rejects(open('second', { port: Number(port) }), new RegExp(`^Error: Port ${port} is taken\\. .*leaves its workerd behind: .*fuser -k ${port}/tcp`));
});

test('metrics count what the records say', async () => {
  const sample = async (name) => {
    const text = await (await admin('GET', '/metrics')).text();
    return Number(text.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ').at(-1));
  };
  assert.equal((await worker.get('/metrics')).status, 401);
  assert.equal(await sample('counterfoil_snapshot_version'), 1);
  const confirmed = 'counterfoil_campaign_redemptions_total{campaign="hot",outcome="confirmed",currency="EUR"}';
  await eventually(async () => assert.equal(await sample(confirmed), 47));
  assert.equal(await sample('counterfoil_campaign_redemptions_total{campaign="hot",outcome="rolled_back",currency="EUR"}'), 7);
  const refused = await sample('counterfoil_campaign_redemptions_total{campaign="hot",outcome="refused",currency="EUR"}');
  await redeem('HOT');
  await eventually(async () => assert.equal(await sample('counterfoil_campaign_redemptions_total{campaign="hot",outcome="refused",currency="EUR"}'), refused + 1));
});

describe('a backup', () => {
  let copy;
  after(() => copy?.stop());

  test('restored to an empty worker gives the same answers', async () => {
    await ok(await worker.post('/accounts/card/refill', { scheme: 'gift', amount: 5_000 }, { key: 'sold' }));
    const held = await ok(await worker.post('/redemptions', { request: cart('EACH'), customer: 'ben' }, { key: 'held' }), 201);
    const { token } = await ok(await worker.post('/quote/signed', cart('EACH')));
    const charged = await ok(await worker.post('/redemptions', { token, customer: 'cid', confirm: true, order: 'order-9' }, { key: 'charged' }), 201);
    const addresses = ['/accounts/card', '/accounts/card/events', `/redemptions/${held.id}`, `/redemptions/${charged.id}`, '/campaigns', '/records?limit=500', '/snapshot', '/metrics'];
    const read = (on) => Promise.all(addresses.map(async (path) => (await on.get(path, { token: ADMIN_TOKEN })).text()));
    // the records hear of it a moment later
    await eventually(async () => assert.equal((await ok(await admin('GET', '/records?order=order-9'))).records.length, 1));
    const before = await read(worker);
    const text = await (await admin('GET', '/admin/backup')).text();

    copy = await open('copy');
    const { objects } = await ok(await admin('POST', '/admin/restore', text, copy));
    assert.ok(objects > 60, `${objects} objects`);
    assert.deepEqual(await read(copy), before);
    const { entries } = await ok(await admin('GET', '/admin/audit', undefined, copy));
    assert.equal(entries[0].action, 'restored');

    // and goes on as the other would
    const repeat = await copy.post('/redemptions', { request: cart('EACH'), customer: 'ben' }, { key: 'held' });
    assert.equal(repeat.headers.get('idempotent-replay'), 'true');
    assert.deepEqual(await ok(repeat, 201), held);
    await ok(await copy.post(`/redemptions/${held.id}/confirm`, {}, { key: newKey() }));
    await assertRefused(await redeem('EACH', { on: copy, body: { customer: 'ben' } }), 409, 'uses_limit_reached');
    await assertRefused(await redeem('HOT', { on: copy }), 409, 'uses_limit_reached');
    await assertRefused(await copy.post('/redemptions', { token, confirm: true }, { key: newKey() }), 409, 'quote_token_used');
    await assertTotal(await copy.quote(cart('EACH')), 900);
  });

  test('is not taken by a worker that keeps something, nor without its end', async () => {
    const text = await (await admin('GET', '/admin/backup')).text();
    await assertRefused(await admin('POST', '/admin/restore', text), 409, 'not_empty');
    const other = await open('other');
    try {
      for (const broken of ['', 'x', '{}', text.replace('backup/v1', 'backup/v9')]) {
        await assertRefused(await admin('POST', '/admin/restore', broken, other), 422, 'backup_unreadable');
      }
      const older = text.replace(/"object":"redemption\/(\w+)","version":\d+/, '"object":"redemption/$1","version":0');
      await assertRefused(await admin('POST', '/admin/restore', older, other), 409, 'backup_version_other');
    } finally {
      await other.stop();
    }
    const another = await open('another');
    try {
      const cut = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
      await assertRefused(await admin('POST', '/admin/restore', cut, another), 422, 'backup_unreadable');
    } finally {
      await another.stop();
    }
  });
});

test('wrangler takes the worker as it is, with all that its storage is bound to', { timeout: 120_000 }, async () => {
  const room = new URL('../../worker/', import.meta.url);
  const wrangler = fileURLToPath(new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--assets', join(dir, 'www'), '--outdir', join(dir, 'deployed')], {
    cwd: fileURLToPath(room), env: { ...process.env, NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false' },
  });
  for (const binding of ['BOOKS (Book)', 'REDEMPTIONS (Redemption)', 'SESSIONS (Session)', 'RECORDS (Records)', 'CATALOGUE (Catalogue)', 'CUSTOMERS (Customer)', 'PUBLICATIONS (Publications)', 'SNAPSHOTS', 'LARGE', 'GUESSES', 'SESSION_GUESSES', 'CAMPAIGN_GUESSES']) {
    assert.ok(stdout.includes(`env.${binding}`), `${binding} in ${stdout}`);
  }
  // what Cloudflare takes on every plan
  const [, kibibytes] = /gzip: ([\d.]+) KiB/.exec(stdout);
  assert.ok(Number(kibibytes) < 3 * 1_024, `${kibibytes} KiB`);
});

test('storage of an older release is migrated when it is opened, and goes on', async () => {
  // what the release with version 1 of all storages left: one order confirmed and paid in part by gift card, one held, one
  // refused by its budget, an account of points
  const { facts, files } = JSON.parse(gunzipSync(await readFile(new URL('states/1.json.gz', import.meta.url))));
  const stateDir = join(dir, 'older');
  for (const [name, base64] of Object.entries(files)) {
    await mkdir(dirname(join(stateDir, name)), { recursive: true });
    await writeFile(join(stateDir, name), Buffer.from(base64, 'base64'));
  }
  const older = await open('older', { keyRing: JSON.stringify(facts.keyRing), publisherKey: JSON.stringify(facts.secretKey) });
  try {
    // its snapshot has come to its end meanwhile; its catalogue has not
    assert.equal((await ok(await admin('POST', '/admin/publish', { allow: ['code_guessable'] }, older), 201)).version, 2);
    const { snapshot: _, ...was } = facts.one;
    const { snapshot: __, ...is } = await ok(await older.get(`/redemptions/${facts.one.id}`));
    assert.deepEqual(is, was);
    const repeat = await older.post('/redemptions', { request: { ...cart('TEN'), lines: [{ id: 'a', unitPrice: 1_000, quantity: 3 }], payments: [{ type: 'gift_card', id: 'card', amount: 700 }] }, confirm: true, order: 'order-1', customer: 'ann' }, { key: 'one' });
    assert.equal(repeat.headers.get('idempotent-replay'), 'true');
    assert.equal((await ok(await older.get('/accounts/card'))).available, 4_300);
    assert.equal((await ok(await older.get('/accounts/member'))).available, 40);
    assert.equal((await ok(await admin('GET', '/campaigns/ten', undefined, older))).budgets.EUR.spent, 300);
    const { records } = await ok(await admin('GET', '/records?order=order-1', undefined, older));
    assert.deepEqual(records.map(({ outcome }) => outcome), ['confirmed']);
    // counted by the migration from the records that were there
    const metrics = await (await admin('GET', '/metrics', undefined, older)).text();
    assert.match(metrics, /counterfoil_campaign_redemptions_total\{campaign="ten",outcome="confirmed",currency="EUR"\} 1\n/);
    assert.match(metrics, /counterfoil_redemptions_total\{outcome="refused",currency="EUR"\} 1\n/);
    await ok(await older.post(`/redemptions/${facts.one.id}/rollback`, {}, { key: newKey() }));
    await ok(await admin('PUT', '/admin/campaigns/ten/shards', { shards: 2 }, older));
    await ok(await redeem('TEN', { on: older }), 201);
    assert.equal((await ok(await older.get('/accounts/card'))).available, 5_000);
  } finally {
    await older.stop();
  }
});
