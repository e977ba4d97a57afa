// The code field with sealed campaigns: a code that nobody knows is tried in the page, beside its thread, in Chromium.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, openPage, serve } from './hosts/chromium.mjs';
import { packageFolder } from './hosts/files.mjs';

const tests = fileURLToPath(new URL('..', import.meta.url));
const file = (name) => readFile(join(tests, name));

// with the code of the blogger the same cart is 20.00 % less, whoever has it
const REQUEST = {
  currency: 'EUR',
  customer: { id: 'ann', segments: ['earlybird'] },
  lines: [{ id: 'a', unitPrice: 2500, quantity: 2, categories: ['winterboots'] }],
};
const page = (snapshot, keyRing, attributes = '') => `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>shop</title>
  <script type="module" src="/counterfoil/elements/index.js"></script>
  <counterfoil-cart snapshot="${snapshot}" key-ring="${keyRing}" request='${JSON.stringify(REQUEST)}'>
    <counterfoil-code-field ${attributes}></counterfoil-code-field>
  </counterfoil-cart>
  <script>
    window.said = [];
    const field = document.querySelector('counterfoil-code-field');
    // what a screen reader is told: every text of the live regions
    customElements.whenDefined('counterfoil-code-field').then(() => field.updateComplete).then(() => {
      const regions = [...field.renderRoot.querySelectorAll('[role=status]')];
      const told = new MutationObserver(() => regions.forEach((region) => {
        const text = region.textContent.trim();
        if (text !== '' && window.said.at(-1) !== text) window.said.push(text);
      }));
      regions.forEach((region) => told.observe(region, { childList: true, characterData: true, subtree: true }));
    });
  </script>`;
const PAGES = {
  'sealed.html': page('/sealed/shop/snapshot.bin', '/sealed/shop/key-ring.json'),
  'with-pattern.html': page('/sealed/shop/snapshot.bin', '/sealed/shop/key-ring.json', 'pattern="TEA-####-####-####-*"'),
  'open.html': page('/attacks/valid/snapshot.bin', '/attacks/valid/key-ring.json'),
};

