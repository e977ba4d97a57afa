// Every page of the shop, on a phone and a desk, light and dark, in six languages: axe finds nothing, nothing is wider than the screen,
// nothing complains, and Arabic is Arabic;
// and what the first visit may download.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { views, visit } from '../../www/views.mjs';
import { firstVisit } from './first_visit.mjs';
import { inBothSchemes } from './hosts/axe.mjs';
import { launch } from './hosts/chromium.mjs';
import { openStorefront } from './open_storefront.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { storefront: budget } = JSON.parse(await readFile(join(root, 'budgets.json'), 'utf8'));

let worker;
let browser;

before(async () => {
  worker = await openStorefront();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await worker?.stop();
});

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1440, height: 900 } };

/** How many pages are looked at beside each other: while one loads, axe is at work on another. */
const BESIDE = 3;

/** Does `work` for each of `all`, some beside each other. */
async function forEach(all, work) {
  const waiting = [...all];
  const one = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: BESIDE }, one));
}

const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth > 0);

/** Has the page speak a language by its own switch. */
async function speak(page, language) {
  await page.locator('select[data-do="pick-language"]').selectOption(language);
  await page.locator(`html[lang|="${language}"]`).waitFor();
  await page.evaluate(async () => {
    const elements = [...document.querySelectorAll('*')].filter(({ localName }) => localName.startsWith('counterfoil-'));
    await Promise.all(elements.map((element) => element.updateComplete));
  });
}

/** What is left of another language once the elements have fetched theirs. */
async function leftovers(page) {
  let words = [];
  for (let tries = 0; tries < 50; tries += 1) {
    words = await page.evaluate(latinWords);
    if (words.length === 0) break;
    await page.waitForTimeout(100);
  }
  return words;
}

/** Runs in a page: words in Latin letters, in text and in what is read out, shadow roots too. Names and codes are no words. */
function latinWords() {
  const names = /^(Tern|Kettle|counterfoil|WebAssembly|WELCOME\d*|QUAYSIDE\d*|SUMMER\d*|[0-9A-F]{3,8})$/;
  const found = [];
  const read = (text) => found.push(...(text.match(/[A-Za-z\u00c0-\u024f][\w\u00c0-\u024f-]{2,}/g) ?? []).filter((word) => !names.test(word)));
  const walk = (node) => {
    if (node instanceof Text) return read(node.data);
    // what speaks English says so; brands and the names of languages are names; what was read out was said in its time
    if (node instanceof Element && node.matches('style, script, noscript, code, [lang="en"], .brand, .speech, input, .unseen[role="status"]')) return;
    if (node instanceof Element) for (const name of ['aria-label', 'alt', 'title']) read(node.getAttribute(name) ?? '');
    if (node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.childNodes) walk(child);
  };
  walk(document.body);
  read(document.title);
  return [...new Set(found)];
}

describe('axe finds nothing, light and dark, and nothing is wider than the screen', () => {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(size, { timeout: 240_000 }, async () => {
      const found = [];
      await forEach(Object.entries(views), async ([name, view]) => {
        const complain = (text) => found.push(`${name}: ${text}`);
        const page = await visit(browser, worker.url, view, { viewport, complain });
        for (const violation of await inBothSchemes(page)) complain(violation);
        if (await isWide(page)) complain('wider than the screen');
        // a dialog is over the switch
        if (name !== 'why') {
          for (const language of size === 'phone' ? ['de', 'tr', 'ro', 'pl', 'ar'] : ['de', 'ar']) {
            await speak(page, language);
            if (await isWide(page)) complain(`wider than the screen in ${language}`);
          }
          if ((await page.evaluate(() => getComputedStyle(document.body).direction)) !== 'rtl') complain('Arabic from left to right');
          const words = await leftovers(page);
          if (words.length > 0) complain(`not Arabic: ${words.join(', ')}`);
        }
        await page.context().close();
      });
      assert.deepEqual(found, []);
    });
  }
});

test('the first visit stays within its budget of bytes and requests', async (t) => {
  const { asked, close } = await firstVisit(browser, worker.url, { viewport: { width: 1440, height: 900 } });
  t.after(close);
  const bytesOf = async (response) => {
    if (response.status() >= 300) return 0;
    const body = await response.body();
    // fonts are compressed as they are
    return response.url().endsWith('.woff2') ? body.length : brotliCompressSync(body).length;
  };
  const weights = await Promise.all(asked.map(bytesOf));
  const bytes = weights.reduce((sum, size) => sum + size, 0);
  t.diagnostic(`${asked.length} requests, ${bytes} bytes (brotli)`);
  const listed = asked.map((response, at) => `${weights[at]} ${response.status()} ${response.url()}`).join('\n');
  assert.ok(asked.length <= budget.requests.max, `${asked.length} requests:\n${listed}`);
  assert.ok(bytes <= budget.bytes.max, `${bytes} bytes:\n${listed}`);
});
