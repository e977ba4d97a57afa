// The official SDK of Voucherify, unmodified: its client side in Node and in Chromium against the worker on workerd.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import voucherify from '@voucherify/sdk';
import { build } from 'esbuild';
import { launch, openPage, serve } from './hosts/chromium.mjs';
import { clientStory } from './voucherify/client_story.mjs';
import { keysOf, projectAt, SHOP, startProjects } from './voucherify/project.mjs';
import { openShop } from './voucherify/shop.mjs';

const { VoucherifyClientSide, VoucherifyServerSide } = voucherify;

const PAGE = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';
const SCRIPT = `
  import { VoucherifyClientSide } from '@voucherify/sdk';
  import { clientStory } from './client_story.mjs';
  window.tell = (options, tier, who) => clientStory(VoucherifyClientSide(options), tier, who);
`;

let server;
let worker;
const hosts = { node: {}, page: {} };

before(async () => {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: fileURLToPath(new URL('voucherify/', import.meta.url)) },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const files = { '': new TextEncoder().encode(PAGE), 'page.js': outputFiles[0].contents };
  server = await serve(async (name) => files[name] ?? Promise.reject(new Error(`no ${name}`)));
  const ofPages = { ...keysOf('page'), origins: [new URL(server.url).origin] };
  worker = await startProjects([keysOf('node'), ofPages]);
  for (const [id, host] of Object.entries(hosts)) {
    const keys = keysOf(id);
    const sdk = VoucherifyServerSide({ apiUrl: worker.url, applicationId: keys.appId, secretKey: keys.appToken });
    Object.assign(host, { sdk, keys, ...(await openShop(sdk, projectAt(worker.url, keys))) });
  }
  hosts.node.answers = await clientStory(VoucherifyClientSide({ ...options(hosts.node), origin: SHOP }), hosts.node.tier.id, 'ann');
  const browser = await launch();
  try {
    const { page } = await openPage(browser, server.url);
    await page.waitForFunction('window.tell', undefined, { timeout: 60_000 });
    const { tier } = hosts.page;
    hosts.page.answers = await page.evaluate(([given, id]) => window.tell(given, id, 'ann'), [options(hosts.page), tier.id]);
  } finally {
    await browser.close();
  }
});
after(async () => {
  await server?.stop();
  await worker?.stop();
});

const options = ({ keys }) => ({ apiUrl: worker.url, clientApplicationId: keys.clientAppId, clientSecretKey: keys.clientToken, trackingId: 'ann' });

test('the SDK is the published one', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../node_modules/@voucherify/sdk/package.json', import.meta.url)));
  assert.match(version, /^2\.9\./);
});