let browser;
let server;
let now;
let cases;
before(async () => {
  ({ now, cases } = JSON.parse(await file('sealed/shop/expect.json')));
  server = await serve(async (name) => {
    if (name in PAGES) return PAGES[name];
    return name.startsWith('counterfoil/') ? readFile(join(packageFolder, name.slice('counterfoil/'.length))) : file(name);
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page at the time of its snapshot; it ends with the test, which fails with what the page complains of. */
async function opened(t, name, change = () => {}) {
  const context = await browser.newContext({ locale: 'en-GB' });
  t.after(() => context.close());
  const fetched = [];
  context.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const newPage = async () => {
    const tab = await context.newPage();
    await tab.clock.setFixedTime(now);
    await change(tab);
    return tab;
  };
  const { page: tab, complaints } = await openPage({ newPage }, `${server.url}${name}`);
  t.after(() => assert.deepEqual(complaints, []));
  await tab.waitForFunction(() => document.querySelector('counterfoil-cart').quote !== undefined);
  await tab.waitForFunction(() => document.querySelector('counterfoil-code-field').renderRoot?.querySelector('input'));
  return { tab, fetched };
}

const enter = async (tab, code) => {
  await tab.getByLabel('Code', { exact: true }).fill(code);
  await tab.keyboard.press('Enter');
};
const totalIs = (tab, wanted) => tab.waitForFunction((total) => document.querySelector('counterfoil-cart').quote.total === total, wanted);
const told = (tab, text) => tab.waitForFunction((wanted) => window.said.some((text) => text.includes(wanted)), text);
const listed = (tab, code) => tab.locator('counterfoil-code-field').getByText(code, { exact: true }).waitFor();
const ofSealed = (fetched) => fetched.filter((path) => /sealed(_bg|_codes|\.(web|worker))/.test(path));

test('a sealed code opens its campaign, and a screen reader hears that it is tried and what it saves', async (t) => {
  const { tab, fetched } = await opened(t, 'sealed.html');
  await totalIs(tab, cases[0].total);
  await enter(tab, 'TEN');
  await listed(tab, 'TEN');
  assert.deepEqual(ofSealed(fetched), [], 'a code that stands open needs nothing more');
  await tab.getByRole('button', { name: 'Remove the code TEN' }).press('Enter');
  await totalIs(tab, cases[0].total);
  const [, { codes: [code], total }] = cases;
  await enter(tab, code);
  await totalIs(tab, total);
  await told(tab, `Code ${code.toUpperCase()} accepted`);
  const said = await tab.evaluate(() => window.said);
  assert.ok(said.indexOf('Checking the code …') >= 0 && said.indexOf('Checking the code …') < said.length - 1, said.join(' | '));
  assert.equal(await tab.getByLabel('Code', { exact: true }).evaluate((input) => input.getRootNode().activeElement === input), true);
});

test('it is tried in a thread of its own, which ends with the try', async (t) => {
  const { tab } = await opened(t, 'sealed.html', (page) => page.addInitScript(() => {
    const { Worker } = window;
    window.threads = [];
    window.Worker = class extends Worker {
      constructor(...all) {
        super(...all);
        window.threads.push('begun');
        this.addEventListener('message', ({ data }) => window.threads.push('section' in data ? 'answered' : 'refused'));
      }
      terminate() {
        super.terminate();
        window.threads.push('ended');
      }
    };
  }));
  await enter(tab, cases[2].codes[0]);
  await totalIs(tab, cases[2].total);
  assert.deepEqual(await tab.evaluate(() => window.threads.toSorted()), ['answered', 'begun', 'ended']);
});

test('where no thread is to be had it is tried in the page', async (t) => {
  const { tab } = await opened(t, 'sealed.html', (page) => page.addInitScript(() => {
    window.Worker = class { constructor() { throw new DOMException('forbidden by the policy of the page', 'SecurityError'); } };
  }));
  await enter(tab, cases[1].codes[0]);
  await totalIs(tab, cases[1].total);
});

test('after three codes in vain the next is not tried, is told so, and stays in the field', async (t) => {
  const { tab } = await opened(t, 'sealed.html', (page) => page.addInitScript(() => {
    // a clock that stands, until it is moved
    let at = 1_000;
    performance.now = () => at;
    window.wait = (time) => { at += time; };
  }));
  for (const code of ['NOT-THIS-ONE', 'NOR-THIS-ONE', 'NOT-THAT-ONE']) {
    await enter(tab, code);
    await listed(tab, code);
  }
  const [, { codes: [right], total }] = cases;
  await enter(tab, right);
  await tab.locator('counterfoil-code-field').getByText('Too many codes at once.', { exact: false }).waitFor();
  await told(tab, 'Too many codes at once.');
  assert.equal(await tab.getByLabel('Code', { exact: true }).inputValue(), right.toUpperCase());
  assert.equal(await tab.evaluate(() => document.querySelector('counterfoil-cart').quote.total), cases[0].total);
  await tab.evaluate(() => window.wait(10_000));
  await tab.getByLabel('Code', { exact: true }).focus();
  await tab.keyboard.press('Enter');
  await totalIs(tab, total);
});

test('a slip is told by the check symbol before anything is tried', async (t) => {
  const { tab, fetched } = await opened(t, 'with-pattern.html');
  await enter(tab, 'TEA-0132-4567-89AZ-P');
  await told(tab, 'A character of this code seems wrong.');
  assert.deepEqual(ofSealed(fetched), []);
  assert.deepEqual(await tab.evaluate(() => document.querySelector('counterfoil-cart').request.codes ?? []), []);
});

test('a shop without sealed campaigns tries nothing', async (t) => {
  const { tab, fetched } = await opened(t, 'open.html');
  await enter(tab, 'MOUNTAIN-GOAT-7');
  await listed(tab, 'MOUNTAIN-GOAT-7');
  assert.deepEqual(ofSealed(fetched).filter((path) => !path.endsWith('sealed_codes.js')), []);
  assert.ok(!(await tab.evaluate(() => window.said)).includes('Checking the code …'));
});

test('another engine, as after a newer snapshot, is told the codes of the cart again', async (t) => {
  const { tab } = await opened(t, 'sealed.html');
  const [, { codes: [code], total }] = cases;
  await enter(tab, code);
  await totalIs(tab, total);
  await tab.evaluate(async () => {
    const { Engine } = await import('/counterfoil/entry.web.js');
    const [bytes, ring] = await Promise.all(['snapshot.bin', 'key-ring.json'].map((name) => fetch(`/sealed/shop/${name}`)));
    const cart = document.querySelector('counterfoil-cart');
    window.totals = [];
    cart.addEventListener('counterfoil-quote', ({ detail }) => window.totals.push(detail.quote.total));
    cart.engine = await Engine.open(await bytes.arrayBuffer(), await ring.json());
  });
  await tab.waitForFunction((wanted) => window.totals.length > 1 && window.totals.at(-1) === wanted, total);
});
