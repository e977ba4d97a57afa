// The blocks of the pages that explain formats: what they show is handed to the package, which answers as they say.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Engine as Storefront } from 'counterfoil';
import { Engine, Ledger, compile, keygen, sign, voucherify as answer } from 'counterfoil/workshop';
import { read } from '../hosts/files.mjs';
import { newKey, publisherIn } from './keys.mjs';
import { assertShows } from './shown.mjs';

const books = await Ledger.open();
const NOW = Date.parse('2026-03-01T10:00:00Z');
const LIFE = { from: NOW, until: NOW + 30 * 86_400_000 };

/** An engine with these documents, open at the moment of the pages. */
async function opened(document) {
  const { secretKey, publicKey } = await keygen('pages');
  const terms = { audience: 'pages', environment: 'test', version: 1, issuedAt: LIFE.from, expiresAt: LIFE.until };
  const snapshot = await sign(await compile({ shop: document }, LIFE), terms, [secretKey]);
  const ring = { audience: 'pages', environment: 'test', roles: { publisher: { threshold: 1, keys: [publicKey] } } };
  return Engine.open(snapshot, ring, { now: LIFE.from });
}

export const corpus = {
  answers: async (text) => {
    const [shown] = JSON.parse(text).cases;
    const index = JSON.parse(new TextDecoder().decode(await read('corpus-snapshots/cases.json')));
    const found = index.cases.find(({ name }) => name === shown.name);
    // which file of the index it is changes with every file that is added
    assert.match(found.snapshot, /^\d+\.cfs$/);
    for (const end of ['request', 'answer']) {
      const parts = shown[end].split('…');
      assert.ok(found[end].startsWith(parts[0]) && found[end].endsWith(parts.at(-1)), `${end}: ${found[end]}`);
    }
    assertShows({ ...found, request: shown.request, answer: shown.answer, snapshot: shown.snapshot }, shown, 'cases.json', { whole: true });
    assert.equal(index.format, JSON.parse(text).format);
  },
  history: (text) => {
    const { programme, histories } = JSON.parse(text);
    for (const { now, commands, expect, state: expected } of histories) {
      let state = '{ "version": 1 }';
      for (const [index, command] of commands.entries()) {
        const told = JSON.parse(books.decide(JSON.stringify(programme), state, JSON.stringify({ key: `k${index}`, now: Date.parse(now), ...command })));
        state = JSON.stringify(told.state);
        const wanted = typeof expect[index] === 'string' ? { status: 'refused', refusal: { code: expect[index] } } : expect[index];
        assertShows(told.answer, wanted, `command ${index}`);
      }
      assertShows(JSON.parse(state), expected, 'state');
    }
  },
};

export const ledger = {
  programme: (text) => {
    const command = { key: 'a', now: NOW, type: 'refill', account: 'card-1', scheme: 'gift', lot: 'sold', amount: 2500 };
    const told = JSON.parse(books.decide(text, '{ "version": 1 }', JSON.stringify(command)));
    assert.equal(told.answer.status, 'accepted', JSON.stringify(told.answer));
    const spring = { key: 'b', now: NOW, type: 'redeem', reservation: 'r', customer: 'ann', parts: [{ type: 'use', allowance: 'spring', amount: 100_001, currency: 'EUR' }] };
    assertShows(JSON.parse(books.decide(text, '{ "version": 1 }', JSON.stringify(spring))).answer, { status: 'refused', refusal: { code: 'budget_limit_reached' } }, 'spring');
  },
};

