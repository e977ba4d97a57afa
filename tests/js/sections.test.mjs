// What is published to a worker, in parts: heads, and sections at addresses that stay. Pages and other edges fetch what they lack.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { follow } from 'counterfoil/sync';
import { Engine, inParts, readHead } from 'counterfoil/workshop';
import { CODES, openEdgeShop } from './edge_shop.mjs';
import { ADMIN_TOKEN, assertRefused, sha256 } from './local_worker.mjs';

const FRESH = 'FRESH-6TGB-8YHN-3UJM';
const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };

let shop;
let keyRing;
let pepper;
before(async () => {
  shop = await openEdgeShop();
  keyRing = JSON.parse(shop.settings.keyRing);
  ({ pepper } = JSON.parse(shop.settings.pepper));
  await shop.publish();
});
after(() => shop?.close());

const at = (path, init) => shop.worker.at(path, init);
const bytesOf = async (response) => {
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
};

/** A host that follows the parts at an address, what it has, and what it asks for with what it got. */
function host(path, options, parts) {
  const kept = { bytes: undefined };
  const asked = [];
  const keep = { read: async () => kept.bytes && kept.all, write: async (all) => void Object.assign(kept, { all, bytes: Buffer.from(all.bytes) }) };
  const real = globalThis.fetch;
  const watched = async (work) => {
    globalThis.fetch = async (url, init) => {
      const answer = await real(url, init);
      asked.push({ path: new URL(url).pathname, status: answer.status, length: Number(answer.headers.get('content-length')) });
      return answer;
    };
    try {
      return await work();
    } finally {
      globalThis.fetch = real;
    }
  };
  const settings = { ...options, keyRing, keep, poll: false, sources: [shop.worker.url + path], download: inParts({ keyRing, ...parts }) };
  return { kept, asked, begin: () => watched(() => follow(Engine, settings)), check: (sync) => watched(() => sync.check()) };
}

test('the head and the sections of what is in force are at addresses of their own, with tags, and in brotli', async () => {
  const whole = await bytesOf(await at('/snapshot'));
  const head = await at('/head.cfs');
  const tag = head.headers.get('etag');
  const { length, version, sections } = await readHead(await bytesOf(head), keyRing);
  assert.equal(version, 1);
  assert.ok((await bytesOf(await at('/head.cfs'))).equals(whole.subarray(0, length)));
  assert.equal((await at('/head.cfs', { headers: { 'if-none-match': tag } })).status, 304);
  let from = length;
  for (const { sha256: hash, length: size } of sections) {
    const plain = await at(`/sections/${hash}`, { headers: { 'accept-encoding': 'identity' } });
    assert.equal(plain.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(plain.headers.get('etag'), `"${hash}"`);
    const bytes = await bytesOf(plain);
    assert.ok(bytes.equals(whole.subarray(from, (from += size))));
    assert.equal(sha256(bytes), hash);
    assert.equal((await at(`/sections/${hash}`, { headers: { 'if-none-match': `"${hash}"` } })).status, 304);
    const short = await shop.worker.at(`/sections/${hash}`, { headers: { 'accept-encoding': 'br' } });
    if (short.headers.get('content-encoding') === 'br') assert.equal(short.headers.get('etag'), `"${hash}-br"`);
    assert.ok((await bytesOf(short)).equals(bytes), 'what `fetch` unpacks');
  }
  assert.equal(from, whole.length);
  await assertRefused(await at(`/sections/${'0'.repeat(64)}`), 404, 'section_unknown');
});

test('a page that follows the parts has what one has that follows the whole', async (t) => {
  const page = host('/head.cfs', {}, { profile: 'storefront' });
  const sync = await page.begin();
  t.after(() => sync.close());
  assert.equal(sync.state, 'ready', JSON.stringify(sync.error));
  assert.ok(page.kept.bytes.equals(await bytesOf(await at('/snapshot'))));
  await page.check(sync);
  assert.deepEqual(page.asked.at(-1), { path: '/head.cfs', status: 304, length: page.asked.at(-1).length });
});

test('another edge follows the private half with the admin token, and of new codes it fetches what is new', async (t) => {
  for (const path of ['/admin/edge/head.cfs', `/admin/edge/sections/${'0'.repeat(64)}`]) await assertRefused(await at(path), 401, 'unauthorized');
  const edge = host('/admin/edge/head.cfs', { profile: 'edge', peppers: [pepper] }, { headers });
  const sync = await edge.begin();
  t.after(() => sync.close());
  assert.equal(sync.state, 'ready', JSON.stringify(sync.error));
  assert.ok(edge.kept.bytes.equals(await bytesOf(await at('/admin/edge', { headers }))));
  assert.ok(sync.engine.findCode(CODES[0]) && !sync.engine.findCode(FRESH));
  const before = edge.asked.length;
  await shop.publish(FRESH);
  await edge.check(sync);
  assert.ok(sync.engine.findCode(CODES[0]) && sync.engine.findCode(FRESH));
  const news = edge.asked.slice(before);
  assert.equal(news.length, 2, 'the head and one section');
  // those of before are there for whoever is behind, and none of them for everyone
  for (const { path } of edge.asked.filter(({ path }) => path.includes('/sections/'))) {
    const kept = await at(path, { headers });
    assert.equal(kept.headers.get('cache-control'), 'private, max-age=31536000, immutable');
    assert.equal(sha256(await bytesOf(kept)), path.split('/').at(-1));
    await assertRefused(await at(path.replace('/admin/edge', '')), 404, 'section_unknown');
  }
});
