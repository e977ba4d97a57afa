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
  experiments: [
    { id: 'welcome', variants: [{ id: 'ten-percent', weight: 33 }, { id: 'five-off', weight: 33 }], holdOut: 34 },
    // nothing differs by these two: what they come to is chance
    { id: 'coin', variants: [{ id: 'heads', weight: 50 }, { id: 'tails', weight: 50 }] },
    { id: 'rare', variants: [{ id: 'usual', weight: 90 }, { id: 'seldom', weight: 10 }] },
  ],
  campaigns: [
    { id: 'ten-percent', name: 'Ten percent for the first variant', when: { type: 'variant', experiment: 'welcome', in: ['ten-percent'] }, discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'five-off', name: 'Five off for the second', when: { type: 'variant', experiment: 'welcome', in: ['five-off'] }, discounts: [{ type: 'amount_off', amount: { EUR: 500 } }] },
    { id: 'launch', name: 'The first five with EARLYBIRD', codes: ['EARLYBIRD'], limits: { total: 5, budget: { EUR: 3000 } }, discounts: [{ type: 'percent_off', percent: '20' }] },
    { id: 'counted', name: 'A hundred with COUNTED', codes: ['COUNTED'], limits: { total: 100 }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'next-summer', name: 'Next summer', schedule: { from: '2027-06-01T00:00', until: '2027-07-01T00:00', timeZone: 'Europe/Dublin' }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'resting', name: 'Resting', status: 'paused', discounts: [{ type: 'percent_off', percent: '50' }] },
  ],
};

const CUSTOMERS = 120;
/** From this one on they enter a code. */
const CODED = 110;

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
  // eight at once; those who share what EARLYBIRD allows come one after the other
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
  const isHeldOut = variants.some(({ experiment, variant }) => experiment === 'welcome' && variant === 'held_out');
  const unitPrice = isHeldOut ? 4000 + (at % 7) * 10 : 8900 + (at % 7) * 10;
  const request = { ...quote, lines: [{ id: 'kettle', unitPrice, quantity: 1 }], codes: at >= CODED ? ['EARLYBIRD'] : [] };
  const response = await worker.post('/redemptions', { request, order: `order-${at}`, confirm: true }, { key: `order-${at}` });
  const redemption = await response.json();
  // of the five that EARLYBIRD allows, the budget pays for two
  if (response.status === 409) {
    const again = await worker.post('/redemptions', { request: { ...request, codes: [] }, order: `order-${at}`, confirm: true }, { key: `again-${at}` });
    assert.equal(again.status, 201);
  } else assert.equal(response.status, 201, JSON.stringify(redemption));
  if (at === CUSTOMERS - 1) {
    const { id } = response.status === 201 ? redemption : (await admin('GET', `/records?order=order-${CUSTOMERS - 1}&outcome=confirmed`)).records.map((record) => ({ id: record.redemption }))[0];
    assert.equal((await worker.post(`/redemptions/${id}/rollback`, {}, { key: 'back' })).status, 200);
  }
}

/** A customer need not have an account, and what the checks refuse is answered with 422. */
const expected = (url) => /\/(accounts\/|admin\/catalogue|admin\/publish)/.test(url);

