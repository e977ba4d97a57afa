// Programmes through the demo shop itself: from its shelves by a signed quote to the ledger, and back by its order history.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './hosts/chromium.mjs';
import { devices } from './journeys/devices.mjs';
import { hands } from './journeys/hands.mjs';
import { shopJourneys } from './journeys/shop_table.mjs';
import { eventually } from './local_worker.mjs';
import { openStorefront } from './open_storefront.mjs';

let shop;
let browser;

before(async () => {
  shop = await openStorefront();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await shop?.stop();
});

/** What the shop says, in the languages of the journeys. */
const said = {
  unreachable: { en: 'The shop could not be asked.', ar: 'تعذّر سؤال المتجر.' },
  same: { en: 'The two halves match, to the cent.', ar: 'النصفان متطابقان، حتى آخر سنت.' },
};

const locales = { en: 'en-IE', ar: 'ar' };

const amountIn = (page, minor, lang) =>
  page.evaluate(([numeral, locale]) => new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }).format(numeral), [`${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`, locales[lang]]);

async function stars(customer) {
  const answer = await shop.get(`/accounts/stars:${customer}`);
  return answer.status === 404 ? 0 : (await answer.json()).available;
}

const redemptionOf = async (id) => (await shop.get(`/redemptions/${id}`)).json();

// each has a visitor of its own, so some go beside each other
describe('through the shop', { concurrency: 2 }, () => {
  for (const journey of shopJourneys) {
    const { programme, campaign, shopper, device, lang, keyboard = false, cut, add, code, total, stars: [starsBefore, starsAfter] = [] } = journey;
    const how = [device, lang, keyboard && 'by keyboard', cut && `the network goes ${cut} the order`].filter(Boolean).join(', ');
    test(`${programme} (${how})`, { timeout: 120_000 }, async (t) => {
      const context = await browser.newContext({ ...devices[device], locale: lang, reducedMotion: 'reduce', serviceWorkers: 'block' });
      t.after(() => context.close());
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const complaints = [];
      page.on('pageerror', (error) => complaints.push(`${error}`));
      const { press, write, reach } = hands(page, keyboard, 120);
      const main = page.getByRole('main');
      const ready = () => page.locator('html[data-ready]').waitFor();

      // the shelves, in the reader's own language, as somebody the shop knows
      await page.goto(`${shop.url}/?product=${add[0]}`);
      await ready();
      assert.equal(await page.locator('html').getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr');
      if (shopper !== 'guest') {
        const met = page.waitForResponse((answer) => answer.url().includes(`/shop/${shopper}/account`));
        const person = page.locator(`input[name="shopper"][value="${shopper}"]`);
        if (keyboard) {
          await reach(page.locator('input[name="shopper"]:checked'));
          while (!(await person.isChecked())) await page.keyboard.press('ArrowDown');
        } else await person.check({ force: true });
        await met;
      }
      const { id: customer } = await page.evaluate((who) => fetch(`/shop/${who}/account`).then((answer) => answer.json()), shopper);
      if (starsBefore !== undefined) assert.equal(await stars(customer), starsBefore);
      for (const [at, product] of add.entries()) {
        if (at > 0 && product !== add[at - 1]) {
          await page.goto(`${shop.url}/?product=${product}`);
          await ready();
        }
        const again = at > 0 && product === add[at - 1];
        await press(page.locator(`.product [data-do="${again ? 'more' : 'add'}"][data-product="${product}"]`));
      }

      // the basket and the check-out
      if (device === 'phone') await press(page.locator('#bar a'));
      await press(page.locator('.basket-foot a'));
      await main.locator('.delivery').waitFor();
      if (code !== undefined) {
        await write(main.locator('counterfoil-code-field input'), code);
        await page.keyboard.press('Enter');
      }
      const shown = await amountIn(page, total, lang);
      const sum = main.locator('counterfoil-savings').locator('.total dd');
      await sum.filter({ hasText: shown }).waitFor().catch(() => {});
      assert.equal((await sum.innerText()).trim(), shown);

      // the signed quote, and the ledger
      const place = main.locator('[data-do="place"]');
      if (cut === 'before') await context.setOffline(true);
      if (cut === 'during') {
        const lose = async (route) => {
          await route.fetch();
          await route.abort('connectionreset');
        };
        await page.route('**/orders', lose, { times: 1 });
      }
      await press(place);
      if (cut) {
        await main.getByText(said.unreachable[lang]).waitFor();
        await context.setOffline(false);
        await press(place);
      }
      await main.getByText(said.same[lang]).waitFor();
      const redemption = await redemptionOf(await main.locator('code').innerText());
      assert.equal(redemption.status, 'confirmed');
      assert.equal(redemption.total, total);
      assert.ok(redemption.campaigns.includes(campaign), redemption.campaigns.join());
      if (starsAfter !== undefined) await eventually(async () => assert.equal(await stars(customer), starsAfter));

      // the order history, and back
      await press(main.locator('.placed-on a').first());
      const order = main.getByRole('article');
      await order.getByText(shown).first().waitFor();
      assert.equal(await order.count(), 1);
      for (const field of await order.locator('input[data-line]').all()) {
        if (keyboard) await reach(field);
        else await field.focus();
        await page.keyboard.press('ControlOrMeta+A');
        await page.keyboard.type(await field.getAttribute('max'));
      }
      await press(order.locator('[data-do="return"]'));
      await order.locator('.order-returns li').waitFor();
      await eventually(async () => assert.equal(await order.locator('input[data-line]').count(), 0, 'nothing is left to send back'));
      if (starsBefore !== undefined) await eventually(async () => assert.equal(await stars(customer), starsBefore));
      assert.ok(usesIn(redemption) > 0);
      await eventually(async () => assert.equal(usesIn(await redemptionOf(redemption.id)), 0, 'what the order used is free again'));
      assert.deepEqual(complaints, []);
    });
  }

  /** How many uses of campaigns a redemption still holds. */
  function usesIn({ parts, refunds = [] }) {
    const taken = parts.filter(({ type }) => type === 'use').map(({ uses = 1 }) => uses);
    const back = refunds.map(({ uses = 0 }) => uses);
    return taken.reduce((sum, uses) => sum + uses, 0) - back.reduce((sum, uses) => sum + uses, 0);
  }
});
