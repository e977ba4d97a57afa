// The console on a real worker: campaigns are written, published and stopped, and what they came to is read.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inBothSchemes } from './hosts/axe.mjs';
import { launch } from './hosts/chromium.mjs';
import { ADMIN_TOKEN, eventually, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';
import { site } from './site.mjs';


const document = {
  experiments: [{ id: 'welcome', variants: [{ id: 'ten-percent', weight: 45 }, { id: 'five-off', weight: 45 }], holdOut: 10 }],
  campaigns: [
    { id: 'ten-percent', name: 'Ten percent for the first variant', when: { type: 'variant', experiment: 'welcome', in: ['ten-percent'] }, discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'five-off', name: 'Five off for the second', when: { type: 'variant', experiment: 'welcome', in: ['five-off'] }, discounts: [{ type: 'amount_off', amount: { EUR: 500 } }] },
    { id: 'launch', name: 'The first five with LAUNCH', codes: ['LAUNCH'], limits: { total: 5, budget: { EUR: 3000 } }, discounts: [{ type: 'percent_off', percent: '20' }] },
    { id: 'next-summer', name: 'Next summer', schedule: { from: '2027-06-01T00:00', until: '2027-07-01T00:00', timeZone: 'Europe/Dublin' }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'resting', name: 'Resting', status: 'paused', discounts: [{ type: 'percent_off', percent: '50' }] },
  ],
};

const CUSTOMERS = 90;
/** From this one on they enter a code. */
const CODED = 80;

let dir;
let worker;
let browser;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-console-'));
  const assets = await site();
  const signer = await newSigner();
  worker = await localWorker({ keyRing: signer.keyRing, publisherKey: JSON.stringify(signer.secretKey), assets, stateDir: join(dir, 'state') });
  await admin('PUT', '/admin/catalogue', document);
  await admin('POST', '/admin/publish', {});
  // eight at once; those who share what LAUNCH allows come one after the other
  for (let at = 0; at < CODED; at += 8) await Promise.all(Array.from({ length: Math.min(8, CODED - at) }, (_, one) => order(at + one)));
  for (let at = CODED; at < CUSTOMERS; at += 1) await order(at);
  await eventually(async () => assert.equal((await admin('GET', '/admin/statistics')).all.orders, CUSTOMERS - 1));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function admin(method, path, body) {
  const response = await worker.at(path, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, ...(body && { body: JSON.stringify(body) }) });
  const told = await response.json();
  assert.ok(response.ok, JSON.stringify(told));
  return told;
}

/** Customers who are held out buy for half as much; the last of the orders is rolled back. */
async function order(at) {
  const customer = { id: `c-${at}` };
  const quote = { currency: 'EUR', customer, lines: [{ id: 'kettle', unitPrice: 8900, quantity: 1 }] };
  const { variants } = await (await worker.quote(quote)).json();
  const unitPrice = variants[0].variant === 'held_out' ? 4000 + (at % 7) * 10 : 8900 + (at % 7) * 10;
  const request = { ...quote, lines: [{ id: 'kettle', unitPrice, quantity: 1 }], codes: at >= CODED ? ['LAUNCH'] : [] };
  const response = await worker.post('/redemptions', { request, order: `order-${at}`, confirm: true }, { key: `order-${at}` });
  const redemption = await response.json();
  // of the five that LAUNCH allows, the budget pays for two
  if (response.status === 409) {
    const again = await worker.post('/redemptions', { request: { ...request, codes: [] }, order: `order-${at}`, confirm: true }, { key: `again-${at}` });
    assert.equal(again.status, 201);
  } else assert.equal(response.status, 201, JSON.stringify(redemption));
  if (at === CUSTOMERS - 1) {
    const { id } = response.status === 201 ? redemption : (await admin('GET', '/records?order=order-89&outcome=confirmed')).records.map((record) => ({ id: record.redemption }))[0];
    assert.equal((await worker.post(`/redemptions/${id}/rollback`, {}, { key: 'back' })).status, 200);
  }
}

/** A customer need not have an account, and what the checks refuse is answered with 422. */
const expected = (url) => /\/(accounts\/|admin\/catalogue)/.test(url);

