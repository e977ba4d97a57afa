// The module's memory stands still while quotes are made. `QUOTES=1000000` makes as many as the promise says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine } from 'counterfoil';
import { read } from './hosts/files.mjs';
import { newest } from './hosts/instances.mjs';

const QUOTES = Number(process.env.QUOTES ?? 20_000);
const WARM_UP = 1_000;
const json = async (name) => JSON.parse(new TextDecoder().decode(await read(name)));

const keyRing = await json('corpus-snapshots/key-ring.json');
const { cases } = await json('corpus-snapshots/cases.json');
const file = 'stacking/order_and_exclusion.json';
const chosen = cases.filter((one) => one.file === file && one.answer && one.disclosure === 'public');
const requests = chosen.map(({ request }) => JSON.parse(request));
const bodies = chosen.map(({ request }) => new TextEncoder().encode(request));

const doors = {
  quote: (engine, index) => void JSON.stringify(engine.quote(requests[index])),
  'quote, refused': (engine, index) => assert.throws(() => engine.quote({ ...requests[index], currency: 'euro' })),
  quoteBytes: (engine, index) => void engine.quoteBytes(bodies[index]),
  session: (engine, index) => {
    const session = engine.session(requests[index]);
    for (const { id } of requests[index].lines) session.setQuantity(id, 3);
    session.addCode('NOBODY-KNOWS');
    void JSON.stringify(session.quote());
    session.close();
  },
};

for (const [door, ask] of Object.entries(doors)) {
  test(`${door}: memory stands still over ${QUOTES} calls`, async () => {
    const { snapshot, openAt } = chosen[0];
    const engine = await Engine.open(await read(`corpus-snapshots/${snapshot}`), keyRing, { now: openAt });
    const { memory } = newest();
    for (let i = 0; i < WARM_UP; i++) ask(engine, i % requests.length);
    const before = memory.buffer.byteLength;
    for (let i = 1; i <= QUOTES; i++) {
      ask(engine, i % requests.length);
      if (i % 100_000 === 0) console.log(`${door}: ${i} of ${QUOTES}, ${memory.buffer.byteLength} bytes`);
    }
    assert.equal(newest().memory, memory, 'the engine was started again');
    assert.equal(memory.buffer.byteLength, before);
  });
}
