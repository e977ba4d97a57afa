// The running shop in every view, for the scripts that look at it. CHROMIUM names the browser.
import { chromium } from 'playwright-core';

const choices = (...rows) => rows.map(([product, colour, quantity]) => ({ product, colour, quantity }));
const laden = choices(['harbour-breakfast', 'vermilion', 1], ['tarred-rope', 'black', 1], ['jasmine-pearls', 'green', 1], ['skerry-cup', 'sea', 2]);
const small = choices(['lighthouse-espresso', 'vermilion', 3], ['tideline-mug', 'saffron', 1]);

const enter = async (page, ...codes) => {
  for (const code of codes) {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.keyboard.press('Enter');
  }
};
const showCodes = (page) => page.locator('counterfoil-code-field').evaluate((field) => field.scrollIntoView({ block: 'center', behavior: 'instant' }));

/** name: where, with what in the basket, and what to do there. */
export const views = {
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
  gift: {
    address: '/?view=cart',
    basket: { choices: choices(['heron-kettle', 'sea', 1]), codes: [], shopper: 'guest' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Accept: Tideline mug, saffron' }).click();
      await page.getByRole('button', { name: 'Take out: Tideline mug, saffron' }).waitFor();
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
  orders: {
    address: '/?view=checkout',
    basket: { choices: laden, codes: ['WELCOME10'], shopper: 'mira' },
    act: async (page) => {
      await page.getByRole('button', { name: /Place the order/ }).click();
      await page.getByRole('link', { name: 'Your orders' }).click();
      const back = page.getByLabel('Send back Skerry espresso cup', { exact: false });
      await back.fill('1');
      await page.getByRole('button', { name: 'Send these units back' }).click();
      await page.locator('.order-returns').waitFor();
    },
  },
  'orders-none': { address: '/?view=orders', basket: { choices: small, codes: [], shopper: 'jonas' }, act: (page) => page.getByText('Nothing ordered yet.').waitFor() },
  club: {
    address: '/?view=club',
    basket: { choices: small, codes: [], shopper: 'leonie' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Exchange: €5 of store credit' }).click();
      await page.getByRole('button', { name: 'Yes' }).click();
      await page.locator('.club-credit').waitFor();
      await page.locator('counterfoil-referral-card svg').waitFor();
    },
  },
  'club-guest': { address: '/?view=club', basket: { choices: small, codes: [], shopper: 'guest' } },
  why: {
    address: '/?view=cart',
    basket: { choices: laden, codes: ['WELCOME10'], shopper: 'mira' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Why these amounts?' }).click();
      await page.getByRole('heading', { name: 'Each unit' }).waitFor();
    },
  },
  works: {
    address: '/',
    basket: { choices: small, codes: [], shopper: 'aoife' },
    act: (page) => page.getByRole('button', { name: 'The works', exact: true }).click(),
  },
  footer: { address: '/', basket: { choices: small, codes: [], shopper: 'aoife' }, act: (page) => page.locator('.works').scrollIntoViewIfNeeded() },
};

export const openBrowser = () =>
  chromium.launch({
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

/** A new page that shows the view; `complain` hears what the page's console does not like, `prepare` has the page before it goes anywhere. */
export async function visit(browser, url, { address, basket, act }, { complain = () => {}, prepare = () => {}, ...options }) {
  // The page's own policy forbids foreign scripts, and axe is one.
  const context = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true, serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && complain(`console: ${message.text()}`));
  page.on('pageerror', (error) => complain(error.message));
  await page.addInitScript((kept) => localStorage.setItem('tern-and-kettle/basket', kept), JSON.stringify({ delivery: 'standard', ...basket }));
  await prepare(page);
  await page.goto(new URL(address, url).href);
  await page.locator('html[data-ready]').waitFor();
  await act?.(page);
  await page.evaluate(() => document.fonts.ready);
  // Pictures are loaded when they come near the screen.
  await page.waitForFunction(() => {
    const isSeen = ({ top, bottom }) => bottom > 0 && top < innerHeight;
    return [...document.images].every((image) => image.complete || !isSeen(image.getBoundingClientRect()));
  });
  return page;
}
