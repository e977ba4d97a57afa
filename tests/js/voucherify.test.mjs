// The Voucherify-compatible API on real workerd: who gets in, what is refused, what is kept, and lists.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { keysOf, projectAt, SHOP, startProjects } from './voucherify/project.mjs';
import { readRoutes } from './voucherify/routes.mjs';

const TABLE = fileURLToPath(new URL('../../docs/voucherify-endpoints.md', import.meta.url));

const keys = keysOf('first');
const closed = { ...keysOf('closed'), clientSide: [] };
const anywhere = { ...keysOf('anywhere'), origins: ['*'] };
let worker;
let project;

before(async () => {
  worker = await startProjects([keys, closed, anywhere, keysOf('second'), keysOf('lists'), keysOf('race')]);
  project = projectAt(worker.url, keys);
});
after(() => worker.stop());

function assertFailure({ status, body }, expected, key) {
  assert.equal(status, expected, JSON.stringify(body));
  assert.equal(body.code, expected);
  assert.equal(body.key, key);
  assert.match(body.request_id, /^v-[0-9a-f]{16}$/);
  for (const field of ['message', 'details']) assert.equal(typeof body[field], 'string', field);
}

describe('who gets in', () => {
  const bare = async (path, headers, init = {}) => {
    const answer = await fetch(worker.url + path, { ...init, headers });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };

  test('a server shows the id and the token of its project', async () => {
    assert.equal((await project.call('GET', '/v1/products')).status, 200);
    for (const headers of [
      {},
      { 'x-app-id': keys.appId },
      { 'x-app-id': keys.appId, 'x-app-token': 'wrong' },
      { 'x-app-id': keys.appId, 'x-app-token': closed.appToken },
      { 'x-app-id': keys.clientAppId, 'x-app-token': keys.clientToken },
      { 'x-app-id': 'nobody', 'x-app-token': keys.appToken },
    ]) {
      assertFailure(await bare('/v1/products', headers), 401, 'unauthorized');
    }
  });

  test('a page shows keys of its own, and comes from a listed origin', async () => {
    const shown = { 'x-client-application-id': keys.clientAppId, 'x-client-token': keys.clientToken };
    assert.equal((await bare('/client/v1/consents', { ...shown, origin: SHOP })).status, 200);
    assertFailure(await bare('/client/v1/consents', { ...shown, origin: 'https://elsewhere.example' }), 403, 'forbidden');
    assertFailure(await bare('/client/v1/consents', shown), 403, 'forbidden');
    const server = { 'x-app-id': keys.appId, 'x-app-token': keys.appToken, origin: SHOP };
    assertFailure(await bare('/client/v1/consents', server), 401, 'unauthorized');
    const open = { 'x-client-application-id': anywhere.clientAppId, 'x-client-token': anywhere.clientToken };
    assert.equal((await bare('/client/v1/consents', { ...open, origin: 'http://localhost:3000' })).status, 200);
  });

  test('a browser is told so beforehand and afterwards, on the client side alone', async () => {
    const ask = (path, origin) =>
      fetch(worker.url + path, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-client-token' },
      });
    const preflight = await ask('/client/v1/validations', SHOP);
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), SHOP);
    assert.match(preflight.headers.get('access-control-allow-methods'), /GET.*POST.*PUT.*OPTIONS/);
    assert.match(preflight.headers.get('access-control-allow-headers'), /x-client-token/i);
    assert.equal((await ask('/v1/validations', SHOP)).headers.get('access-control-allow-origin'), null);
    // errors must be readable too
    const refused = await fetch(`${worker.url}/client/v1/nothing`, { headers: { origin: SHOP } });
    assert.equal(refused.headers.get('access-control-allow-origin'), SHOP);
  });

  test('what a project does not open to pages stays closed', async () => {
    const pages = projectAt(worker.url, closed);
    assertFailure(await pages.call('POST', '/client/v1/customers', { source_id: 'a' }), 403, 'forbidden');
    assert.equal((await project.call('POST', '/client/v1/customers', { source_id: 'a' })).status, 200);
  });

  test('a project sees nothing of another', async () => {
    await project.must('POST', '/v1/products', { source_id: 'only-here', name: 'Mug' });
    assertFailure(await projectAt(worker.url, keysOf('second')).call('GET', '/v1/products/only-here'), 404, 'not_found');
    const other = { ...keys, id: 'second' };
    assertFailure(await projectAt(worker.url, other).call('GET', '/management/v1/projects/second'), 404, 'not_found');
  });

  test('without projects the API is closed', async () => {
    const bareWorker = await startProjects([]);
    try {
      const answer = await projectAt(bareWorker.url, keys).call('GET', '/v1/products');
      assertFailure(answer, 503, 'voucherify_not_set_up');
    } finally {
      await bareWorker.stop();
    }
  });
});

