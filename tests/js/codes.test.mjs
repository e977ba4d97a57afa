// Unique codes as an edge has them: published by the command line, asked in the package, fetched in parts.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Engine as Storefront } from 'counterfoil';
import { follow } from 'counterfoil/sync';
import { Engine, inParts } from 'counterfoil/workshop';
import { prove } from '../unique_codes/prove.mjs';
import { read } from './hosts/files.mjs';
import { withFuse } from './hosts/fuse.mjs';
import { newest } from './hosts/instances.mjs';
import { counterfoil } from './publisher.mjs';

const CODES = 20_000;
const campaigns = {
  campaigns: [
    { id: 'ten', codes: ['TEN'], discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'letter', codeList: { file: 'letter.csv' }, discounts: [{ type: 'percent_off', percent: '20' }] },
    { id: 'gift', codeList: { file: 'gift.csv', currency: 'EUR' }, discounts: [{ type: 'percent_off', percent: '100' }] },
  ],
};
const cart = (...codes) => ({ currency: 'EUR', codes, lines: [{ id: 'a', unitPrice: 5_000, quantity: 2 }] });

let dir;
let keyRing;
let pepper;
let letters;
const generate = (count, ...more) => counterfoil('codes', 'generate', '--count', String(count), '--out', join(dir, 'letter.csv'), ...more);
const publish = async () => {
  const keys = ['--key', join(dir, 'publisher.key.json'), '--key-ring', join(dir, 'key-ring.json'), '--pepper', join(dir, 'pepper.json')];
  const to = ['--to', join(dir, 'public'), '--edge-to', join(dir, 'edge'), '--json'];
  return JSON.parse((await counterfoil('publish', '--campaigns', join(dir, 'campaigns.json'), ...keys, ...to)).stdout);
};

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-codes-'));
  await counterfoil('keygen', '--out', dir);
  await counterfoil('codes', 'pepper', '--out', join(dir, 'pepper.json'));
  await writeFile(join(dir, 'campaigns.json'), JSON.stringify(campaigns));
  await writeFile(join(dir, 'gift.csv'), 'code,balance,holder,expires,state,uses\nGIFT-1,1500,,,,\nGIFT-2,900,anna,2099-12-31,,3\nGIFT-3,900,,,spent,\n');
  await generate(CODES, '--prefix', 'LETTER');
  await publish();
  keyRing = JSON.parse(await readFile(join(dir, 'key-ring.json'), 'utf8'));
  ({ pepper } = JSON.parse(await readFile(join(dir, 'pepper.json'), 'utf8')));
  letters = (await readFile(join(dir, 'letter.csv'), 'latin1')).trimEnd().split('\n').slice(1);
});
after(() => rm(dir, { recursive: true, force: true }));

const edgeFile = () => readFile(join(dir, 'edge/snapshot.cfs'));
const open = async (options = {}) => Engine.open(await edgeFile(), keyRing, { profile: 'edge', peppers: [pepper], ...options });
const outcomes = (quote) => quote.outcomes.map(({ redeemable, status, discount, reasons }) => [redeemable, status, discount, reasons[0]?.code]);

describe('an engine of the edge', () => {
  test('knows every code and what is on it', async () => {
    const engine = await open();
    for (let at = 0; at < CODES; at += 101) assert.deepEqual(engine.findCode(letters[at]), { campaign: 'letter', state: 'active', isPersonal: false });
    assert.deepEqual(engine.findCode('gift i'), { campaign: 'gift', state: 'active', isPersonal: false, balance: 1_500, currency: 'EUR' });
    const endsAt = Date.UTC(2100, 0, 1);
    assert.deepEqual(engine.findCode('GIFT-2'), { campaign: 'gift', state: 'active', isPersonal: true, balance: 900, currency: 'EUR', uses: 3, endsAt });
    assert.equal(engine.findCode('GIFT-3').state, 'spent');
    for (const unknown of ['TEN', '', `${letters[0]}0`, 'ÄÖÜ', 'x'.repeat(10_000)]) assert.equal(engine.findCode(unknown), undefined, unknown);
  });

  test('answers them at both doors and in sessions alike', async () => {
    const engine = await open();
    for (const codes of [[letters[5]], ['GIFT-1'], ['GIFT-2'], ['GIFT-3'], ['TEN', letters[5], letters[6]], ['TEN', 'nothing']]) {
      const request = cart(...codes);
      const quote = engine.quote(request);
      const bytes = engine.quoteBytes(new TextEncoder().encode(JSON.stringify({ ...request, now: Date.now() })));
      assert.equal(JSON.stringify(quote), new TextDecoder().decode(bytes), codes.join());
    }
    assert.deepEqual(outcomes(engine.quote(cart(letters[7].toLowerCase()))), [['letter', 'applied', 2_000, undefined]]);
    assert.deepEqual(outcomes(engine.quote(cart('GIFT-2'))), [[undefined, 'inapplicable', 0, 'code_unknown']]);
    assert.deepEqual(outcomes(engine.quote({ ...cart('GIFT-2'), customer: { id: 'anna' } })), [['gift', 'applied', 900, undefined]]);
    const session = engine.session(cart());
    assert.equal(session.addCode(letters[9]), 8_000);
    assert.equal(session.setQuantity('a', 1), 4_000);
  });

  test('tells merchants why, and shoppers one thing', async () => {
    const [full, open_] = [await open({ disclosure: 'full' }), await open()];
    assert.deepEqual(outcomes(full.quote(cart('GIFT-2'))), [['gift', 'inapplicable', 0, 'code_foreign']]);
    assert.deepEqual(outcomes(full.quote(cart('GIFT-3'))), [['gift', 'inapplicable', 0, 'code_spent']]);
    const told = (code) => JSON.stringify(open_.quote(cart(code))).replaceAll(code, '');
    for (const code of ['GIFT-2', 'GIFT-3']) assert.equal(told(code), told('GIFT-9'));
  });

  test('needs the pepper, and is no storefront', async () => {
    for (const peppers of [undefined, [], ['00'.repeat(32)]]) await assert.rejects(open({ peppers }), { code: 'pepper_unknown' });
    await assert.rejects(open({ peppers: ['secret'] }), (error) => error.code === 'option_invalid' && !error.message.includes('secret'));
    await assert.rejects(Storefront.open(await edgeFile(), keyRing, { profile: 'edge' }), { code: 'format_unsupported' });
    // what a storefront's module cannot read comes before whose it is
    await assert.rejects(Storefront.open(await edgeFile(), keyRing), { code: 'format_unsupported' });
    await assert.rejects(Engine.open(await edgeFile(), keyRing), { code: 'profile_mismatch' });
  });

  test('refuses a section that is not the one that was signed, however it is hashed', async () => {
    const file = await edgeFile();
    const { crypto } = globalThis;
    for (const subtle of [crypto.subtle, undefined]) {
      Object.defineProperty(globalThis, 'crypto', { value: { subtle, getRandomValues: crypto.getRandomValues.bind(crypto) }, configurable: true });
      try {
        await assert.rejects(Engine.open(file.with(file.length - 7, file.at(-7) ^ 1), keyRing, { profile: 'edge', peppers: [pepper] }), { code: 'section_mismatch' });
        assert.ok((await Engine.open(file, keyRing, { profile: 'edge', peppers: [pepper] })).findCode(letters[0]));
      } finally {
        Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true });
      }
    }
  });

  test('is opened again from its own memory after a trap', async () => {
    const module = withFuse(await read('package/workshop_bg.wasm'));
    const engine = await open({ module });
    const before = engine.findCode(letters[3]);
    for (const fuse of [10, 40]) {
      newest().fuse.value = fuse;
      assert.throws(() => engine.findCode(letters[3]), { code: 'engine_failed' });
      assert.deepEqual(engine.findCode(letters[3]), before);
      assert.equal(engine.quote(cart(letters[3])).total, 8_000);
    }
  });
});

