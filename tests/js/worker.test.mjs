// The reference worker on real workerd, over HTTP, with snapshots from the command line.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ADMIN_TOKEN, assertPublished, assertRefused, assertTotal, eventually, localWorker, sha256 } from './local_worker.mjs';
import { counterfoil, newPublisher } from './publisher.mjs';

const MAX_SNAPSHOT_BYTES = 4 * 1024 * 1024;
const MAX_REQUEST_BYTES = 128 * 1024;
/** Longer than the worker goes without looking at the pointer. */
const UNTIL_IT_LOOKS_AGAIN = 3_500;

const tenPercent = {
  id: 'ten-percent',
  name: 'Ten percent off',
  discounts: [{ type: 'percent_off', percent: '10' }],
};
const twentyPercent = {
  id: 'twenty-percent',
  name: 'Twenty percent off',
  discounts: [{ type: 'percent_off', percent: '20' }],
};
const cart = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 3 }] };

const inDays = (days) => Date.now() + days * 86_400_000;
const civil = (time) => new Date(time).toISOString().slice(0, 16);

let dir;
let publisher;
let assets;
/** A worker whose snapshot ends while the other tests run; the last one sees that it did. */
let ending;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-worker-'));
  publisher = await newPublisher(dir);
  assets = join(dir, 'www');
  await mkdir(assets);
  await writeFile(join(assets, 'index.html'), '<!doctype html><title>shop</title>');
  await writeFile(join(assets, '_headers'), '/*\n  Referrer-Policy: no-referrer\n');
  await writeFile(join(assets, 'core.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));

  ending = { worker: await start() };
  ending.bytes = await publisher.snapshot([tenPercent], { version: 1, life: '20s' });
  ending.at = Date.now() + 20_000;
  const { bytes } = ending;
  await assertPublished(await ending.worker.put(bytes), 201, { version: 1, bytes });
  await assertTotal(await ending.worker.quote(cart), 2_700);
});

after(async () => {
  await ending?.worker.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A worker with its own empty state, or with the given one. */
async function start(settings = {}) {
  const stateDir = settings.stateDir ?? (await mkdtemp(join(dir, 'state-')));
  const worker = await localWorker({ keyRing: publisher.keyRing, assets, ...settings, stateDir });
  return { ...worker, stateDir };
}

describe('an empty worker', () => {
  let worker;
  before(async () => (worker = await start()));
  after(() => worker.stop());

  test('is healthy and says that nothing is published', async () => {
    const response = await worker.at('/health');
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: 'ok', snapshot: null });
  });

  test('has no snapshot to hand out and none to quote with', async () => {
    await assertRefused(await worker.at('/snapshot'), 503, 'no_snapshot');
    await assertRefused(await worker.quote(cart), 503, 'no_snapshot');
    await assertRefused(await worker.at(`/snapshots/${'0'.repeat(64)}`), 404, 'snapshot_unknown');
  });

  test('shows its key ring as it was configured', async () => {
    const response = await worker.at('/keyring.json');
    assert.equal(await response.text(), publisher.keyRing);
    assert.equal(response.headers.get('content-type'), 'application/json');
  });

  test('sends the security headers with every static file', async () => {
    for (const path of ['/', '/core.wasm', '/nowhere']) {
      const response = await worker.at(path);
      assert.equal(response.status, path === '/nowhere' ? 404 : 200);
      const policy = response.headers.get('content-security-policy').split('; ');
      assert.ok(policy.includes("script-src 'self' 'wasm-unsafe-eval'"), path);
      assert.ok(policy.includes("object-src 'none'"), path);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    }
    const engine = await worker.at('/core.wasm');
    assert.equal(engine.headers.get('content-type'), 'application/wasm');
    assert.equal(engine.headers.get('referrer-policy'), 'no-referrer', 'what the storefront says of its files stays');
  });

  test('says what is so where there is nothing', async () => {
    for (const path of ['/nowhere', '/admin/nowhere', '/redemptions/x/y/z']) {
      const problem = await assertRefused(await worker.at(path), 404, 'address_unknown');
      assert.deepEqual(problem.at, { document: 'path', pointer: '' });
    }
  });

  test('names the methods that an address takes', async () => {
    for (const [method, path, allow] of [
      ['POST', '/snapshot', 'GET, HEAD'],
      ['GET', '/quote', 'POST'],
      ['GET', '/admin/snapshot', 'PUT'],
    ]) {
      const response = await worker.at(path, { method });
      assert.equal(response.headers.get('allow'), allow);
      const problem = await assertRefused(response, 405, 'method_not_allowed');
      assert.deepEqual(problem.at, { document: 'path', pointer: '' });
    }
  });
});

