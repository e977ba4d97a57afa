// Pictures of the running shop, and what axe finds on each view.
//   node screenshots.mjs [URL] [FOLDER]
// URL is a storefront with its worker (snapshot, key ring, quote); CHROMIUM names the browser. Exits 3 when axe or the
// page's console complains.
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const url = process.argv[2] ?? 'http://127.0.0.1:8787/';
const folder = process.argv[3] ?? 'pictures';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const sizes = { phone: { width: 360, height: 740 }, tablet: { width: 768, height: 1024 }, desktop: { width: 1440, height: 900 } };

const choices = (...rows) => rows.map(([product, colour, quantity]) => ({ product, colour, quantity }));
const laden = choices(['harbour-breakfast', 'vermilion', 1], ['tarred-rope', 'black', 1], ['jasmine-pearls', 'green', 1], ['skerry-cup', 'sea', 2]);
const small = choices(['lighthouse-espresso', 'vermilion', 3], ['tideline-mug', 'saffron', 1]);

const enter = async (page, ...codes) => {
  for (const code of codes) {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.keyboard.press('Enter');
  }
};
const showCodes = (page) => page.locator('.codes').scrollIntoViewIfNeeded();

/** name: where, with what in the basket, and what to do there. */
const views = {
  catalogue: { address: '/', basket: { choices: laden, codes: [], shopper: 'guest' } },
  'catalogue-empty': { address: '/', basket: { choices: [], codes: [], shopper: 'guest' } },
  product: { address: '/?product=heron-kettle', basket: { choices: small, codes: [], shopper: 'jonas' } },
  'product-ladder': { address: '/?product=lighthouse-espresso', basket: { choices: small, codes: [], shopper: 'leonie' } },
  basket: { address: '/?view=cart', basket: { choices: laden, codes: [], shopper: 'leonie' } },
  codes: {
    address: '/?view=cart',
    basket: { choices: small, codes: [], shopper: 'mira' },
    act: async (page) => {
      await enter(page, 'welcome10', 'QUAYSIDE5');
      await showCodes(page);
    },
  },
  refused: {
    address: '/?view=cart',
    basket: { choices: small, codes: [], shopper: 'guest' },
    act: async (page) => {
      await enter(page, 'SUMMER20', 'WELCOME10');
      await showCodes(page);
    },
  },
  checkout: {
    address: '/?view=checkout',
    basket: { choices: laden, codes: ['WELCOME10'], shopper: 'mira' },
    act: async (page) => {
      await page.getByRole('button', { name: /Place the order/ }).click();
      await page.locator('.verdict, .warn').first().waitFor();
    },
  },
  footer: { address: '/', basket: { choices: small, codes: [], shopper: 'aoife' }, act: (page) => page.locator('.works').scrollIntoViewIfNeeded() },
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
await mkdir(folder, { recursive: true });
const findings = [];

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, { address, basket, act }] of Object.entries(views)) {
      const place = `${name}-${size}-${colorScheme}`;
      // The page's own policy forbids foreign scripts, and axe is one.
      const context = await browser.newContext({
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
        deviceScaleFactor: size === 'phone' ? 2 : 1,
        bypassCSP: true,
        serviceWorkers: 'block',
      });
      const page = await context.newPage();
      page.on('console', (message) => message.type() === 'error' && findings.push(`${place}: console: ${message.text()}`));
      page.on('pageerror', (error) => findings.push(`${place}: ${error.message}`));
      await page.addInitScript((kept) => localStorage.setItem('tern-and-kettle/basket', kept), JSON.stringify({ delivery: 'standard', ...basket }));
      await page.goto(new URL(address, url).href);
      await page.locator('html[data-ready]').waitFor();
      await act?.(page);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: `${folder}/${place}.png` });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) findings.push(`${place}: ${overflow} px wider than the screen`);
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() => globalThis.axe.run(document));
      for (const violation of violations) {
        findings.push(
          `${place}: ${violation.id}: ${violation.help}: ${violation.nodes
            .map((node) => node.target.join(' '))
            .slice(0, 3)
            .join('; ')}`,
        );
      }
      await context.close();
    }
  }
}
await browser.close();

if (findings.length > 0) {
  console.error(findings.join('\n'));
  process.exitCode = 3;
} else {
  console.log(`${Object.keys(views).length} views, ${Object.keys(sizes).length} sizes, light and dark: nothing to report. Pictures in ${folder}/`);
}
