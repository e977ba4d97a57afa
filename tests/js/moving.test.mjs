// A slice of `cargo xtask prove-moving`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prove } from '../moving/prove.mjs';

test('a generated project of Voucherify moves in, out, and in again as it was', { timeout: 300_000 }, async () => {
  const { steps, lists } = await prove({ campaigns: 60, vouchers: 10_001, seed: 2 });
  assert.deepEqual(Object.keys(steps), ['import', 'check', 'export', 'import again']);
  assert.ok(lists > 60, `${lists} lists`);
});