describe('publishing', () => {
  let worker;
  let first;
  let second;
  before(async () => {
    worker = await start();
    first = await publisher.snapshot([tenPercent], { version: 1 });
    second = await publisher.snapshot([twentyPercent], { version: 2 });
  });
  after(() => worker.stop());

  const current = async () => (await (await worker.at('/health')).json()).snapshot?.version;

  test('needs the admin token, compared whole', async () => {
    const bare = await worker.at('/admin/snapshot', { method: 'PUT', body: first });
    assert.match(bare.headers.get('www-authenticate'), /^Bearer/);
    await assertRefused(bare, 401, 'unauthorized');
    for (const token of ['wrong', `${ADMIN_TOKEN}x`, ADMIN_TOKEN.slice(0, -1)]) {
      await assertRefused(await worker.put(first, { token }), 401, 'unauthorized');
    }
    assert.equal(await current(), undefined);
  });

  test('keeps a signed snapshot, logs it, and answers a repeat the same way', async () => {
    await assertPublished(await worker.put(first), 201, { version: 1, bytes: first });
    await assertPublished(await worker.put(first), 200, { version: 1, bytes: first });
    await eventually(() => {
      const [line, ...others] = worker.logged('snapshot_published');
      assert.equal(line.version, 1);
      assert.equal(line.sha256, sha256(first));
      assert.equal(line.bytes, first.byteLength);
      assert.equal(others.length, 0);
    });
  });

  test('refuses other content under a version that is taken', async () => {
    const other = await publisher.snapshot([twentyPercent], { version: 1 });
    const problem = await assertRefused(await worker.put(other), 409, 'snapshot_version_taken');
    assert.equal(problem.params.version, 1);
    await eventually(() => assert.equal(worker.logged('refused').at(-1).code, 'snapshot_version_taken'));
  });

  test('quotes with the new version at once and refuses to go back', async () => {
    await assertTotal(await worker.quote(cart), 2_700);
    await assertPublished(await worker.put(second), 201, { version: 2, bytes: second });
    await assertTotal(await worker.quote(cart), 2_400);
    await assertRefused(await worker.put(first), 409, 'snapshot_rolled_back');
    await assertTotal(await worker.quote(cart), 2_400);
  });

  test('refuses a stranger’s key', async () => {
    const stranger = await newPublisher(dir);
    const forged = await stranger.snapshot([twentyPercent], { version: 9 });
    await assertRefused(await worker.put(forged), 422, 'key_unknown');
    assert.equal(await current(), 2);
  });

  test('refuses what is meant for another audience', async () => {
    const other = JSON.parse(publisher.keyRing);
    const elsewhere = await start({ keyRing: JSON.stringify({ ...other, audience: 'another-shop' }) });
    try {
      await assertRefused(await elsewhere.put(first), 422, 'audience_mismatch');
    } finally {
      await elsewhere.stop();
    }
  });

  test('refuses every flipped byte and every shortened body', async () => {
    const next = await publisher.snapshot([twentyPercent], { version: 3 });
    const step = Math.max(1, Math.floor(next.length / 150));
    for (let position = 0; position < next.length; position += position < 128 ? 1 : step) {
      const flipped = Buffer.from(next);
      flipped[position] ^= 1 << position % 8;
      const response = await worker.put(flipped);
      assert.ok(response.status >= 400 && response.status < 500, `byte ${position}: ${response.status}`);
    }
    for (const length of [0, 1, 8, next.length - 1]) {
      const response = await worker.put(next.subarray(0, length));
      assert.equal(response.status, 422, `${length} bytes`);
    }
    assert.equal(await current(), 2);
    await assertTotal(await worker.quote(cart), 2_400);
  });

  test('refuses an oversized body by its announced length, before any of it arrives', async () => {
    const response = await worker.announce('PUT', '/admin/snapshot', MAX_SNAPSHOT_BYTES + 1);
    const problem = await assertRefused(response, 413, 'snapshot_too_large');
    assert.equal(problem.params.limit, MAX_SNAPSHOT_BYTES);
    await assertRefused(await worker.announce('PUT', '/admin/snapshot', 1, 'wrong'), 401, 'unauthorized');
  });

  test('stops reading a body that announces no length', async () => {
    const sent = await worker.pour('PUT', '/admin/snapshot', 8 * MAX_SNAPSHOT_BYTES);
    assert.ok(sent < 4 * MAX_SNAPSHOT_BYTES, `${sent} bytes were taken`);
    await eventually(() => assert.equal(worker.logged('refused').at(-1).code, 'snapshot_too_large'));
  });

  test('works from the command line', async () => {
    const args = await publisher.publishing([tenPercent], { version: 5 });
    await counterfoil('publish', ...args, '--to', worker.url, '--token', ADMIN_TOKEN);
    assert.equal(await current(), 5);
    await assertTotal(await worker.quote(cart), 2_700);
    const next = await publisher.publishing([tenPercent], { version: 6 });
    await assert.rejects(
      counterfoil('publish', ...next, '--to', worker.url, '--token', 'wrong'),
      ({ code, stderr }) => code === 1 && stderr.includes('unauthorized'),
    );
    assert.equal(await current(), 5);
  });

  test('is rehearsed from the command line, against what is in force', async () => {
    const cheaper = { ...tenPercent, discounts: [{ type: 'percent_off', percent: '20' }] };
    const [, was] = await publisher.publishing([tenPercent], { version: 6 });
    const rehearsal = [...(await publisher.publishing([cheaper], { version: 6 })), '--against', was, '--dry-run', '--to', worker.url, '--token', ADMIN_TOKEN];
    const { stdout, stderr } = await counterfoil('publish', ...rehearsal);
    assert.match(stderr, /found {6}version 5/);
    assert.doesNotMatch(stderr, /against_other_documents/);
    assert.match(stdout, /percent 20 instead of 10/);
    assert.equal(await current(), 5);
  });

  test('is closed while no admin token is set', async () => {
    const closed = await start({ adminToken: '' });
    try {
      await assertRefused(await closed.put(first), 503, 'admin_token_not_set');
    } finally {
      await closed.stop();
    }
  });
});