for (const [id, host] of Object.entries(hosts)) {
  describe(`client side, ${id === 'node' ? 'in Node' : 'in Chromium'}`, () => {
    test('every method was called', () => assert.deepEqual(host.answers.uncalled, []));

    const answers = () => host.answers;

    test('validate by code, with a cart, with an amount', () => {
      const { byCode, withCart, withAmount, unknown } = answers();
      assert.equal(byCode.valid, true, JSON.stringify(byCode));
      assert.equal(byCode.code, 'TENTH');
      assert.equal(byCode.discount.percent_off, 10);
      assert.equal(withCart.valid, true, JSON.stringify(withCart));
      assert.deepEqual(
        [withCart.order.amount, withCart.order.total_discount_amount, withCart.order.total_amount],
        [2000, 200, 1800],
      );
      assert.equal(withCart.order.items[0].quantity, 2);
      assert.deepEqual([withAmount.order.amount, withAmount.order.total_amount], [2500, 2000]);
      assert.deepEqual([unknown.refused?.code, unknown.refused?.key], [404, 'not_found'], JSON.stringify(unknown));
    });

    test('validate reads metadata of a query as what it means', () => {
      assert.equal(answers().vip.valid, true, JSON.stringify(answers().vip));
      assert.equal(answers().vip.order.total_amount, 500);
      const { notVip } = answers();
      assert.deepEqual([notVip.valid, notVip.error?.key], [false, 'customer_rules_violated'], JSON.stringify(notVip));
    });

    test('validate without a code tells the promotions', () => {
      const { valid, promotions } = answers().promotions;
      assert.equal(valid, true);
      assert.deepEqual(promotions.map(({ id: tier }) => tier), [host.tier.id]);
      assert.deepEqual([promotions[0].order.total_discount_amount, promotions[0].order.total_amount], [300, 1700]);
    });

    test('validate with a session holds the last use', async () => {
      assert.equal(answers().locked.valid, true, JSON.stringify(answers().locked));
      assert.equal(answers().locked.session.key, 'lock-ann');
      const { lockedOut } = answers();
      assert.deepEqual([lockedOut.valid, lockedOut.error?.key], [false, 'quantity_exceeded'], JSON.stringify(lockedOut));
    });

    test('validateStackable', () => {
      const { stack, twice } = answers();
      assert.equal(stack.valid, true, JSON.stringify(stack));
      assert.deepEqual(stack.redeemables.map(({ status, order }) => [status, order.total_amount]), [
        ['APPLICABLE', 1800],
        ['APPLICABLE', 1300],
      ]);
      assert.deepEqual([stack.order.amount, stack.order.total_discount_amount], [2000, 700]);
      assert.deepEqual([twice.refused?.code, twice.refused?.key], [400, 'duplicated_redeemables']);
    });

    test('qualifications', () => {
      const { redeemables } = answers().qualifications;
      const totals = Object.fromEntries(redeemables.data.map((row) => [row.id, row.order?.total_amount]));
      assert.equal(totals.TENTH, 1800, JSON.stringify(answers().qualifications).slice(0, 600));
      assert.equal(totals.FIVER, 1500);
      assert.equal(totals[host.tier.id], 1700);
      assert.ok(!('VIP' in totals), 'VIP does not apply');
    });

    test('createCustomer', () => {
      const { created, createdTwice } = answers();
      assert.deepEqual([created.source_id, created.name, created.object], ['ann', 'Ann', 'customer'], JSON.stringify(created));
      assert.deepEqual([createdTwice.id, createdTwice.name, createdTwice.email], [created.id, 'Ann', 'ann@shop.example']);
    });

    test('redeem and redeemStackable', async () => {
      const { redeemed, redeemedStack, created } = answers();
      assert.deepEqual([redeemed.result, redeemed.order?.total_amount], ['SUCCESS', 2000], JSON.stringify(redeemed));
      assert.equal(redeemed.customer_id, created.id);
      assert.deepEqual(redeemedStack.redemptions?.map(({ result }) => result), ['SUCCESS', 'SUCCESS'], JSON.stringify(redeemedStack));
      assert.equal(redeemedStack.order.total_amount, 1200);
      assert.equal((await host.sdk.vouchers.get('FIVER')).redemption.redeemed_quantity, 2);
      assert.equal((await host.sdk.vouchers.get('TENTH')).redemption.redeemed_quantity, 0);
    });

    test('publish, and the same code to whoever joined', () => {
      const { published, publishedAgain, created, held } = answers();
      assert.equal(published.customer_id, created.id, JSON.stringify(published));
      assert.equal(published.channel, 'Voucherify.js');
      assert.equal(published.voucher.code.length, 10);
      assert.equal(publishedAgain.voucher?.code, published.voucher.code, JSON.stringify(publishedAgain));
      assert.deepEqual(held.vouchers.map(({ code }) => code), [published.voucher.code]);
      assert.equal(held.total, 1);
    });

    test('track', async () => {
      const { tracked, created } = answers();
      assert.equal(tracked.object, 'event', JSON.stringify(tracked));
      assert.equal(tracked.type ?? tracked.event, 'looked');
      assert.equal(tracked.customer.id, created.id);
    });

    test('listConsents and updateConsents', () => {
      const { consents, consented, consentedByNobody } = answers();
      assert.deepEqual(consents.consents.data.map(({ name }) => name), ['News']);
      assert.equal(consents.groups.total, 0);
      assert.equal(consented.refused, undefined, JSON.stringify(consented));
      assert.deepEqual([consentedByNobody.refused?.code, consentedByNobody.refused?.key], [404, 'not_found']);
    });
  });
}

test('who tries codes from a page is slowed down by address, whichever address is called and whatever is tried', async () => {
  const keys = keysOf('patient');
  const GUESSES = 4;
  const own = await startProjects([keys], { guesses: { GUESSES } });
  try {
    const project = projectAt(own.url, keys);
    await project.must('POST', '/v1/vouchers/TENTH', { type: 'DISCOUNT_VOUCHER', discount: { type: 'PERCENT', percent_off: 10 } });
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 10_000) await new Promise((resolve) => setTimeout(resolve, left + 50));
    const from = (address) => ({ 'cf-connecting-ip': address });
    const stack = (...ids) => ({ redeemables: ids.map((id) => ({ object: 'voucher', id })), order: { amount: 1_000 } });
    for (let at = 0; at < GUESSES; at += 1) {
      const { status } = await project.call('POST', '/client/v1/validations', stack(`NEVER${at}`), from('192.0.2.1'));
      assert.ok(status < 429, `attempt ${at}: ${status}`);
    }
    const over = await Promise.all([
      project.call('POST', '/client/v1/validations', stack('TENTH'), from('192.0.2.1')),
      project.call('POST', '/client/v1/redemptions', stack('TENTH'), from('192.0.2.1')),
      project.call('GET', '/client/v1/validate?code=TENTH', undefined, from('192.0.2.1')),
      project.call('GET', '/client/v1/validate?code=NEVER', undefined, from('192.0.2.1')),
      project.call('POST', '/client/v1/redeem?code=NEVER', {}, from('192.0.2.1')),
    ]);
    for (const { status, headers, body: { request_id, ...body } } of over) {
      assert.deepEqual([status, body], [429, { code: 429, key: 'too_many_requests', message: 'Too many requests hit the API too quickly.', details: 'Wait 60 seconds before you try another code' }]);
      assert.equal(headers.get('retry-after'), '60');
      assert.match(request_id, /^v-[0-9a-f]{16}$/);
    }
    // another address, what has no code, and the shop's own server
    assert.equal((await project.call('POST', '/client/v1/validations', stack('TENTH'), from('192.0.2.2'))).status, 200);
    assert.equal((await project.call('GET', '/client/v1/promotions/validation?amount=1000', undefined, from('192.0.2.1'))).status, 200);
    assert.equal((await project.call('POST', '/v1/validations', stack('TENTH'), from('192.0.2.1'))).status, 200);
  } finally {
    await own.stop();
  }
});