/** Signs in; what the page complains of fails the test. */
async function opened(t, place = '', options = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
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
  const launch = row(page, 'The first five with EARLYBIRD');
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

test('what leaves nothing to pay goes out after a second question', async (t) => {
  await admin('PUT', '/admin/catalogue/campaigns/gratis', { name: 'Gratis', discounts: [{ type: 'percent_off', percent: '100' }] });
  const page = await opened(t);
  const publish = async (answer) => {
    await page.getByRole('button', { name: /^Publish/ }).first().click();
    await page.getByRole('dialog', { name: 'Publish?' }).getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Do you mean it so?' });
    await dialog.getByText('Gratis: everything is free').waitFor();
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
    await dialog.getByRole('button', { name: answer }).click();
  };
  await publish('Cancel');
  await row(page, 'Gratis').getByText('Not published').first().waitFor();
  await publish('Publish anyway');
  await row(page, 'Gratis').getByText('Running').waitFor();
  await admin('DELETE', '/admin/catalogue/campaigns/gratis');
  await admin('POST', '/admin/publish', {});
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
  await row(page, 'Ten percent for the first variant').waitFor();
  await page.getByRole('link', { name: 'Experiments' }).click();
  await page.getByRole('heading', { name: 'Experiments' }).waitFor();
  const variants = await page.locator('tbody th').allInnerTexts();
  assert.deepEqual(variants.toSorted(), ['five-off', 'heads', 'held out', 'seldom', 'tails', 'ten-percent', 'usual']);
  await row(page, 'usual').getByText('too few orders yet').waitFor();
  await page.getByText('who only looked, or left with a full basket, is in none of these figures', { exact: false }).first().waitFor();
  await page.getByRole('link', { name: 'Redemptions' }).click();
  await page.getByRole('heading', { name: 'Redemptions' }).waitFor();
  await page.getByLabel('Outcome').selectOption('refused');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.locator('tbody .badge.confirmed').first().waitFor({ state: 'detached' });
  await page.locator('tbody .badge.refused').first().waitFor();
  assert.equal(await page.locator('tbody .badge:not(.refused)').count(), 0);
  await page.getByText('Budget limit reached: launch has €4.98 of €30.00 left.').first().waitFor();
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

test('the intervals of an experiment are those that follow from its orders', async (t) => {
  const page = await opened(t, 'experiments');
  const newest = new Map();
  for (const record of await admin('GET', '/records.json')) if (!newest.has(record.redemption)) newest.set(record.redemption, record);
  const euros = (minor) => `€${(Math.abs(minor) / 100).toFixed(2)}`;
  const signed = (minor) => `${minor < 0 ? '−' : '+'}${euros(minor)}`;
  const told = { isChance: 0, differs: 0, isFew: 0 };
  for (const { id } of document.experiments) {
    const samples = new Map();
    for (const { experiments, outcome, total } of newest.values()) {
      const sample = samples.get(experiments[id]) ?? { begun: 0, totals: [] };
      sample.begun += 1;
      if (outcome === 'confirmed') sample.totals.push(total);
      samples.set(experiments[id], sample);
    }
    const others = samples.get('held_out') ?? samples.get([...samples.keys()].sort()[0]);
    const table = page.locator('section').filter({ has: page.getByRole('heading', { name: id, exact: true }) });
    for (const [variant, sample] of samples) {
      const cell = (label) => table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: variant.replace('_', ' '), exact: true }) }).locator(`[data-label="${label}"]`);
      const { mean, error } = spread(sample.totals);
      assert.equal(await cell('Paid per order').innerText(), `${euros(Math.round(mean))}\n± ${euros(Math.ceil(1.96 * Math.sqrt(error)))}`, `${id}: ${variant}`);
      const [low, high] = proportion(sample.totals.length, sample.begun).map((share) => new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 }).format(share));
      assert.equal(await cell('Orders').innerText(), `${sample.totals.length}\nof ${sample.begun} begun: ${low} to ${high}`);
      const shown = await cell('Difference').innerText();
      if (sample === others) {
        assert.equal(shown, 'compared with');
        continue;
      }
      const few = Math.min(sample.totals.length, others.totals.length);
      const against = spread(others.totals);
      const by = Math.round(mean) - Math.round(against.mean);
      const reach = Math.ceil(1.96 * Math.sqrt(error + against.error));
      const stretch = `${signed(by - reach)} to ${signed(by + reach)}`;
      const [kind, wanted] = few < 30 ? ['isFew', `too few orders yet\n${few} of at least 30`] : Math.abs(by) <= reach ? ['isChance', `can be chance\n${stretch}`] : ['differs', `${signed(by)} per order\n${stretch}`];
      assert.equal(shown, wanted, `${id}: ${variant}`);
      told[kind] += 1;
    }
  }
  assert.deepEqual(told, { isChance: 1, differs: 2, isFew: 1 });
});

/** Mean and squared standard error in floating point and two passes; the worker works in whole fractions and one. */
function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: squares / (values.length - 1) / values.length };
}