/** The answer to the head of a request with a body of this length, on a connection of its own. */
function announced(length) {
  return new Promise((resolve, reject) => {
    const headers = { 'x-app-id': keys.appId, 'x-app-token': keys.appToken, 'content-length': length };
    const sending = request(`${worker.url}/v1/products`, { method: 'POST', headers, agent: false }, async (incoming) => {
      const text = await incoming.setEncoding('utf8').toArray();
      sending.destroy();
      resolve({ status: incoming.statusCode, body: JSON.parse(text.join('')) });
    });
    sending.on('error', reject);
    sending.flushHeaders();
  });
}

describe('what is refused', () => {
  test('an endpoint that is not covered is named', async () => {
    const answer = await project.call('POST', '/v1/exports', {});
    assertFailure(answer, 501, 'not_implemented');
    assert.match(answer.body.details, /^POST \/v1\/exports /);
  });

  test('a method that an address does not take', async () => {
    const answer = await project.call('DELETE', '/v1/orders/one');
    assertFailure(answer, 405, 'method_not_allowed');
    assert.equal(answer.headers.get('allow'), 'GET, PUT');
  });

  test('a row that is not there is named', async () => {
    const { status, body } = await project.call('GET', '/v1/vouchers/A%20B%2FC');
    assert.equal(status, 404);
    assert.equal(body.details, 'Cannot find voucher with id A B/C');
    assert.equal(body.resource_type, 'voucher');
    assert.equal(body.resource_id, 'A B/C');
  });

  test('a body that is not JSON, or no object, or too large', async () => {
    const send = (body) =>
      fetch(`${worker.url}/v1/products`, { method: 'POST', body, headers: { 'x-app-id': keys.appId, 'x-app-token': keys.appToken } });
    for (const text of ['{', '"a"', 'null', '7']) {
      const answer = await send(text);
      assertFailure({ status: answer.status, body: await answer.json() }, 400, 'invalid_payload');
    }
    assertFailure(await announced(1024 * 1024 + 1), 413, 'payload_too_large');
  });

  test('a query that no list reads', async () => {
    for (const query of [
      'limit=0',
      'limit=101',
      'page=x',
      'order=a%20b',
      "order=a')--",
      'filters[name]=x',
      'filters[name][conditions][$like]=x',
    ]) {
      assertFailure(await project.call('GET', `/v1/products?${query}`), 400, 'invalid_query_params');
    }
    assertFailure(await project.call('GET', '/v1/products?a[b][c][d][e][f][g][h][i][j][k][l]=1'), 400, 'query_too_large');
  });

  test('the clock of a caller counts only where the worker was started for tests', async () => {
    const later = { 'x-counterfoil-now': '2030-01-02T03:04:05.000Z' };
    const timed = await project.call('POST', '/v1/products', { name: 'later' }, later);
    assert.equal(timed.body.created_at, '2030-01-02T03:04:05.000Z');
    const real = await startProjects([keys], { testClock: false });
    try {
      const { body } = await projectAt(real.url, keys).call('POST', '/v1/products', { name: 'now' }, later);
      assert.ok(Math.abs(Date.parse(body.created_at) - Date.now()) < 60_000, body.created_at);
    } finally {
      await real.stop();
    }
  });

  test('the log names the route of a refusal, and no code', async () => {
    await project.call('PUT', '/v1/redemptions/SECRET-CODE');
    const lines = worker.logged.filter(({ event }) => event === 'refused');
    assert.ok(lines.some(({ path, code }) => path === '/v1/redemptions/:redemption' && code === 'method_not_allowed'));
    assert.ok(!JSON.stringify(lines).includes('SECRET-CODE'));
  });
});