describe('handing out snapshots', () => {
  let worker;
  let bytes;
  let etag;
  before(async () => {
    worker = await start();
    bytes = await publisher.snapshot([tenPercent], { version: 7 });
    etag = `"7-${sha256(bytes)}"`;
    await assertPublished(await worker.put(bytes), 201, { version: 7, bytes });
  });
  after(() => worker.stop());

  test('gives the current bytes with their tag', async () => {
    const response = await worker.at('/snapshot', { headers: { 'accept-encoding': 'identity' } });
    assert.equal(response.headers.get('etag'), etag);
    assert.equal(response.headers.get('content-type'), 'application/octet-stream');
    assert.equal(response.headers.get('content-length'), String(bytes.byteLength));
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  });

  test('answers HEAD with the headers alone', async () => {
    const response = await worker.at('/snapshot', { method: 'HEAD', headers: { 'accept-encoding': 'gzip, br;q=0' } });
    assert.equal(response.headers.get('etag'), etag);
    assert.equal(response.headers.get('content-length'), String(bytes.byteLength));
    assert.equal((await response.arrayBuffer()).byteLength, 0);
  });

  test('gives them in brotli to whoever takes it, under a tag of their own', async () => {
    for (const path of ['/snapshot', `/snapshots/${sha256(bytes)}`]) {
      const response = await worker.at(path, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
      assert.equal(response.headers.get('content-encoding'), 'br', path);
      assert.equal(response.headers.get('vary'), 'Accept-Encoding');
      assert.ok(Number(response.headers.get('content-length')) < bytes.byteLength);
      // fetch has decoded them
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
      const tag = response.headers.get('etag');
      assert.match(tag, /-br"$/);
      assert.equal((await worker.at(path, { headers: { 'if-none-match': tag } })).status, 304);
    }
  });

  test('answers 304 to whoever has it', async () => {
    for (const known of [etag, `W/${etag}`, `"6-old", ${etag}`]) {
      const response = await worker.at('/snapshot', { headers: { 'if-none-match': known } });
      assert.equal(response.status, 304, known);
      assert.equal(response.headers.get('etag'), etag);
    }
    const response = await worker.at('/snapshot', { headers: { 'if-none-match': '"6-old"' } });
    assert.equal(response.status, 200);
  });

  test('keeps every version under its hash for good', async () => {
    const response = await worker.at(`/snapshots/${sha256(bytes)}`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
    assert.match(response.headers.get('cache-control'), /immutable/);
    await assertRefused(await worker.at(`/snapshots/${'f'.repeat(64)}`), 404, 'snapshot_unknown');
  });

  test('lets pages of any origin read and quote, and none publish', async () => {
    const origin = 'https://shop.example';
    for (const path of ['/snapshot', '/keyring.json', `/snapshots/${sha256(bytes)}`]) {
      const response = await worker.at(path, { headers: { origin } });
      assert.equal(response.headers.get('access-control-allow-origin'), '*', path);
      assert.equal(response.headers.get('access-control-allow-credentials'), null, path);
    }
    const preflight = await worker.at('/quote', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get('access-control-allow-methods'), /POST/);
    const refused = await worker.at('/quote', { method: 'POST', headers: { origin }, body: '{' });
    assert.equal(refused.headers.get('access-control-allow-origin'), '*');
    const admin = await worker.at('/admin/snapshot', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PUT' },
    });
    assert.equal(admin.headers.get('access-control-allow-origin'), null);
  });
});

describe('quoting', () => {
  let worker;
  before(async () => {
    worker = await start();
    const nextWeek = { ...twentyPercent, schedule: { from: civil(inDays(7)), until: civil(inDays(9)) } };
    const bytes = await publisher.snapshot([tenPercent, nextWeek], { version: 1 });
    await assertPublished(await worker.put(bytes), 201, { version: 1, bytes });
  });
  after(() => worker.stop());

  test('answers the engine’s quote', async () => {
    const response = await worker.quote(cart);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const quote = await response.json();
    assert.equal(quote.subtotal, 3_000);
    assert.equal(quote.discountTotal, 300);
    assert.equal(quote.total, 2_700);
    assert.equal(quote.outcomes[0].redeemable, 'ten-percent');
  });

  test('goes by its own clock, not by the shopper’s', async () => {
    await assertTotal(await worker.quote({ ...cart, now: inDays(8) }), 2_700);
  });

  test('says where a request is wrong', async () => {
    const malformed = await worker.at('/quote', { method: 'POST', body: '{"currency":' });
    await assertRefused(malformed, 400, 'json_malformed');
    const problem = await assertRefused(await worker.quote({ currency: 'EUR' }), 422, 'field_missing');
    assert.equal(problem.at.document, 'request');
    assert.equal(problem.at.pointer, '/lines');
  });

  test('refuses an oversized body', async () => {
    const response = await worker.announce('POST', '/quote', MAX_REQUEST_BYTES + 1);
    await assertRefused(response, 413, 'request_too_large');
  });
});

test('the source fits the types of the package and of the platform', async () => {
  const cwd = fileURLToPath(new URL('../../worker/', import.meta.url));
  await promisify(execFile)('npx', ['--no-install', 'tsc', '--noEmit'], { cwd }).catch(({ stdout }) => assert.fail(stdout));
});

test('the configuration deploys as it is, with the module of the workshop', async () => {
  const wrangler = createRequire(new URL('../../worker/', import.meta.url)).resolve('wrangler/package.json');
  const out = join(dir, 'deploy');
  await promisify(execFile)(
    process.execPath,
    [join(dirname(wrangler), 'bin/wrangler.js'), 'deploy', '--dry-run', '--outdir', out, '--assets', assets],
    {
      cwd: fileURLToPath(new URL('../../worker/', import.meta.url)),
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', CI: '1' },
    },
  );
  const files = await readdir(out);
  assert.ok(files.includes('index.js'), files.join());
  const modules = files.filter((name) => name.endsWith('.wasm'));
  assert.equal(modules.length, 1, files.join());
  assert.match(modules[0], /workshop_bg/);
});

describe('time and other places', () => {
  test('a restart keeps what was published', async () => {
    const bytes = await publisher.snapshot([tenPercent], { version: 3 });
    const before = await start();
    await assertPublished(await before.put(bytes), 201, { version: 3, bytes });
    await before.stop();

    const again = await start({ stateDir: before.stateDir });
    try {
      await assertTotal(await again.quote(cart), 2_700);
      const older = await publisher.snapshot([twentyPercent], { version: 2 });
      await assertRefused(await again.put(older), 409, 'snapshot_rolled_back');
    } finally {
      await again.stop();
    }
  });

  test('what the key ring no longer trusts is not quoted with', async () => {
    const bytes = await publisher.snapshot([tenPercent], { version: 1 });
    const before = await start();
    await assertPublished(await before.put(bytes), 201, { version: 1, bytes });
    await before.stop();

    const { keyRing } = await newPublisher(dir);
    const rotated = await start({ stateDir: before.stateDir, keyRing });
    try {
      await assertRefused(await rotated.quote(cart), 503, 'key_unknown');
    } finally {
      await rotated.stop();
    }
  });

  test('without a key ring nothing is trusted', async () => {
    for (const [keyRing, code] of [
      ['', 'key_ring_not_set'],
      ['{"audience":', 'key_ring_invalid'],
      ['{}', 'key_ring_invalid'],
    ]) {
      const worker = await start({ keyRing });
      try {
        const bytes = await publisher.snapshot([tenPercent], { version: 1 });
        await assertRefused(await worker.put(bytes), 503, code);
        assert.equal((await worker.quote(cart)).status, 503);
      } finally {
        await worker.stop();
      }
    }
  });

  test('a publish elsewhere is followed, and a bad one leaves the open snapshot answering', async () => {
    const worker = await start();
    try {
      const kv = await worker.snapshots();
      const elsewhere = async (version, bytes) => {
        await kv.put(`snapshot/${sha256(bytes)}`, new Uint8Array(bytes));
        await kv.put('current', JSON.stringify({ version, sha256: sha256(bytes), publishedAt: Date.now() }));
        await sleep(UNTIL_IT_LOOKS_AGAIN);
      };
      const first = await publisher.snapshot([tenPercent], { version: 1 });
      const second = await publisher.snapshot([twentyPercent], { version: 2 });
      await assertPublished(await worker.put(first), 201, { version: 1, bytes: first });

      await elsewhere(2, second);
      await assertTotal(await worker.quote(cart), 2_400);

      await elsewhere(1, first);
      await assertTotal(await worker.quote(cart), 2_400);

      await elsewhere(3, Buffer.from('not a snapshot'));
      await assertTotal(await worker.quote(cart), 2_400);
      await eventually(() => assert.equal(worker.logged('snapshot_not_opened').at(-1).heldVersion, 2));
    } finally {
      await worker.stop();
    }
  });

  test('an expired snapshot is neither quoted with nor taken', async () => {
    await sleep(ending.at - Date.now());
    await assertRefused(await ending.worker.quote(cart), 503, 'snapshot_expired');
    await assertRefused(await ending.worker.put(ending.bytes), 422, 'snapshot_expired');
  });
});