/** Signs in; what the page complains of fails the test. */
async function opened(t, place = '', options = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`${error}`));
  page.on('console', (message) => message.type() === 'error' && !expected(message.location().url) && complaints.push(message.text()));
  t.after(() => assert.deepEqual(complaints, []));
  await page.goto(`${worker.url}/console.html#/${place}`);
  await page.getByLabel('Token').fill(ADMIN_TOKEN);
  await page.getByLabel('Your name').fill('Mira');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').waitFor();
  await page.locator('main h1').waitFor();
  return page;
}

const row = (page, name) => page.getByRole('row').filter({ hasText: name });

test('a wrong token opens nothing, and none is kept in the page', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${worker.url}/console.html`);
  await page.getByLabel('Token').fill('guessed');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('The admin token is not the right one.', { exact: false }).waitFor();
  assert.equal(await page.getByRole('navigation').count(), 0);
  assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
  const source = await (await worker.at('/console.html')).text();
  assert.ok(!source.includes(ADMIN_TOKEN));
});

test('campaigns are listed with their state and with what is left', async (t) => {
  const page = await opened(t);
  await row(page, 'Next summer').getByText('Scheduled').waitFor();
  await row(page, 'Resting').getByText('Paused').waitFor();
  const launch = row(page, 'The first five with LAUNCH');
  await launch.getByText('Running').waitFor();
  const [{ uses, budgets }] = (await admin('GET', '/campaigns')).campaigns.filter(({ id }) => id === 'launch');
  await launch.getByText(`${5 - uses} of 5 uses`).waitFor();
  await launch.getByText(`of €30.00`, { exact: false }).waitFor();
  assert.ok(budgets.EUR.spent > 0);
  await page.getByLabel('State').selectOption('paused');
  await row(page, 'Resting').waitFor();
  assert.equal(await page.getByRole('row').count(), 2);
  await page.getByRole('link', { name: 'Calendar' }).click();
  await page.locator('[data-chart=calendar] svg [aria-label=bar] rect').first().waitFor();
});

test('one click stops a campaign in the ledger, and undo starts it again', async (t) => {
  const page = await opened(t);
  await page.getByRole('button', { name: 'Stop five-off' }).click();
  await row(page, 'Five off').getByText('Stopped').waitFor();
  assert.equal((await admin('GET', '/campaigns/five-off')).stopped, true);
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page, 'Five off').getByText('Running').waitFor();
  assert.equal((await admin('GET', '/campaigns/five-off')).stopped, false);
  await page.getByRole('link', { name: 'Changes' }).click();
  await row(page, 'campaign resume').getByText('Mira').first().waitFor();
});

test('a campaign is written, checked and tried as it is typed, saved, published and deleted', async (t) => {
  const page = await opened(t, 'campaigns/new');
  const sheet = page.getByRole('textbox', { name: 'Campaign, as JSON' });
  const write = async (text) => {
    await sheet.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
  };
  await write('{ "id": "tea-week", "name": "Tea week", "discounts": [{ "type": "percent_off", "precent": "10" }] }');
  await page.getByText('line 1: unknown field', { exact: false }).first().waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('unknown field', { exact: false }).last().waitFor();
  await write('{ "id": "tea-week", "name": "Tea week", "discounts": [{ "type": "percent_off", "percent": "10" }] }');
  // 2 × 12.50, 3 × 11.90 and 89.00 are 149.70
  await page.getByText('It takes €14.97 off, 10% of the goods', { exact: false }).waitFor();
  await page.locator('select[data-act=cart]').selectOption({ label: 'One tin of tea' });
  await page.getByText('It takes €1.25 off, 10% of the goods', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await row(page, 'Tea week').getByText('Not published').first().waitFor();
  await page.getByRole('button', { name: 'Publish one change' }).click();
  await page.getByRole('dialog').getByText('tea-week').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
  await row(page, 'Tea week').getByText('Running').waitFor();
  const cart = { currency: 'EUR', lines: [{ id: 'tea', unitPrice: 1250, quantity: 1 }] };
  await eventually(async () => assert.equal((await (await worker.quote(cart)).json()).total, 1125));
  await page.getByRole('link', { name: 'Tea week' }).click();
  await page.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Tea week is deleted.').waitFor();
  assert.equal(await row(page, 'Tea week').count(), 0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page, 'Tea week').waitFor();
});

test('all campaigns are saved as a file, a file is taken in for them, and undo brings them back', async (t) => {
  const page = await opened(t);
  await page.getByText('All campaigns as a file').click();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as JSON' }).click();
  const before = JSON.parse(await readFile(await (await saved).path(), 'utf8'));
  assert.deepEqual(before, (await admin('GET', '/admin/catalogue')).document);
  const others = { ...before, campaigns: [...before.campaigns.filter(({ id }) => id !== 'resting'), { id: 'autumn', name: 'Autumn', discounts: [{ type: 'percent_off', percent: '5' }] }] };
  const file = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  const takeIn = async (chosen) => {
    await page.getByLabel('A file in their place').setInputFiles(chosen);
    await page.getByRole('button', { name: 'Take in …' }).click();
  };
  await takeIn(file('notes.json', 'no JSON'));
  await page.getByText('notes.json is no JSON.').waitFor();
  await takeIn(file('autumn.json', JSON.stringify(others)));
  const question = page.getByRole('dialog');
  await question.getByText('autumn is new').waitFor();
  await question.getByText('resting is taken out').waitFor();
  assert.deepEqual((await admin('GET', '/admin/catalogue')).document, before, 'nothing changes before the answer');
  await question.getByRole('button', { name: 'Take in' }).click();
  await row(page, 'Autumn').waitFor();
  assert.deepEqual((await admin('GET', '/admin/catalogue')).document.campaigns, others.campaigns);
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page, 'Resting').waitFor();
  assert.deepEqual((await admin('GET', '/admin/catalogue')).document, before);
  // what the worker refuses is taken in by no half
  await takeIn(file('wrong.json', JSON.stringify({ ...before, campaigns: [...before.campaigns, { id: 'x', discounts: [{ type: 'gone' }] }] })));
  await question.getByRole('button', { name: 'Take in' }).click();
  await page.locator('#said').getByText('gone', { exact: false }).waitFor().catch(async () => assert.fail(await page.locator('#said').innerText()));
  assert.deepEqual((await admin('GET', '/admin/catalogue')).document, before);
});

test('every template passes the checks', async (t) => {
  const page = await opened(t, 'campaigns/new');
  const options = await page.getByLabel('Begin as').locator('option').count();
  for (let at = 0; at < options; at += 1) {
    await page.getByLabel('Begin as').selectOption(String(at));
    await page.waitForFunction((wanted) => location.hash.endsWith(`from=${wanted}`) || wanted === 0, at);
    await page.getByText('Worked out in this page, as you type.').waitFor();
    assert.equal(await page.locator('[data-faults] li.error').count(), 0, `template ${at}`);
  }
});

test('what is typed is asked for before a template takes its place, and before signing out', async (t) => {
  const page = await opened(t, 'campaigns/new');
  const text = page.getByRole('textbox', { name: 'Campaign, as JSON' });
  const [template, question] = [page.getByLabel('Begin as'), page.getByRole('dialog')];
  await text.focus();
  await page.keyboard.insertText('/* mine */');
  await template.selectOption('1');
  await question.getByText('takes the place of what you wrote').waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForFunction(() => document.querySelector('[data-act=template]').value === '0');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.match(await text.innerText(), /mine/);
  await template.selectOption('1');
  await question.getByRole('button', { name: 'Begin anew' }).click();
  await page.waitForURL(/from=1$/);
  await page.waitForFunction(() => !document.body.innerText.includes('/* mine */'));
  assert.doesNotMatch(await text.innerText(), /mine/);
});

test('who has to sign in again finds what was typed', async (t) => {
  const page = await opened(t, 'campaigns/resting');
  const text = page.getByRole('textbox', { name: 'Campaign, as JSON' });
  await text.focus();
  await page.keyboard.insertText(' ');
  const typed = await text.innerText();
  await page.evaluate(() => {
    for (const [name, value] of Object.entries(sessionStorage)) sessionStorage.setItem(name, value.replace(/"token":"[^"]*"/, '"token":"gone"'));
  });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByLabel('Token').fill(ADMIN_TOKEN);
  await page.locator('form.sign-in button').click();
  await text.waitFor();
  assert.equal(await text.innerText(), typed);
});

test('what is typed is not lost by leaving', async (t) => {
  const page = await opened(t, 'campaigns/resting');
  await page.getByRole('textbox', { name: 'Campaign, as JSON' }).focus();
  await page.keyboard.insertText(' ');
  await page.getByRole('link', { name: 'Results' }).click();
  await page.getByRole('dialog').getByText('not saved yet', { exact: false }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.waitForURL(/#\/campaigns\/resting$/);
  await page.getByRole('link', { name: 'Results' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { name: 'Results' }).waitFor();
});

test('results, experiments, redemptions and customers tell what the books have', async (t) => {
  const page = await opened(t, 'results');
  const told = await admin('GET', '/admin/statistics');
  assert.equal(told.all.orders, CUSTOMERS - 1);
  assert.equal(told.rolledBack, 1);
  assert.equal(told.campaigns.reduce((sum, { discount }) => sum + discount, 0), told.all.discount);
  await page.locator('.tile').filter({ hasText: 'Orders' }).getByText(String(CUSTOMERS - 1)).waitFor();
  await page.locator('[data-chart=orders] svg rect').last().waitFor();
  await row(page, 'ten-percent').waitFor();
  await page.getByRole('link', { name: 'Experiments' }).click();
  await page.getByRole('heading', { name: 'Experiments' }).waitFor();
  const variants = await page.locator('tbody th').allInnerTexts();
  assert.deepEqual(variants.toSorted(), ['five-off', 'held out', 'ten-percent']);
  await row(page, 'ten-percent').getByText('too few orders yet').waitFor();
  await page.getByText('who only looked, or left with a full basket, is in none of these figures', { exact: false }).waitFor();
  await page.getByRole('link', { name: 'Redemptions' }).click();
  await page.getByRole('heading', { name: 'Redemptions' }).waitFor();
  await page.getByLabel('Outcome').selectOption('refused');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.locator('tbody .badge.confirmed').first().waitFor({ state: 'detached' });
  await page.locator('tbody .badge.refused').first().waitFor();
  assert.equal(await page.locator('tbody .badge:not(.refused)').count(), 0);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const lines = (await readFile(await (await saved).path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length - 1, told.refused);
  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByLabel('Customer or account', { exact: false }).fill('c-3');
  await page.getByRole('button', { name: 'Show' }).click();
  await row(page, 'order-3').waitFor();
  await page.getByRole('button', { name: 'Forget …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
  await page.getByText('Taken out of one record.').waitFor();
  assert.equal((await admin('GET', '/records?customer=c-3')).records.length, 0);
});

describe('axe finds nothing, and nothing is wider than the screen', () => {
  const places = ['campaigns', 'campaigns?as=calendar', 'campaigns/launch', 'results', 'experiments', 'redemptions', 'customers?customer=c-5', 'audit'];
  for (const [size, viewport] of Object.entries({ phone: { width: 360, height: 740 }, desktop: { width: 1440, height: 900 } })) {
    test(size, { timeout: 120_000 }, async (t) => {
      const page = await opened(t, 'campaigns', { viewport, bypassCSP: true });
      for (const place of places) {
        await page.goto(`${worker.url}/console.html#/${place}`);
        await page.waitForFunction((wanted) => location.hash === `#/${wanted}`, place);
        await page.locator('.console-busy[hidden]').waitFor({ state: 'attached' });
        if (place.includes('launch')) await page.getByText('Worked out in this page').waitFor();
        const name = `console-${place.split('?')[0].replace('/', '-')}${place.includes('calendar') ? '-calendar' : ''}-${size}`;
        const found = await inBothSchemes(page, async (colorScheme) => {
          if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-${colorScheme}.png`, fullPage: true });
        });
        assert.deepEqual(found, [], place);
        assert.ok((await page.evaluate(() => globalThis.document.documentElement.scrollWidth - innerWidth)) <= 0, place);
      }
    });
  }
});
