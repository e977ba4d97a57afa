// The page to try campaigns on: it works everything out by itself, so plain files are all that it is served.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, serve } from './hosts/chromium.mjs';
import { inBothSchemes } from './hosts/axe.mjs';
import { site } from './site.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

let dist;
let server;
let browser;

before(async () => {
  dist = await site();
  server = await serve((name) => readFile(join(dist, name || 'index.html')));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens the page; what it complains of fails the test. */
async function opened(t, address = 'try.html', options = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1280, height: 900 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`${error}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  t.after(() => assert.deepEqual(complaints, []));
  await page.goto(server.url + address);
  await page.getByText('Worked out on this device').waitFor();
  return page;
}

const sheet = (page, name) => page.getByRole('textbox', { name: `${name}, as JSON` });
const textOf = (page, id) => page.locator(`#${id}`).evaluate((host) => host.shadowRoot.querySelector('.cm-content').cmTile.view.state.doc.toString());
const write = async (page, name, text) => {
  await sheet(page, name).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
};
const request = (units) => JSON.stringify({ currency: 'EUR', now: 1772359200000, lines: [{ id: 'tea', product: 'tea', unitPrice: 1250, quantity: units }] }, null, 2);
const ladder = { type: 'quantity_ladder', steps: [{ from: 3, percent: '12.5' }] };
const document = JSON.stringify({ campaigns: [{ id: 'teas', discounts: [ladder] }] }, null, 2);
const total = (page, wanted) => page.locator('counterfoil-savings').getByText(wanted, { exact: true }).first().waitFor();

/** Chooses an example, and waits until it is the one that is answered. */
async function choose(page, name) {
  await page.locator('#example').selectOption(name);
  await page.waitForFunction((wanted) => location.search === `?example=${wanted}`, name);
  // the answer is of what stands in the sheets now
  await page.locator('#result[aria-busy=false]').waitFor().catch(async () => assert.fail(`${name}: ${await page.locator('#state').innerText()}`));
}

test('campaigns and a cart are answered as they are typed, with trace and hints, and nobody is asked', async (t) => {
  const page = await opened(t);
  const asked = [];
  page.on('request', ({ url }) => asked.push(url()));
  await write(page, 'Campaigns', document);
  await write(page, 'Cart', request(3));
  await total(page, '€32.81');
  const story = page.locator('#story');
  await story.getByText('12.5 % of €37.50 is 468.75 minor units, half up: €4.69').waitFor();
  await write(page, 'Cart', request(2));
  await total(page, '€25.00');
  await page.locator('counterfoil-progress').getByText('1 more of tea', { exact: false }).first().waitFor();
  assert.deepEqual(asked, []);
});

test('what is wrong is shown at its place, and how to mend it', async (t) => {
  const page = await opened(t);
  await write(page, 'Campaigns', document.replace('"percent"', '"precent"'));
  await page.getByText('One fault is in the way.').waitFor();
  const fault = page.locator('#campaigns-faults li').first();
  assert.match(await fault.innerText(), /^line 1\d: unknown field `precent`.*/s);
  await fault.getByRole('button').click();
  const marked = await page.locator('#campaigns').evaluate((host) => {
    const { state } = host.shadowRoot.querySelector('.cm-content').cmTile.view;
    return state.sliceDoc(state.selection.main.from, state.selection.main.to);
  });
  assert.match(marked, /^"precent"/);
  await write(page, 'Campaigns', document);
  await write(page, 'Cart', request(3).replace('"EUR"', '"euro"'));
  await page.locator('#cart-faults').getByText('line 2: ').waitFor();
  await write(page, 'Cart', '{ "currency": ');
  await page.getByText('One of the sheets is no JSON yet.').waitFor();
  await write(page, 'Cart', request(3));
  await total(page, '€32.81');
});

test('the schema completes kinds and members', async (t) => {
  const page = await opened(t);
  await write(page, 'Campaigns', '{ "campaigns": [{ "id": "teas", "discounts": [{ "type": "percent_off", "" }] }] }');
  for (let back = 0; back < 9; back += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+Space');
  const options = page.locator('#campaigns .cm-tooltip-autocomplete li');
  await options.filter({ hasText: 'percent' }).first().waitFor();
  const all = await options.allInnerTexts();
  assert.ok(all.includes('maxUnits') && !all.includes('type'), all.join());
});

test('a link carries the sheets', async (t) => {
  const page = await opened(t);
  await write(page, 'Campaigns', document);
  await write(page, 'Cart', request(6));
  await total(page, '€65.62');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.waitForFunction(() => location.hash.startsWith('#s='));
  const { hash } = new URL(page.url());
  const again = await opened(t, `try.html${hash}`);
  await total(again, '€65.62');
  assert.equal(await textOf(again, 'campaigns'), document);
  // and into a page that is open
  const open = await opened(t);
  await open.evaluate((link) => (location.hash = link), hash);
  await total(open, '€65.62');
});

test('all thirty programmes have carts or events that are answered', { timeout: 240_000 }, async (t) => {
  const page = await opened(t);
  const names = await page.locator('#example option').evaluateAll((options) => options.map(({ value }) => value));
  const documents = (await readdir(join(root, 'examples'))).filter((name) => /^P\d+.*\.json$/.test(name));
  assert.equal(names.length, 30);
  assert.deepEqual(names, documents.map((name) => name.replace('.json', '')).toSorted());
  for (const name of names) {
    await choose(page, name);
    // something is won by it, money or points; or a card pays; or it is told how far the next level is
    const told = { 'P04-return-credit': '#quote:has-text(\'"status": "used"\')', 'P23-levels': '#members :text("41.00 EUR more this year to gold")' };
    const won = page.locator(told[name] ?? '.story-campaign.applied').first();
    await won.waitFor({ state: 'attached', timeout: 5_000 }).catch(async () => assert.fail(`${name}: ${await page.locator('#answer').innerText()}`));
  }
});

test('an event earns points, and a member sees what is missing', async (t) => {
  const page = await opened(t, 'try.html?example=P21-ride-over-an-hour');
  const answer = page.locator('#answer');
  await answer.getByText('miles: long-ride +15').waitFor();
  await write(page, 'Cart', (await textOf(page, 'cart')).replace('61', '60'));
  await answer.getByText('Nothing: no rule is about this.').waitFor();
  await page.locator('#example').selectOption('P23-levels');
  await answer.getByText('41.00 EUR more this year to gold').waitFor();
});

test('what somebody wrote makes way for an example, a cart and a link, and comes back', async (t) => {
  const page = await opened(t, 'try.html?example=P16-volume-ladder');
  const [example, said] = [page.locator('#example'), page.locator('#said')];
  const back = page.getByRole('button', { name: 'Bring it back' });
  // a sample that nobody touched goes without a word
  await example.selectOption('P01-win-back');
  await page.waitForFunction(() => location.search === '?example=P01-win-back');
  assert.equal(await said.innerText(), '');
  const sample = await textOf(page, 'campaigns');
  await write(page, 'Campaigns', document);
  await write(page, 'Cart', request(3));
  await total(page, '€32.81');
  await example.selectOption('P14-buy-one-get-one');
  await said.getByText('What you wrote made way for this.').waitFor();
  assert.notEqual(await textOf(page, 'campaigns'), document);
  // another example takes nothing more
  await example.selectOption('P15-favourite-product');
  await page.waitForFunction(() => location.search === '?example=P15-favourite-product');
  await back.click();
  await total(page, '€32.81');
  assert.deepEqual([await textOf(page, 'campaigns'), await textOf(page, 'cart')], [document, request(3)]);
  assert.deepEqual([await example.inputValue(), new URL(page.url()).search], ['P01-win-back', '?example=P01-win-back']);
  assert.equal(await said.innerText(), '');
  // a cart takes the place of the cart alone
  await page.locator('#case').selectOption({ index: 1 });
  await said.getByText('What you wrote made way for this.').waitFor();
  assert.deepEqual([await textOf(page, 'campaigns'), await textOf(page, 'cart') === request(3)], [document, false]);
  await back.click();
  assert.equal(await textOf(page, 'cart'), request(3));
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.waitForFunction(() => location.hash.startsWith('#s='));
  const { hash } = new URL(page.url());
  // what the address keeps is not lost; what was typed since then is brought back
  await write(page, 'Cart', request(6));
  await total(page, '€65.62');
  await page.evaluate((link) => (location.hash = `${link}&again`), hash);
  await said.getByText('What you wrote made way for this.').waitFor();
  await total(page, '€32.81');
  await back.click();
  await total(page, '€65.62');
  assert.notEqual(await textOf(page, 'campaigns'), sample);
});

test('the page asks before it is left with something typed', async (t) => {
  const page = await opened(t);
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.goto(`${server.url}try.html?example=P01-win-back`);
  await page.getByText('Worked out on this device').waitFor();
  assert.deepEqual(asked, []);
  await write(page, 'Cart', request(3));
  await page.goto(`${server.url}try.html?example=P02-premium-cart`);
  await page.getByText('Worked out on this device').waitFor();
  assert.deepEqual(asked, ['beforeunload']);
});

describe('axe finds nothing, and nothing is wider than the screen', () => {
  // a quote with hints, gifts, an event, levels and rewards, an experiment
  const shown = ['P16-volume-ladder', 'P14-buy-one-get-one', 'P21-ride-over-an-hour', 'P23-levels', 'P28-reward-choice', 'P30-ab-test'];
  for (const [size, viewport] of Object.entries({ phone: { width: 360, height: 740 }, desktop: { width: 1440, height: 900 } })) {
    test(size, { timeout: 240_000 }, async (t) => {
      const page = await opened(t, 'try.html?example=P16-volume-ladder', { viewport, bypassCSP: true });
      const look = async (name) => {
        const found = await inBothSchemes(page, async (colorScheme) => {
          if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/try-${name}-${size}-${colorScheme}.png`, fullPage: true });
        });
        assert.deepEqual(found, [], name);
        assert.ok((await page.evaluate(() => globalThis.document.documentElement.scrollWidth - innerWidth)) <= 0, name);
      };
      for (const name of shown) {
        await choose(page, name);
        for (const closed of await page.locator('details:not([open]):visible > summary').all()) await closed.click();
        await look(name);
      }
      await write(page, 'Campaigns', document.replace('"percent"', '"precent"'));
      await page.getByText('One fault is in the way.').waitFor();
      await look('fault');
      await page.locator('#example').selectOption('P01-win-back');
      await page.getByRole('button', { name: 'Bring it back' }).waitFor();
      await look('made-way');
    });
  }
});
