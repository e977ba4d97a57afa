// Lists and changes in bulk of the official SDK of Voucherify, unmodified, in Node against the worker on workerd.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import voucherify from '@voucherify/sdk';
import { keysOf, projectAt, startProjects } from './voucherify/project.mjs';

const { VoucherifyServerSide } = voucherify;

let worker;
before(async () => {
  worker = await startProjects(['lists', 'bulk'].map(keysOf));
});
after(() => worker.stop());

const sdkOf = (id) => {
  const { appId, appToken } = keysOf(id);
  return VoucherifyServerSide({ apiUrl: worker.url, applicationId: appId, secretKey: appToken });
};

describe('lists', () => {
  let sdk;
  before(async () => {
    sdk = sdkOf('lists');
    const project = projectAt(worker.url, keysOf('lists'));
    for (const [index, code] of ['A1', 'A2', 'B1', 'B2', 'B3'].entries()) {
      project.now = `2026-01-0${index + 1}T10:00:00.000Z`;
      const discount = { type: 'AMOUNT', amount_off: 100 };
      await project.must('POST', `/v1/vouchers/${code}`, { type: 'DISCOUNT_VOUCHER', discount, metadata: { kind: code[0] } });
      await project.must('POST', `/v1/vouchers/${code}/redemption`, { customer: { source_id: code }, order: { amount: 1000 + index } });
    }
  });

  const codes = async (query) => (await sdk.vouchers.list(query)).vouchers.map(({ code }) => code);

  test('newest first, or by a field in either direction', async () => {
    assert.deepEqual(await codes(), ['B3', 'B2', 'B1', 'A2', 'A1']);
    assert.deepEqual(await codes({ order: 'created_at' }), ['A1', 'A2', 'B1', 'B2', 'B3']);
    assert.deepEqual(await codes({ order: '-code' }), ['B3', 'B2', 'B1', 'A2', 'A1']);
  });

  test('in pages', async () => {
    assert.deepEqual(await codes({ order: 'code', limit: 2, page: 2 }), ['B1', 'B2']);
    const { vouchers, total } = await sdk.vouchers.list({ order: 'code', limit: 2, page: 3 });
    assert.deepEqual([vouchers.map(({ code }) => code), total], [['B3'], 5]);
    await assert.rejects(sdk.vouchers.list({ page: 1001 }), ({ code, key }) => code === 400 && key === 'page_over_limit');
  });

  test('filtered', async () => {
    const filters = (field, conditions) => ({ order: 'code', filters: { [field]: { conditions } } });
    assert.deepEqual(await codes(filters('metadata.kind', { $in: ['A'] })), ['A1', 'A2']);
    assert.deepEqual(await codes(filters('code', { $starts_with: ['B'] })), ['B1', 'B2', 'B3']);
    assert.deepEqual(await codes(filters('created_at', { $after: ['2026-01-04'] })), ['B2', 'B3']);
    assert.deepEqual(await codes({ order: 'code', created_at: { before: '2026-01-02T00:00:00.000Z' } }), ['A1']);
  });

  test('redemptions and customers', async () => {
    const since = { created_at: { conditions: { $after: ['2026-01-04'] } } };
    const { redemptions, total } = await sdk.redemptions.list({ order: 'created_at', filters: since });
    assert.deepEqual([redemptions.map(({ voucher, order }) => [voucher.code, order.amount]), total], [[['B2', 1003], ['B3', 1004]], 2]);
    const { customers } = await sdk.customers.list({ limit: 3, order: '-created_at' });
    assert.deepEqual(customers.map(({ source_id }) => source_id), ['B3', 'B2', 'B1']);
    const of = await sdk.redemptions.list({ customer: customers[0].id });
    assert.deepEqual(of.redemptions.map(({ voucher }) => voucher.code), ['B3']);
  });
});

describe('in bulk', () => {
  let sdk;
  before(async () => {
    sdk = sdkOf('bulk');
    for (const code of ['ONE', 'TWO']) await sdk.vouchers.create({ code, type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 100 }, metadata: { a: 1 } });
  });

  const outcome = async ({ async_action_id }) => {
    assert.match(async_action_id, /^aa_/);
    const { id, status, result } = await sdk.asyncActions.get(async_action_id);
    assert.deepEqual([id, status], [async_action_id, 'DONE']);
    return result;
  };

  test('vouchers, of which one is not there', async () => {
    const asked = [{ code: 'ONE', active: false }, { code: 'NONE', active: false }, { code: 'TWO', discount: { type: 'AMOUNT', amount_off: -1 } }];
    const { done_count, failed_count, failed } = await outcome(await sdk.vouchers.bulkUpdate(asked));
    assert.deepEqual([done_count, failed_count], [1, 2]);
    assert.deepEqual(failed.map(({ code, error }) => [code, error.key]), [['NONE', 'not_found'], ['TWO', 'invalid_payload']]);
    assert.equal((await sdk.vouchers.get('ONE')).active, false);
    assert.deepEqual([(await sdk.vouchers.get('TWO')).active, (await sdk.vouchers.get('TWO')).discount.amount_off], [true, 100]);
  });

  test('metadata of vouchers', async () => {
    const { done_count } = await outcome(await sdk.vouchers.bulkUpdateMetadata({ codes: ['ONE', 'TWO'], metadata: { b: 2 } }));
    assert.equal(done_count, 2);
    for (const code of ['ONE', 'TWO']) assert.deepEqual((await sdk.vouchers.get(code)).metadata, { a: 1, b: 2 });
    await assert.rejects(sdk.vouchers.bulkUpdateMetadata({ codes: 'ONE', metadata: {} }), ({ key }) => key === 'invalid_payload');
  });

  test('customers and products are made where they are not there', async () => {
    await sdk.customers.create({ source_id: 'ann', name: 'Ann' });
    assert.equal((await outcome(await sdk.customers.updateInBulk([{ source_id: 'ann', email: 'ann@shop.example' }, { source_id: 'bob' }]))).done_count, 2);
    const ann = await sdk.customers.get('ann');
    assert.deepEqual([ann.name, ann.email], ['Ann', 'ann@shop.example']);
    await outcome(await sdk.customers.updateMetadataInBulk({ source_ids: ['ann', 'bob'], metadata: { vip: true } }));
    for (const name of ['ann', 'bob']) assert.deepEqual((await sdk.customers.get(name)).metadata, { vip: true });
    const { failed } = await outcome(await sdk.products.bulkUpdate([{ source_id: 'mug', name: 'Mug', price: 900 }, { name: 'nameless' }]));
    assert.deepEqual(failed.map(({ error }) => error.key), ['invalid_payload']);
    await outcome(await sdk.products.bulkUpdateMetadata({ source_ids: ['mug'], metadata: { size: 'L' } }));
    const mug = await sdk.products.get('mug');
    assert.deepEqual([mug.price, mug.metadata], [900, { size: 'L' }]);
  });

  test('what was done is listed', async () => {
    const { async_actions } = await sdk.asyncActions.list({ limit: 100 });
    assert.deepEqual(new Set(async_actions.map(({ status }) => status)), new Set(['DONE']));
    assert.equal(async_actions.length, 6);
    await assert.rejects(sdk.asyncActions.get('aa_none'), ({ code, key }) => code === 404 && key === 'not_found');
  });

  test('more rows than one call changes', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({ source_id: `p${index}` }));
    await assert.rejects(sdk.products.bulkUpdate(many), ({ key }) => key === 'invalid_payload');
  });
});
