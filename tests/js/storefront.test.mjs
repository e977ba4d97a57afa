// The demo shop as `cargo xtask demo` serves it: prices worked out in Chromium, orders at the desk, what they use in the ledger.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch } from './hosts/chromium.mjs';
import { openStorefront } from './open_storefront.mjs';
import { MIRROR } from './site.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const www = join(root, 'www');

let worker;
let mirror;
let browser;

before(async () => {
  mirror = await openMirror();
  worker = await openStorefront();
  await publish(worker.offers);
  browser = await launch(`--host-resolver-rules=MAP ${MIRROR} ${mirror.host}`);
});

after(async () => {
  await browser?.close();
  await worker?.stop();
  await mirror?.stop();
});

/** Publishes offers, at the shop and on its mirror. */
async function publish(documents) {
  mirror.bytes = await worker.publish(documents);
}

/** Another place that has the shop's snapshot. */
async function openMirror() {
  const place = { bytes: undefined, asked: 0 };
  const server = createServer((_, response) => {
    place.asked += 1;
    response.writeHead(200, { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }).end(place.bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  place.host = `127.0.0.1:${server.address().port}`;
  place.stop = () => new Promise((resolve) => server.close(resolve));
  return place;
}

test('the sources of the shop and of its desk fit the types of the package', async () => {
  for (const project of ['.', 'desk']) {
    await run('npx', ['--no-install', 'tsc', '--noEmit', '--project', project], { cwd: www }).catch(({ stdout }) => assert.fail(stdout));
  }
});

describe('the desk', () => {
  // each question has a connection of its own: one that was kept may be closed just when the next question is sent
  const ask = async (path, body, more = {}) => {
    const headers = { connection: 'close', ...more };
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await fetch(`${worker.url}/shop/${path}`, init);
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, json: () => JSON.parse(text) };
  };
  const basket = (quantity, more) => ({ choices: [{ product: 'tideline-mug', colour: 'sea', quantity }], codes: [], delivery: 'standard', ...more });

  test('sets the prices itself, whatever a page says', async () => {
    const said = { ...basket(1), choices: [{ product: 'tideline-mug', colour: 'sea', quantity: 1, unitPrice: 1, price: 1 }], customer: { segments: ['premium'] } };
    const { quote } = (await ask('guest/quote', said)).json();
    assert.equal(quote.total, 1_400 + 490);
  });

  test('refuses what it does not understand, and never breaks', async () => {
    for (const [path, body, status, code] of [
      ['nobody/account', undefined, 404, 'address_unknown'],
      ['guest/wishes', {}, 404, 'address_unknown'],
      ['guest/quote', '{', 400, 'json_malformed'],
      ['guest/orders', { token: 7 }, 422, 'field_invalid'],
      ['guest/orders', { token: 'v4.public.abc' }, 422, 'quote_unknown'],
      ['mira/returns', { order: 'x', key: 'k', lines: 'all' }, 422, 'field_invalid'],
      ['mira/returns', { order: 'x', key: 'k', lines: [{ line: 'a', quantity: 1 }] }, 404, 'order_unknown'],
      ['leonie/rewards', { reward: '../mug', key: 'k' }, 422, 'field_invalid'],
      ['leonie/rewards', { reward: 'yacht', key: 'k' }, 422, 'reward_unknown'],
      ['mira/invitation', { by: '0/../x' }, 422, 'field_invalid'],
    ]) {
      const answer = await ask(path, body);
      assert.equal(answer.status, status, path);
      assert.equal(answer.json().code, code, path);
    }
  });

  test('shows an order to nobody else', async () => {
    const visit = async () => (await ask('jonas/account')).headers.get('set-cookie').split(';')[0];
    const [cookie, other] = [await visit(), await visit()];
    const { token } = (await ask('jonas/quote', basket(2), { cookie })).json();
    assert.equal((await ask('jonas/orders', { token }, { cookie: other })).status, 422);
    assert.equal((await ask('jonas/orders', { token }, { cookie })).status, 200);
    const orders = async (whose) => (await ask('jonas/account', undefined, { cookie: whose })).json().orders.length;
    assert.deepEqual([await orders(cookie), await orders(other)], [1, 0]);
  });

  test('is slow for who tries codes', async () => {
    const tried = async (at, address) => (await ask('guest/quote', basket(1, { codes: [`GUESS-${at}`] }), { 'cf-connecting-ip': address })).status;
    const statuses = [];
    // 120 in a minute, and a minute may end meanwhile
    while (statuses.length < 260 && !statuses.includes(429)) {
      statuses.push(...(await Promise.all(Array.from({ length: 20 }, (_, one) => tried(statuses.length + one, '203.0.113.7')))));
    }
    assert.ok(statuses.includes(429) && statuses.length >= 120, statuses.join());
    assert.equal(await tried(0, '203.0.113.8'), 200);
  });
});

describe('a shopper', () => {
  let page;
  let asked;

  beforeEach(async (t) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    t.after(() => context.close());
    page = await context.newPage();
    page.on('pageerror', (error) => assert.fail(error));
    await page.goto(worker.url);
    await ready();
    asked = [];
    page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  });

  const ready = () => page.locator('html[data-ready]').waitFor();
  const add = (name) => page.getByRole('button', { name: `Add ${name} to the basket` }).click();
  const one = (name, step) => page.getByRole('complementary').getByRole('button', { name: `One ${name} ${step}` }).click();
  const enter = async (code) => {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.keyboard.press('Enter');
  };
  const totalIs = async (wanted) => {
    const total = page.locator('counterfoil-savings').locator('.total dd');
    await total.filter({ hasText: wanted }).waitFor().catch(() => {});
    assert.equal(await total.innerText(), wanted);
  };

  test('sees every change of the basket priced, and nobody is asked', async () => {
    await add('Harbour Breakfast');
    await totalIs('€17.40');
    await one('Harbour Breakfast', 'more');
    await totalIs('€29.90');
    await one('Harbour Breakfast', 'more');
    await totalIs('€29.90');
    await page.getByRole('radio', { name: /Mira/ }).check({ force: true });
    await add('Lighthouse espresso');
    await enter('welcome10');
    await totalIs('€38.11');
    await one('Harbour Breakfast', 'less');
    await totalIs('€41.80');
    // The page draws its pictures itself and shows them from its own memory; who Mira is, the desk has told.
    assert.deepEqual(
      asked.filter((request) => !request.startsWith('GET blob:')),
      [`GET ${worker.url}/shop/mira/account`],
    );
  });

  test('hears why a code does not apply, and takes the step that a hint suggests', async () => {
    await add('Harbour Breakfast');
    await one('Harbour Breakfast', 'more');
    await enter('welcome10');
    const field = page.locator('counterfoil-code-field');
    await field.getByText('It depends on your account: sign in first.').first().waitFor();
    await page.locator('counterfoil-progress').getByRole('button', { name: 'Add 1: add 1 more of Harbour Breakfast', exact: false }).first().click();
    await totalIs('€29.90');
    await field.getByRole('button', { name: 'Remove the code WELCOME10' }).click();
    await field.getByRole('listitem').waitFor({ state: 'detached' });
  });

  test('is told how every amount came about, and what goes on behind the prices', async () => {
    await add('Harbour Breakfast');
    await one('Harbour Breakfast', 'more');
    await one('Harbour Breakfast', 'more');
    await page.getByRole('button', { name: 'Why these amounts?' }).click();
    const why = page.getByRole('dialog');
    await why.getByText('Three teas for two').first().waitFor();
    await why.getByText('100 % of €12.50 is 1250 minor units, half up: €12.50').waitFor();
    // the engine that tells is fetched once, when somebody asks
    const wasm = asked.filter((request) => request.includes('workshop_bg'));
    assert.equal(wasm.length, 1, asked.join());
    await page.keyboard.press('Escape');
    await why.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'The works', exact: true }).click();
    const works = page.getByRole('region', { name: 'Behind the prices' });
    await works.getByText('This basket took').waitFor();
    assert.match(await works.innerText(), /version \d+/);
    await page.reload();
    await ready();
    await works.getByText('This basket took').waitFor();
  });

  test('shops by keyboard alone on a phone, down to the check-out', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const press = async (locator, key = 'Enter') => {
      await locator.focus();
      await page.keyboard.press(key);
    };
    await press(page.getByRole('button', { name: 'Add Harbour Breakfast to the basket' }));
    await press(page.getByRole('link', { name: /^1 piece/ }));
    await press(page.getByRole('button', { name: 'One Harbour Breakfast more' }), 'Space');
    await totalIs('€29.90');
    await press(page.locator('counterfoil-progress').getByRole('button', { name: /^Add 1: / }).first());
    await totalIs('€29.90');
    await page.getByLabel('Code', { exact: true }).focus();
    await page.keyboard.type('quayside5');
    await page.keyboard.press('Enter');
    await totalIs('€24.90');
    await press(page.getByRole('button', { name: 'Why these amounts?' }));
    await page.getByRole('dialog').getByText('Quayside card').first().waitFor();
    await page.keyboard.press('Escape');
    await press(page.getByRole('link', { name: /^Check out/ }));
    await press(page.getByRole('button', { name: /Place the order/ }));
    await page.getByRole('main').getByText('The two halves match, to the cent.').waitFor();
  });

  test('shops on with the network cut, after a reload too', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    await page.reload();
    await ready();
    await add('Harbour Breakfast');
    await totalIs('€17.40');
    await one('Harbour Breakfast', 'more');
    await totalIs('€29.90');
    await page.reload();
    await ready();
    await totalIs('€29.90');
  });

  const shopAs = async (name) => {
    const met = page.waitForResponse((answer) => answer.url().includes('/shop/'));
    await page.getByRole('radio', { name: new RegExp(name) }).check({ force: true });
    await met;
  };
  const goTo = async (view) => {
    await page.goto(`${worker.url}/?view=${view}`);
    await ready();
  };
  const main = () => page.getByRole('main');
  const placeOrder = async () => {
    await page.getByRole('button', { name: /Place the order/ }).click();
    await main().getByRole('heading', { name: 'Thank you' }).waitFor();
  };
  /** What the ledger holds of the order that was just placed. */
  const redeemed = async () => (await worker.get(`/redemptions/${await main().locator('code').innerText()}`)).json();

  test('is charged what the page showed, finds the order again and sends units back', async () => {
    await shopAs('Jonas');
    await add('Harbour Breakfast');
    await add('Jasmine pearls');
    await goTo('checkout');
    await enter('quayside5');
    await totalIs('€30.90');
    await placeOrder();
    await main().getByText('The two halves match, to the cent.').waitFor();
    const redemption = await redeemed();
    assert.equal(redemption.status, 'confirmed');
    assert.equal(redemption.total, 3_090);
    assert.deepEqual(redemption.campaigns.toSorted(), ['points', 'quayside-five']);

    await main().getByRole('link', { name: 'Your orders' }).click();
    const order = main().getByRole('article');
    await order.getByText('€30.90').first().waitFor();
    await order.getByLabel('Send back Jasmine pearls').fill('1');
    await order.getByRole('button', { name: 'Send these units back' }).click();
    await order.getByText('€15.52 back').waitFor();
    await order.getByText('16 points taken back').waitFor();
    // nothing is left to send back of it
    await order.getByLabel('Send back Jasmine pearls').waitFor({ state: 'detached' });
    await page.reload();
    await ready();
    await order.getByText('€15.52 back').waitFor();
    // 30 from before, 26 of the order, 16 of what came back
    await goTo('club');
    await main().locator('counterfoil-points-card').getByText('40 points').waitFor();
  });

  test('orders once, though the answer to the order was lost', async () => {
    await shopAs('Mira');
    await add('Tideline mug');
    await goTo('checkout');
    const lose = async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    };
    await page.route('**/shop/mira/orders', lose, { times: 1 });
    await page.getByRole('button', { name: /Place the order/ }).click();
    await main().getByText('The shop could not be asked.', { exact: false }).waitFor();
    await page.getByRole('button', { name: /Try again/ }).click();
    await main().getByRole('heading', { name: 'Thank you' }).waitFor();
    await main().getByRole('link', { name: 'Your orders' }).click();
    await main().getByRole('article').first().waitFor();
    assert.equal(await main().getByRole('article').count(), 1);
  });

  test('is asked again when the shop has another price by now', async (t) => {
    await add('Heron gooseneck kettle');
    await goTo('checkout');
    await totalIs('€89.00');
    const stopped = worker.offers.campaigns.filter(({ id }) => id !== 'free-shipping');
    await publish({ ...worker.offers, campaigns: stopped });
    t.after(() => publish(worker.offers));
    await page.getByRole('button', { name: /Place the order/ }).click();
    await page.getByRole('button', { name: 'Order for €93.90' }).click();
    await main().getByRole('heading', { name: 'Thank you' }).waitFor();
    assert.equal((await redeemed()).total, 9_390);
  });

  test('exchanges points for credit, pays with it, and has it back with what is sent back', async () => {
    await shopAs('Léonie');
    await goTo('club');
    await main().locator('counterfoil-expiring-points').getByText('60 points').waitFor();
    await main().getByText('until 31 December', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Exchange: €5 of store credit' }).click();
    await page.getByRole('button', { name: 'Yes, exchange' }).click();
    await main().getByText('€5.00 of store credit').waitFor();
    await main().locator('counterfoil-points-card').getByText('450 points').waitFor();
    await main().getByRole('row', { name: /€5 of store credit −150/ }).waitFor();

    await page.goto(worker.url);
    await ready();
    await add('Tideline mug');
    await goTo('checkout');
    await page.getByRole('button', { name: 'Place the order · €9.00' }).click();
    await main().getByText('Store credit paid €5.00 of it.', { exact: false }).waitFor();
    const { due, parts } = await redeemed();
    assert.equal(due, 900);
    assert.equal(parts.find(({ type }) => type === 'draw').amount, 500);
    await main().getByRole('link', { name: 'Your orders' }).click();
    await main().getByLabel('Send back Tideline mug').fill('1');
    await page.getByRole('button', { name: 'Send these units back' }).click();
    await main().getByText('€14.00 back').waitFor();
    await main().getByText('€5.00 of it as store credit').waitFor();
    await goTo('club');
    await main().getByText('€5.00 of store credit').waitFor();
  });

  test('is offered a gift, takes one, changes the colour, and keeps it out of an order that is too small', async () => {
    await add('Heron gooseneck kettle');
    const gifts = page.locator('counterfoil-gift-picker');
    await gifts.getByRole('button', { name: /Tideline mug, harbour blue/ }).click();
    await totalIs('€89.00');
    await gifts.getByRole('button', { name: 'Take out: Tideline mug, harbour blue' }).waitFor();
    await gifts.getByRole('button', { name: /Take out/ }).click();
    await gifts.getByRole('button', { name: /Tideline mug, saffron/ }).click();
    await gifts.getByRole('button', { name: 'Take out: Tideline mug, saffron' }).waitFor();
    await goTo('checkout');
    await placeOrder();
    const { total } = await redeemed();
    assert.equal(total, 8_900);
    await main().getByRole('link', { name: 'Your orders' }).click();
    await main().getByText('1 × Tideline mug, saffron').waitFor();

    // what no longer qualifies leaves the basket; it is never charged
    await page.goto(worker.url);
    await ready();
    await add('Heron gooseneck kettle');
    await gifts.getByRole('button', { name: /Tideline mug, harbour blue/ }).click();
    await gifts.getByRole('button', { name: /Take out/ }).waitFor();
    await page.getByRole('complementary').getByRole('button', { name: 'Remove Heron gooseneck kettle' }).click();
    await add('Tideline mug');
    await totalIs('€18.90');
    await gifts.getByRole('button').first().waitFor({ state: 'detached' });
  });

  test('sends a friend, who saves, and is thanked when the friend has ordered', async () => {
    await shopAs('Léonie');
    await goTo('club');
    const link = await main().locator('counterfoil-referral-card').getByRole('textbox').inputValue();
    // a code that says nothing of who sent it
    assert.match(new URL(link).searchParams.get('invitedBy'), /^[0-9A-HJKMNP-TV-Z]{12}$/);
    await page.goto(link);
    await ready();
    assert.equal(page.url(), `${worker.url}/`);
    await shopAs('Mira');
    await add('Harbour Breakfast');
    await add('Jasmine pearls');
    await totalIs('€25.90');
    await goTo('checkout');
    await placeOrder();
    assert.ok((await redeemed()).campaigns.includes('friend-welcome'));
    await shopAs('Léonie');
    await goTo('club');
    await main().getByRole('row', { name: /A friend ordered \+200/ }).waitFor();
    await main().getByText('800 points').first().waitFor();
    await main().locator('counterfoil-referral-card').getByText('1 friend', { exact: false }).waitFor();
  });

  test('speaks the language that was chosen, after a reload and without a network too', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.getByLabel('Language').selectOption('ar');
    await page.getByRole('heading', { name: 'ضع الماء على النار، فقد وصل المركب.' }).waitFor();
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ['ar', 'rtl']);
    await page.getByRole('button', { name: 'أضف إلى السلة: \u2068فطور المرفأ\u2069' }).click();
    const total = page.locator('counterfoil-savings').locator('.total dd');
    await total.filter({ hasText: '17' }).waitFor();
    const written = await page.evaluate(() => new Intl.NumberFormat('ar', { style: 'currency', currency: 'EUR' }).format(17.4));
    assert.equal((await total.innerText()).trim(), written);
    await page.context().setOffline(true);
    await page.reload();
    await ready();
    await page.getByText('أنت غير متصل.').waitFor();
    assert.equal((await total.innerText()).trim(), written);
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
  });

  test('who is no member waits for what members have first, whatever the page says', async () => {
    await page.goto(`${worker.url}/?product=spring-tide`);
    await ready();
    const badge = main().locator('article counterfoil-early-access').first();
    await badge.getByText('Early access for members').waitFor();
    await main().locator('.buy').getByText('Members can order it already; everybody can from', { exact: false }).waitFor();
    assert.equal(await main().locator('.buy button').count(), 0);
    const refused = await page.evaluate(async () => {
      const basket = { choices: [{ product: 'spring-tide', colour: 'saffron', quantity: 1 }], codes: [], delivery: 'standard' };
      const answer = await fetch('/shop/guest/quote', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(basket) });
      return (await answer.json()).code;
    });
    assert.equal(refused, 'not_open_yet');
    await shopAs('Aoife');
    await main().locator('.buy').getByRole('button', { name: 'Add to basket' }).click();
    await main().locator('.ladder, .in-basket').first().waitFor();
    await totalIs('€20.96');
    await shopAs('Guest');
    await goTo('checkout');
    await page.getByRole('button', { name: /Place the order/ }).click();
    await main().getByText('Something in your basket is for members only', { exact: false }).waitFor();
  });

  test('prices by a mirror when the shop itself does not answer', async () => {
    await page.evaluate(async () => {
      for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
      await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    });
    await page.route('**/snapshot', (route) => route.abort());
    const before = mirror.asked;
    await page.reload();
    await ready();
    await add('Harbour Breakfast');
    await totalIs('€17.40');
    assert.ok(mirror.asked > before);
  });
});