describe('what is kept', () => {
  test('a row is found by its id and by its source_id, and changed by a second one of that name', async () => {
    const made = await project.must('POST', '/v1/products', { source_id: 'mug', name: 'Mug', price: 1000, metadata: { a: 1 } });
    assert.match(made.id, /^prod_[0-9a-f]{24}$/);
    assert.equal(made.object, 'product');
    assert.deepEqual(await project.must('GET', '/v1/products/mug'), made);
    assert.deepEqual(await project.must('GET', `/v1/products/${made.id}`), made);
    const again = await project.must('POST', '/v1/products', { source_id: 'mug', price: 1200, metadata: { b: 2 } });
    assert.equal(again.id, made.id);
    assert.deepEqual([again.name, again.price, again.metadata], ['Mug', 1200, { a: 1, b: 2 }]);
    const changed = await project.must('PUT', '/v1/products/mug', { id: 'other', name: 'Cup' });
    assert.deepEqual([changed.id, changed.name, changed.created_at], [made.id, 'Cup', made.created_at]);
    assert.ok(changed.updated_at);
  });

  test('an id that comes along is kept', async () => {
    const { id } = await project.must('POST', '/v1/rewards', { id: 'rew_given', name: 'Mug', type: 'MATERIAL' });
    assert.equal(id, 'rew_given');
  });

  test('SKUs stand below their product and go with it', async () => {
    const { id } = await project.must('POST', '/v1/products', { source_id: 'shirt', name: 'Shirt' });
    const sku = await project.must('POST', '/v1/products/shirt/skus', { source_id: 'shirt-m', sku: 'M', price: 10 });
    assert.equal(sku.product_id, id);
    assert.deepEqual(await project.must('GET', '/v1/skus/shirt-m'), sku);
    assert.deepEqual((await project.must('GET', '/v1/products/shirt/skus')).skus, [sku]);
    await project.must('POST', '/v1/products', { source_id: 'hat', name: 'Hat' });
    assertFailure(await project.call('GET', '/v1/products/hat/skus/shirt-m'), 404, 'not_found');
    assert.equal((await project.call('DELETE', '/v1/products/shirt')).status, 204);
    assertFailure(await project.call('GET', '/v1/products/shirt'), 404, 'not_found');
    assertFailure(await project.call('GET', '/v1/skus/shirt-m'), 404, 'not_found');
  });

  test('a rule is assigned, listed and goes with its assignments', async () => {
    const rule = await project.must('POST', '/v1/validation-rules', { name: 'big', rules: { 1: { name: 'order.amount', conditions: { $more_than: [100] } } } });
    const asked = { related_object_type: 'promotion_tier', related_object_id: 'promo_x' };
    const assigned = await project.must('POST', `/v1/validation-rules/${rule.id}/assignments`, asked);
    assert.equal(assigned.rule_id, rule.id);
    const of = await project.must('GET', '/v1/validation-rules-assignments?related_object_id=promo_x');
    assert.deepEqual(of.data, [assigned]);
    assertFailure(await project.call('POST', `/v1/validation-rules/${rule.id}/assignments`, {}), 400, 'invalid_payload');
    assert.equal((await project.call('DELETE', `/v1/validation-rules/${rule.id}`)).status, 204);
    assert.equal((await project.must('GET', '/v1/validation-rules-assignments?related_object_id=promo_x')).total, 0);
  });

  test('settings of a project are read and changed', async () => {
    const at = `/management/v1/projects/${keys.id}`;
    await project.must('PUT', at, { timezone: 'Europe/Berlin' });
    await project.must('PUT', `${at}/stacking-rules`, { redeemables_limit: 3 });
    for (const unfit of [
      { redeemables_limit: 31 },
      { applicable_exclusive_redeemables_limit: 0 },
      { applicable_redeemables_category_limits: { cat_1: 11 } },
      { redeemables_application_mode: 'SOME' },
      { joint_categories: 'cat_1' },
    ]) {
      const { status, body } = await project.call('PUT', `${at}/stacking-rules`, unfit);
      assert.deepEqual([status, body.key], [400, 'invalid_payload'], JSON.stringify(unfit));
    }
    assert.deepEqual(await project.must('GET', `${at}/stacking-rules`), { redeemables_limit: 3 });
    const { timezone, stacking_rules } = await project.must('GET', at);
    assert.deepEqual([timezone, stacking_rules], ['Europe/Berlin', { redeemables_limit: 3 }]);
    assert.equal((await project.call('DELETE', `${at}/stacking-rules`)).status, 204);
    assert.deepEqual(await project.must('GET', `${at}/stacking-rules`), {});
    assert.equal((await project.must('GET', at)).timezone, 'Europe/Berlin');
  });

  test('a restart keeps it', async () => {
    const first = await startProjects([keys]);
    await projectAt(first.url, keys).must('POST', '/v1/products', { source_id: 'stays', name: 'Stays' });
    const again = await first.restart();
    try {
      assert.equal((await projectAt(again.url, keys).must('GET', '/v1/products/stays')).name, 'Stays');
    } finally {
      await again.stop();
    }
  });
});

