// Storage of each older version, as its release left it, is opened by the present one on real workerd: rows written with the
// tables of that version are there afterwards, and nothing differs from a storage that is new.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openShop } from './open_shop.mjs';

const record = (order, discount) => JSON.stringify({ redemption: `rd_${order}`, order, currency: 'EUR', discount });
/** By storage, what its versions brought: rows that a release of that version wrote, and what must be found of them in the end. */
const storages = {
  book: [
    { rows: ["INSERT INTO row VALUES ('counters', 'hot', '{\"uses\":3}', NULL)", "INSERT INTO event (at, type, value) VALUES (1, 'reserved', '{}')"], query: "SELECT value FROM row WHERE key = 'hot'", found: [{ value: '{"uses":3}' }] },
    { rows: ["INSERT INTO decided VALUES ('k', 1, 1)"], query: "SELECT type FROM event, decided WHERE key = 'k' AND seq BETWEEN first AND last", found: [{ type: 'reserved' }] },
  ],
  records: [
    {
      rows: [
        `INSERT INTO record (id, at, outcome, value) VALUES ('a', 1, 'confirmed', '${record('one', 300)}'), ('b', 2, 'confirmed', '${record('two', 50)}')`,
        "INSERT INTO campaign_record VALUES ('hot', 1)", "INSERT INTO audit (at, value) VALUES (1, '{}')",
      ],
      query: "SELECT id FROM record WHERE json_extract(value, '$.redemption') = 'rd_two'", found: [{ id: 'b' }],
    },
    // a release of version 2 counts what it writes itself, and what version 1 had written is counted when it is migrated
    { rows: ["INSERT INTO tally VALUES ('cold', 'refused', 'EUR', 1, 0)", "INSERT INTO enlisted VALUES ('allowance:hot')"], query: "SELECT book FROM enlisted", found: [{ book: 'allowance:hot' }] },
    { rows: ["INSERT INTO happening (id, at, type, customer, value) VALUES ('h', 1, 'event', 'cu_1', '{}')"], query: 'SELECT id FROM happening', found: [{ id: 'h' }] },
  ],
  catalogue: [
    { rows: ["INSERT INTO document (at, value) VALUES (1, '{\"campaigns\":[]}')", "INSERT INTO publication VALUES (1, 1, 1, 'x')"], query: 'SELECT revision FROM document', found: [{ revision: 1 }] },
    { rows: ["INSERT INTO switch VALUES ('hot', 1, 0)"], query: 'SELECT stopped FROM switch', found: [{ stopped: 1 }] },
    { rows: [], query: 'SELECT count(*) AS lists FROM code', found: [{ lists: 0 }] },
  ],
};
let store;
before(async () => {
  store = await openShop({ campaigns: [] }, { entry: fileURLToPath(new URL('objects/migrating.mjs', import.meta.url)) });
});
after(() => store?.stop());

for (const [storage, versions] of Object.entries(storages)) {
  test(`${storage}: opens, has what a new one has, and keeps what was in it`, async () => {
    const opened = async (version) => {
      const written = versions.slice(0, version);
      const body = { storage, version, filled: written.flatMap(({ rows }) => rows), queries: written.map(({ query }) => query) };
      return { written, ...(await (await store.at('/tests/open', { method: 'POST', body: JSON.stringify(body) })).json()) };
    };
    const fresh = await opened(0);
    assert.equal(versions.length, fresh.newest, 'every version has rows here');
    for (let version = 1; version <= fresh.newest; version += 1) {
      const { written, versions: run, schema, found } = await opened(version);
      assert.deepEqual(run, fresh.versions, `version ${version}`);
      assert.deepEqual(schema, fresh.schema, `version ${version}`);
      assert.deepEqual(found, written.map((each) => each.found), `version ${version}`);
    }
  });
}

test('records that no release had counted are counted once', async () => {
  const [{ rows }] = storages.records;
  const body = { storage: 'records', version: 1, filled: [...rows, "INSERT INTO campaign_record VALUES ('hot', 2)"], queries: ['SELECT campaign, count, discount FROM tally ORDER BY campaign'] };
  const { found } = await (await store.at('/tests/open', { method: 'POST', body: JSON.stringify(body) })).json();
  assert.deepEqual(found, [[{ campaign: '', count: 2, discount: 350 }, { campaign: 'hot', count: 2, discount: 350 }]]);
});