test('both halves answer a cart without private codes with the same bytes', async () => {
  const edge = await open();
  const storefront = await Storefront.open(await readFile(join(dir, 'public/snapshot.cfs')), keyRing);
  for (const codes of [[], ['TEN'], ['nothing', 'ten']]) {
    const body = new TextEncoder().encode(JSON.stringify({ ...cart(...codes), now: Date.now(), include: ['hints', 'units'] }));
    assert.deepEqual(edge.quoteBytes(body), storefront.quoteBytes(body));
  }
  assert.equal(edge.snapshot.revision, storefront.snapshot.revision);
});

test('a thousand new codes are fetched in ten kilobytes', async (t) => {
  const asked = [];
  const server = createServer(async ({ url }, answer) => {
    const path = join(dir, 'edge', url);
    const found = await stat(path).catch(() => undefined);
    asked.push({ url, length: found?.size ?? 0 });
    if (found === undefined) answer.writeHead(404).end();
    else createReadStream(path).pipe(answer.writeHead(200, { 'content-length': found.size }));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  let kept;
  const keep = { read: async () => kept, write: async (what) => void (kept = what) };
  const options = { profile: 'edge', peppers: [pepper], poll: false, keep, keyRing, sources: [`http://127.0.0.1:${server.address().port}/head.cfs`] };
  const sync = await follow(Engine, { ...options, download: inParts({ keyRing }) });
  t.after(() => sync.close());
  assert.equal(sync.state, 'ready', JSON.stringify(sync.error));
  assert.ok(sync.engine.findCode(letters[0]));
  assert.deepEqual(Buffer.from(kept.bytes), await edgeFile());

  await generate(CODES + 1_000, '--resume');
  const { edge } = await publish();
  const fresh = (await readFile(join(dir, 'letter.csv'), 'latin1')).trimEnd().split('\n').slice(CODES + 1);
  asked.length = 0;
  await sync.check();
  assert.equal(sync.state, 'ready', JSON.stringify(sync.error));
  assert.equal(fresh.filter((code) => sync.engine.findCode(code)).length, 1_000);
  assert.ok(sync.engine.findCode(letters[0]));
  const fetched = asked.reduce((sum, { length }) => sum + length, 0);
  assert.equal(asked.length, 2, 'the head and one section');
  assert.equal(fetched, edge.delta);
  assert.ok(fetched <= 10_000, `${fetched} bytes`);

  // a section that is not the one the head names is refused, and the engine goes on
  await mkdir(join(dir, 'aside'));
  await copyFile(join(dir, 'edge', asked[1].url), join(dir, 'aside/section'));
  await writeFile(join(dir, 'edge', asked[1].url), Buffer.alloc(asked[1].length));
  kept = undefined;
  const other = await follow(Engine, { ...options, download: inParts({ keyRing }) });
  t.after(() => other.close());
  assert.equal(other.error?.code, 'section_mismatch');
  await copyFile(join(dir, 'aside/section'), join(dir, 'edge', asked[1].url));
});

test('a slice of the figures', async () => {
  const figures = await prove({ codes: CODES, lists: 4, fresh: 1_000 });
  assert.ok(figures['bytes a code, all of the file'] < 20, 'most of so small a file is campaigns');
  assert.ok(figures['storefront of the campaigns, brotli bytes'] <= 60_000);
  assert.ok(figures['one code, µs'] < 50);
  assert.ok(figures['of it beside the module'] < 0.5, 'JavaScript holds on to the file');
});