describe('lists', () => {
  let lists;
  before(async () => {
    lists = projectAt(worker.url, keysOf('lists'));
    for (const [index, name] of ['ash', 'Beech', 'cedar', 'alder', 'birch'].entries()) {
      lists.now = `2026-01-0${index + 1}T00:00:00.000Z`;
      const row = { source_id: name, name, price: index * 100, metadata: { kind: index % 2 ? 'odd' : 'even' }, ...(index === 3 && { rare: true }) };
      await lists.must('POST', '/v1/products', row);
    }
  });
  const names = async (query) => (await lists.must('GET', `/v1/products?${query}`)).products.map(({ name }) => name);

  test('come page by page, newest first, with their number', async () => {
    const { object, data_ref, total, has_more, products } = await lists.must('GET', '/v1/products?limit=2&page=2');
    assert.deepEqual([object, data_ref, total, has_more], ['list', 'products', 5, true]);
    assert.deepEqual(products.map(({ name }) => name), ['cedar', 'Beech']);
    assert.deepEqual(await names('limit=2&page=3'), ['ash']);
    assert.deepEqual(await names('limit=2&page=4'), []);
  });

  test('come in the order of a field', async () => {
    assert.deepEqual(await names('order=created_at&limit=2'), ['ash', 'Beech']);
    assert.deepEqual(await names('order=-price&limit=2'), ['birch', 'alder']);
    assert.deepEqual(await names('order=metadata.kind'), ['ash', 'cedar', 'birch', 'Beech', 'alder']);
  });

  test('are filtered', async () => {
    const filtered = (field, operator, value) => names(`order=created_at&filters[${field}][conditions][${operator}][0]=${value}`);
    assert.deepEqual(await filtered('price', '$more_than', 200), ['alder', 'birch']);
    assert.deepEqual(await filtered('price', '$less_than_equal', 100), ['ash', 'Beech']);
    assert.deepEqual(await filtered('price', '$is', 200), ['cedar']);
    assert.deepEqual(await filtered('price', '$is_not', 200), ['ash', 'Beech', 'alder', 'birch']);
    assert.deepEqual(await filtered('source_id', '$is', 'ash'), ['ash']);
    assert.deepEqual(await filtered('name', '$starts_with', 'a'), ['ash', 'alder']);
    assert.deepEqual(await filtered('name', '$ends_with', 'ch'), ['Beech', 'birch']);
    assert.deepEqual(await filtered('name', '$contains', 'e'), ['Beech', 'cedar', 'alder']);
    assert.deepEqual(await filtered('name', '$not_contain', 'e'), ['ash', 'birch']);
    assert.deepEqual(await filtered('rare', '$has_value', ''), ['alder']);
    assert.deepEqual(await filtered('rare', '$is', 'true'), ['alder']);
    assert.deepEqual(await filtered('rare', '$is_unknown', ''), ['ash', 'Beech', 'cedar', 'birch']);
    assert.deepEqual(await filtered('rare', '$is_not', 'true'), ['ash', 'Beech', 'cedar', 'birch']);
    assert.deepEqual(await filtered('created_at', '$after', '2026-01-03T00:00:00.000Z'), ['alder', 'birch']);
    assert.deepEqual(await filtered('metadata.kind', '$in', 'odd'), ['Beech', 'alder']);
    assert.deepEqual(await names('order=created_at&created_at[before]=2026-01-03T00:00:00.000Z'), ['ash', 'Beech']);
    const either = 'filters[junction]=or&filters[price][conditions][$is][0]=0&filters[name][conditions][$is][0]=birch';
    assert.deepEqual(await names(`order=created_at&${either}`), ['ash', 'birch']);
    assert.deepEqual(await names(`order=created_at&${either.replace('=or', '=and')}`), []);
  });
});