let statement;
export const loyalty = {
  statement: (text) => void (statement = JSON.parse(text)),
  preview: async (text) => {
    const page = await readFile(new URL('../../../docs/loyalty.md', import.meta.url), 'utf8');
    const [, document] = /```json campaigns\n([\s\S]*?)```/.exec(page);
    const engine = await opened(JSON.parse(document));
    const told = [];
    const noted = text.replaceAll(/^(\S+); \/\/ (.+)$/gm, (_, expression, value) => `told.push([${expression}, ${value}]);`);
    new Function('engine', 'statement', 'told', noted)(engine, statement, told);
    assert.equal(told.length, 4);
    for (const [is, said] of told) assert.equal(is, said);
  },
  page: async (text, { folder, shell }) => {
    const page = await readFile(new URL('../../../docs/loyalty.md', import.meta.url), 'utf8');
    const [, document] = /```json campaigns\n([\s\S]*?)```/.exec(page);
    const [, request] = /const request = (.+);/.exec(page);
    await writeFile(join(folder, 'page.json'), document);
    await shell('counterfoil keygen --out page --audience my-shop');
    await shell('counterfoil publish --campaigns page.json --key page/publisher.key.json --key-ring page/key-ring.json --to page');
    const [engine, ...rest] = text.split('\n\n');
    const noted = rest.join('\n').replaceAll(/^(\S+); \/\/ (.+)$/gm, (_, expression, value) => `told.push([${expression}, ${value}]);`);
    const given = `import { readFile } from 'node:fs/promises';
      const [snapshot, keyRing] = [await readFile('page/snapshot.cfs'), JSON.parse(await readFile('page/key-ring.json', 'utf8'))];
      const [statement, request, told] = [${JSON.stringify(statement)}, ${request}, []];`;
    await writeFile(join(folder, 'page.mjs'), `${engine}\n${given}\n${noted}\nconsole.log(JSON.stringify(told));`);
    const { stdout } = await shell('node page.mjs');
    const told = JSON.parse(stdout);
    assert.equal(told.length, 3);
    for (const [is, said] of told) assert.equal(is, said);
  },
};

let keyRing;
export const snapshotFormat = {
  'key-ring': (text) => void (keyRing = JSON.parse(text)),
  plan: async (text, { folder, shell }) => {
    const people = ['ann', 'bob', 'cid'];
    const keys = [];
    for (const name of people) keys.push(await newKey(shell, `--role root --name ${name} --out roots`));
    await shell('counterfoil keygen --audience my-shop --out keys');
    keys.push(await publisherIn(folder), await newKey(shell, '--role pulse --name pulse --out keys'));
    await writeFile(join(folder, 'plan.json'), text.replaceAll('…', () => keys.shift()));
    assert.deepEqual(keys, []);
    await shell('counterfoil root next plan.json --to root.cfr --key roots/ann.key.json --key-ring pinned.json');
    // two of the three have to sign
    await assert.rejects(shell('counterfoil root show root.cfr --key-ring pinned.json'));
    await shell('counterfoil root sign root.cfr --key roots/bob.key.json');
    const { stdout } = await shell('counterfoil root show root.cfr --key-ring pinned.json');
    assert.match(stdout, /my-shop/);
  },
  bytes: async (text) => {
    const digits = text.trimEnd().split('\n').map((line) => line.slice(5));
    const bytes = Uint8Array.from(digits.join(' ').split(' '), (pair) => Number.parseInt(pair, 16));
    const engine = await Storefront.open(bytes, keyRing, { now: NOW });
    assert.equal(engine.quote({ currency: 'EUR', lines: [{ id: 'a', unitPrice: 1000, quantity: 1 }] }).total, 900);
  },
};

let call;
export const voucherify = {
  call: (text) => void (call = JSON.parse(text)),
  needs: async (text) => {
    const first = { ...call, project: { ...call.project, loaded: [], vouchers: undefined } };
    assertShows(JSON.parse(await answer(JSON.stringify(first))), { needs: call.project.loaded }, 'the first call', { whole: true });
    const { needs } = JSON.parse(text);
    assertShows(JSON.parse(await answer(JSON.stringify(call))), { needs }, 'the call', { whole: true });
    call.project.loaded.push(...needs);
  },
  answer: async (text) => assertShows(JSON.parse(await answer(JSON.stringify(call))), JSON.parse(text), 'the answer'),
};