/** The shares that differ from what was seen by no more than 1.96 of their own standard errors, found by halving. */
function proportion(hits, of) {
  const seen = hits / of;
  const isNear = (share) => Math.abs(seen - share) <= 1.96 * Math.sqrt((share * (1 - share)) / of);
  const bound = (far) => {
    let [inside, outside] = [seen, far];
    for (let turn = 0; turn < 60; turn += 1) {
      const middle = (inside + outside) / 2;
      if (isNear(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  return [bound(0), bound(1)];
}

test('what happens elsewhere appears without loading the page again', async (t) => {
  const campaigns = await opened(t);
  const redemptions = await opened(t, 'redemptions');
  const results = await opened(t, 'results');
  const pages = [campaigns, redemptions, results];
  await Promise.all(pages.map((page) => page.evaluate(() => (globalThis.isSamePage = true))));
  const counted = row(campaigns, 'A hundred with COUNTED');
  await counted.getByText('100 of 100 uses').waitFor();
  const orders = results.locator('.tile').filter({ hasText: 'Orders' }).locator('dd').first();
  const before = Number(await orders.innerText());
  const request = { currency: 'EUR', codes: ['COUNTED'], lines: [{ id: 'kettle', unitPrice: 8900, quantity: 1 }] };
  const redeemed = await worker.post('/redemptions', { request, order: 'live-1', confirm: true }, { key: 'live-1' });
  assert.equal(redeemed.status, 201);
  await counted.getByText('99 of 100 uses').waitFor();
  await row(redemptions, 'live-1').getByText('Confirmed').waitFor();
  await results.locator('.tile').filter({ hasText: 'Orders' }).getByText(String(before + 1), { exact: true }).waitFor();
  await admin('POST', '/admin/campaigns/counted/stop', {});
  await counted.getByText('Stopped').waitFor();
  await counted.getByRole('button', { name: 'Start counted' }).waitFor();
  await admin('POST', '/admin/campaigns/counted/resume', {});
  await counted.getByText('Running').waitFor();
  for (const page of pages) assert.equal(await page.evaluate(() => globalThis.isSamePage), true);
});

test('codes that took nothing off are told with their reason, and changes with what was changed', async (t) => {
  const request = { currency: 'EUR', codes: ['NOT-OURS'], lines: [{ id: 'kettle', unitPrice: 8900, quantity: 1 }] };
  assert.equal((await worker.post('/redemptions', { request, order: 'in-vain', confirm: true }, { key: 'in-vain' })).status, 201);
  await admin('PUT', '/admin/webhooks/erp', { url: 'https://erp.shop.example/hooks/of/counterfoil', events: ['redemption.confirmed'] });
  await eventually(async () => assert.equal((await admin('GET', '/records?order=in-vain')).records.length, 1));
  const redemptions = await opened(t, 'redemptions?order=in-vain');
  const tried = row(redemptions, 'in-vain');
  await tried.getByText('NOT-OURS').waitFor();
  await tried.getByText('This code is not accepted.').waitFor();
  const changes = await opened(t, 'audit');
  await row(changes, 'webhook changed').getByText('https://erp.shop.example/hooks/of/counterfoil redemption.confirmed').waitFor();
});

test('referrers are on the board, and the return is worked out and told in words', async (t) => {
  const key = () => `referral-${Math.random()}`;
  for (const [friend, referrer] of [['c-11', 'c-7'], ['c-12', 'c-7'], ['c-13', 'c-8'], ['nobody-yet', 'c-8']]) {
    assert.equal((await worker.post('/referrals', { friend, referrer }, { key: key() })).status, 200);
  }
  for (const friend of ['c-11', 'c-12', 'c-13']) assert.equal((await worker.post(`/referrals/${friend}/convert`, {}, { key: key() })).status, 200);
  const page = await opened(t, 'referrals');
  const places = await page.locator('section').filter({ hasText: 'Who brings most friends' }).locator('tbody tr').allInnerTexts();
  assert.deepEqual(places.map((text) => text.split(/\s+/)), [['1', 'c-7', '2'], ['2', 'c-8', '1']]);
  const { customers, paid } = await admin('GET', '/admin/referrals');
  const tile = (name) => page.locator('.tile').filter({ hasText: name });
  await tile('Friends who came').getByText('4', { exact: true }).waitFor();
  await tile('Friends who converted').getByText('75% of those who came').waitFor();
  await tile('k: new customers').getByText((3 / customers).toFixed(4).replace(/0+$/, ''), { exact: true }).waitFor();
  await tile('A customer is worth').getByText(`€${(paid / customers / 100).toFixed(2)}`).waitFor();
  const reward = page.getByLabel('Rewards for one friend', { exact: false });
  await reward.fill('a lot');
  await page.getByRole('button', { name: 'Work out' }).click();
  await page.locator('#said').getByText('a lot is no amount of money.', { exact: false }).waitFor();
  await reward.fill('20.00');
  await page.getByLabel('What a customer is worth', { exact: false }).fill('150');
  await page.getByRole('button', { name: 'Work out' }).click();
  // (150.00 × (1 + 3 / customers) − 20.00) ÷ 20.00, to four places
  const back = ((150 * (1 + 3 / customers) - 20) / 20).toFixed(4).replace(/0+$/, '');
  await page.getByText(`The return on the rewards is ${(Number(back) * 100).toFixed(1).replace(/\.0$/, '')}%.`).waitFor();
  await page.getByText(`− €20.00) ÷ €20.00 = ${back}.`, { exact: false }).waitFor();
  await reward.fill('500');
  await page.getByRole('button', { name: 'Work out' }).click();
  await page.getByText('The €500.00 of rewards are not earned back.', { exact: false }).waitFor();
  await page.getByRole('link', { name: 'c-7' }).click();
  await row(page, 'order-7').waitFor();
});

test('a cart that was typed makes way for a sample, and comes back', async (t) => {
  const page = await opened(t, 'campaigns/resting');
  await page.getByText('The cart as JSON').click();
  const cart = page.getByRole('textbox', { name: 'Cart, as JSON' });
  await cart.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('{ "currency": "EUR", "lines": [{ "id": "mine", "unitPrice": 400, "quantity": 1 }] }');
  await page.locator('select[data-act=cart]').selectOption({ label: 'One tin of tea' });
  await page.locator('#said').getByText('Your own cart made way for “One tin of tea”.').waitFor();
  assert.doesNotMatch(await cart.innerText(), /mine/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await cart.getByText('"mine"').waitFor();
  assert.equal(await page.locator('select[data-act=cart]').inputValue(), '0');
  // a sample that nobody touched needs no word
  await page.getByRole('link', { name: 'Campaigns' }).first().click();
  await row(page, 'Resting').getByRole('link').click();
  await page.locator('select[data-act=cart]').selectOption({ label: 'One tin of tea' });
  await page.getByText('The cart as JSON').click();
  await cart.getByText('"harbour-breakfast"').first().waitFor();
  assert.equal(await page.locator('#said').isHidden(), true);
});

test('long work tells that it runs, and how far it is', { timeout: 300_000 }, async (t) => {
  const before = (await admin('GET', '/admin/catalogue')).document;
  t.after(async () => {
    await admin('PUT', '/admin/catalogue', before);
    await admin('POST', '/admin/publish', {});
  });
  const page = await opened(t);
  page.setDefaultTimeout(90_000);
  // every word and every share that is shown, however short
  await page.evaluate(() => {
    globalThis.seen = [];
    const note = () => {
      const bar = globalThis.document.querySelector('.console-busy:not([hidden]) progress');
      if (bar) globalThis.seen.push({ text: globalThis.document.querySelector('.console-doing').textContent, name: bar.getAttribute('aria-label'), share: bar.hasAttribute('value') ? bar.value : null });
    };
    new MutationObserver(note).observe(globalThis.document.getElementById('head'), { subtree: true, childList: true, attributes: true, characterData: true });
  });
  const seen = () => page.evaluate(() => globalThis.seen);
  const isDone = () => page.locator('.console-busy[hidden]').waitFor({ state: 'attached' });
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const slowly = { offline: false, latency: 0, downloadThroughput: 200_000, uploadThroughput: 200_000 };
  // few enough to be published soon, with names long enough to be sent slowly
  const name = 'One of very many. '.repeat(80).trim();
  const many = Array.from({ length: 100 }, (_, at) => ({ id: `many-${at}`, name: `${name} ${at}`, when: { type: 'segment', anyOf: ['many'] }, discounts: [{ type: 'percent_off', percent: '5' }] }));
  const file = { name: 'many.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ ...before, campaigns: [...before.campaigns, ...many] })) };
  const total = `${(before.campaigns.length + many.length).toLocaleString('en')} campaigns`;
  await page.getByText('All campaigns as a file').click();
  await page.getByLabel('A file in their place').setInputFiles(file);
  await page.getByRole('button', { name: 'Take in …' }).click();
  await network.send('Network.emulateNetworkConditions', slowly);
  await page.getByRole('dialog').getByRole('button', { name: 'Take in' }).click();
  await page.locator('#said').getByText(`many.json is taken in: ${total}.`).waitFor();
  await isDone();
  const sending = (await seen()).filter(({ text }) => text === `Sending ${total} …`);
  assert.ok(sending.some(({ share }) => share > 0 && share < 1), JSON.stringify(await seen()));
  assert.deepEqual(sending.map(({ share }) => share), sending.map(({ share }) => share).toSorted((one, other) => one - other));
  assert.ok((await seen()).some(({ text, name, share }) => text === `The worker checks ${total} …` && name === text && share === null));
  await page.getByRole('button', { name: /^Publish/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
  await page.locator('#said').getByText('is in force.', { exact: false }).waitFor();
  await isDone();
  assert.ok((await seen()).some(({ text }) => text === `Checking, signing and publishing ${total} …`));
  await page.getByRole('link', { name: 'Redemptions' }).click();
  await page.getByRole('heading', { name: 'Redemptions' }).waitFor();
  await network.send('Network.emulateNetworkConditions', { ...slowly, downloadThroughput: 20_000 });
  const saved = page.waitForEvent('download', { timeout: 90_000 });
  await page.getByRole('button', { name: 'Save as JSON' }).click();
  const all = JSON.parse(await readFile(await (await saved).path(), 'utf8'));
  assert.ok(all.length >= CUSTOMERS);
  await isDone();
  const came = (await seen()).map(({ text }) => /^records\.json: ([\d,]+) KiB so far …$/.exec(text)?.[1]).filter(Boolean).map((size) => Number(size.replaceAll(',', '')));
  assert.ok(new Set(came).size >= 2, JSON.stringify(came));
  assert.deepEqual(came, came.toSorted((one, other) => one - other));
});

describe('axe finds nothing, and nothing is wider than the screen', () => {
  const places = ['campaigns', 'campaigns?as=calendar', 'campaigns/new', 'campaigns/launch', 'results', 'experiments', 'referrals', 'redemptions', 'customers?customer=c-5', 'audit'];
  /** Looks at what is shown now, in both schemes. */
  const look = async (page, name) => {
    const found = await inBothSchemes(page, async (colorScheme) => {
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/console-${name}-${colorScheme}.png`, fullPage: true });
    });
    assert.deepEqual(found, [], name);
    assert.ok((await page.evaluate(() => globalThis.document.documentElement.scrollWidth - innerWidth)) <= 0, name);
  };
  const go = async (page, place) => {
    await page.goto(`${worker.url}/console.html#/${place}`);
    await page.waitForFunction((wanted) => location.hash === `#/${wanted}`, place);
    await page.locator('.console-busy[hidden]').waitFor({ state: 'attached' });
  };
  for (const [size, viewport] of Object.entries({ phone: { width: 360, height: 740 }, desktop: { width: 1440, height: 900 } })) {
    test(`on a page of its own, ${size}`, { timeout: 240_000 }, async (t) => {
      const page = await opened(t, 'campaigns', { viewport, bypassCSP: true });
      for (const place of places) {
        await go(page, place);
        if (place.startsWith('campaigns/')) await page.getByText('Worked out in this page').waitFor();
        await look(page, `${place.split('?')[0].replace('/', '-')}${place.includes('calendar') ? '-calendar' : ''}-${size}`);
      }
    });

    test(`signing in, what is asked, what is said and what is wrong, ${size}`, { timeout: 240_000 }, async (t) => {
      const page = await opened(t, 'campaigns', { viewport, bypassCSP: true });
      await page.getByRole('button', { name: 'Stop launch' }).click();
      await page.locator('#said').getByText('launch is stopped', { exact: false }).waitFor();
      await look(page, `said-${size}`);
      await page.getByRole('button', { name: 'Undo' }).click();
      await row(page, 'The first five with EARLYBIRD').getByText('Running').waitFor();
      await page.getByText('All campaigns as a file').click();
      await page.getByLabel('A file in their place').waitFor();
      await look(page, `files-${size}`);
      await go(page, 'campaigns/launch');
      await page.getByRole('button', { name: 'Delete …' }).click();
      await page.getByRole('dialog').waitFor();
      await look(page, `dialog-${size}`);
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('textbox', { name: 'Campaign, as JSON' }).focus();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText('{ "id": "launch", "discounts": [{ "type": "percent_off", "precent": "10" }] }');
      await page.locator('[data-faults] li.error').first().waitFor();
      await look(page, `faults-${size}`);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Token').waitFor();
      await look(page, `sign-in-${size}`);
      await page.getByLabel('Token').fill('guessed');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await look(page, `sign-in-refused-${size}`);
      await page.getByLabel('Token').fill(ADMIN_TOKEN);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await go(page, 'referrals');
      await page.getByLabel('Rewards for one friend', { exact: false }).fill('20');
      await page.getByRole('button', { name: 'Work out' }).click();
      await page.getByText('The return on the rewards is', { exact: false }).waitFor();
      await look(page, `return-${size}`);
    });
  }
});