test('the table of endpoints in the docs is that of the routes', async () => {
  const rows = (await readRoutes()).map(({ method, path, about, needs }) => `| \`${method} ${path.replace(/:(\w+)/g, '{$1}')}\` | ${about}${needs ? `; opened by \`${needs}\`` : ''} |`);
  const page = await readFile(TABLE, 'utf8');
  const [head] = page.split('| endpoint | what it does |');
  const wanted = `${head}| endpoint | what it does |\n| --- | --- |\n${rows.join('\n')}\n`;
  if (process.env.BLESS === '1') await writeFile(TABLE, wanted);
  else assert.equal(page, wanted, 'write it anew: BLESS=1 node --test tests/js/voucherify.test.mjs');
});

describe('the runner of cases', () => {
  const run = async (folder) => {
    const runner = fileURLToPath(new URL('voucherify/run.mjs', import.meta.url));
    const ended = await promisify(execFile)(process.execPath, [runner, folder]).catch((error) => error);
    return { code: ended.code ?? 0, lines: ended.stdout.trim().split('\n') };
  };

  test('the cases of the repository hold over HTTP', { timeout: 900_000 }, async () => {
    for (const folder of ['../voucherify/', '../voucherify/stated/']) {
      const { code, lines } = await run(fileURLToPath(new URL(folder, import.meta.url)));
      assert.match(lines.at(-1), /^[1-9]\d* passed, 0 failed$/, lines.join('\n'));
      assert.equal(code, 0);
    }
  });

  test('a case that expects something else fails, with a line that says what', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'counterfoil-cases-'));
    const tenth = {
      id: 'a-tenth',
      endpoint: { method: 'POST', path: '/v1/vouchers/TEN/validate' },
      vouchers: [{ code: 'TEN', type: 'DISCOUNT_VOUCHER', discount: { type: 'PERCENT', percent_off: 10 } }],
      order: { amount: 4990 },
      expect: { valid: true, reason: 'absent', order: { total_amount: 4491 } },
    };
    const wrong = [
      [{ order: { total_amount: 4490 } }, 'order.total_amount is 4491, not 4490'],
      [{ order: 'absent' }, 'order is there'],
      [{ http_status: 400 }, 'the status is 200, not 400'],
      [{ promotions_contains: [{ id: 'x' }] }, 'promotions_contains is asked of absent'],
    ];
    try {
      await writeFile(join(folder, '1.json'), JSON.stringify(tenth));
      for (const [index, [expect]] of wrong.entries()) {
        await writeFile(join(folder, `${index + 2}.json`), JSON.stringify({ ...tenth, id: `wrong-${index}`, expect }));
      }
      const { code, lines } = await run(folder);
      assert.equal(lines.at(-1), `1 passed, ${wrong.length} failed`);
      for (const [index, [, words]] of wrong.entries()) assert.ok(lines[index].startsWith(`wrong-${index}: ${words}`), lines[index]);
      assert.equal(code, 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
