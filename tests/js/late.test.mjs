// A quote that is read late tells what it was asked, whatever the engine has answered since.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine } from 'counterfoil';
import { read } from './hosts/files.mjs';
import { withFuse } from './hosts/fuse.mjs';
import { newest } from './hosts/instances.mjs';

const json = async (name) => JSON.parse(new TextDecoder().decode(await read(name)));
const module = withFuse(await read('package/counterfoil_bg.wasm'));
const keyRing = await json('corpus-snapshots/key-ring.json');
const { cases } = await json('corpus-snapshots/cases.json');
const isChosen = ({ file, answer, disclosure }) => file === 'codes/entered_codes.json' && answer && disclosure === 'public';
const chosen = cases.filter(isChosen);
const { snapshot, openAt } = chosen[0];
const { request: body, answer } = chosen.find(({ answer }) => answer.includes('"reasons":[{'));
const request = JSON.parse(body);
const other = { ...request, codes: [], lines: [{ id: 'other', unitPrice: 77, quantity: 3 }] };
// what numbers do not carry crosses as JSON
const wide = { ...request, lines: request.lines.map((line) => ({ ...line, cost: 1 })) };
const larger = { ...request, lines: Array.from({ length: 500 }, (_, line) => ({ id: `${line}`, unitPrice: 100, quantity: 1 })) };
const open = async () => Engine.open(await read(`corpus-snapshots/${snapshot}`), keyRing, { now: openAt, module });

const since = {
  'another quote': (engine) => engine.quote(other),
  'another quote that is read': (engine) => JSON.stringify(engine.quote(other)),
  'the same quote': (engine) => engine.quote(request),
  'a quote of more lines than there was room for': (engine) => engine.quote(larger),
  'a quote of what numbers do not carry': (engine) => engine.quote(wide),
  'a body': (engine) => engine.quoteBytes(new TextEncoder().encode(JSON.stringify(other))),
  'a refused request': (engine) => assert.throws(() => engine.quote({ ...other, currency: 'euro' })),
  'a session': (engine) => engine.session(other),
  'a session that is changed': (engine) => engine.session(other).setQuantity('other', 9),
  'the quote of a session': (engine) => engine.session(other).quote(),
  'totals of a session': (engine) => engine.session(other).discountTotal,
  'a trap': (engine) => {
    newest().fuse.value = 1;
    assert.throws(() => engine.quote(other), { code: 'engine_failed' });
    newest().fuse.value = 0x7fffffff;
  },
};
for (const [what, happen] of Object.entries(since)) {
  test(`${what} does not change a quote from before`, async () => {
    const engine = await open();
    const quote = engine.quote(request);
    happen(engine);
    assert.equal(JSON.stringify(quote), answer);
    assert.equal(JSON.stringify(quote), answer, 'the second time');
  });
}

test('the words of a reason do not change a quote from before', async () => {
  const engine = await open();
  const early = engine.quote(request);
  const [outcome] = early.outcomes.filter(({ reasons }) => reasons.length > 0);
  const quote = engine.quote(request);
  assert.notEqual(outcome.reasons[0].message, '');
  assert.equal(JSON.stringify(quote), answer);
});

test('another quote does not change one of what numbers do not carry', async () => {
  const engine = await open();
  const quote = engine.quote(wide);
  engine.quote(other);
  assert.equal(JSON.stringify(quote), JSON.stringify((await open()).quote(wide)));
});

test('quotes that wait for each other are told apart', async () => {
  const engine = await open();
  const fresh = JSON.stringify((await open()).quote(other));
  const quotes = Array.from({ length: 6 }, (_, index) => engine.quote(index % 2 ? other : request));
  quotes.forEach((quote, index) => assert.equal(JSON.stringify(quote), index % 2 ? fresh : answer));
});
