// Programmes as shoppers meet them: from the page to the ledger and back, on one worker and in one browser. The table says which.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { launch } from './hosts/chromium.mjs';
import { devices } from './journeys/devices.mjs';
import { hands } from './journeys/hands.mjs';
import { shopJourneys } from './journeys/shop_table.mjs';
import { journeys } from './journeys/table.mjs';
import { openTill } from './journeys/till.mjs';
import { ADMIN_TOKEN } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const example = async (name) => JSON.parse(await readFile(new URL(`../../examples/${name}.json`, import.meta.url), 'utf8'));

let shop;
let till;
let browser;

before(async () => {
  shop = await openShop({ campaigns: [] });
  till = await openTill(shop);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await till?.stop();
  await shop?.stop();
});

/** What a shopper does on the page. */
function doingsOf(page, keyboard) {
  const { press, write } = hands(page, keyboard);
  const doings = {
    more: (line) => press(page.locator(`[data-line="${line}"] .more`)),
    step: () => press(page.locator('counterfoil-progress').getByRole('button').first()),
    claim: async (reward) => {
      const row = page.locator('counterfoil-rewards').getByRole('listitem').nth(till.journey.page.rewards.findIndex(({ id }) => id === reward));
      await press(row.getByRole('button').first());
      // the question has the focus by itself
      if (keyboard) await page.keyboard.press('Enter');
      else await row.getByRole('button').first().click();
    },
    code: async (text) => {
      await write(page.locator('counterfoil-code-field input'), text);
      await page.keyboard.press('Enter');
    },
  };
  return { press, act: ([doing, ...given]) => doings[doing](...given) };
}

async function usesOf(campaign) {
  const answer = await shop.get(`/campaigns/${campaign}`, { token: ADMIN_TOKEN });
  return (await answer.json()).uses;
}

async function available({ id }) {
  const answer = await shop.get(`/accounts/${id}`);
  return answer.status === 404 ? 0 : (await answer.json()).available;
}

/** What the ledger is told a moment after the order is answered. */
async function becomes(read, wanted, what) {
  let found;
  for (let left = 40; left > 0; left -= 1) {
    found = await read();
    if (found === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(found, wanted, what);
}

async function prepare(journey, version) {
  const { programme, programmeOf, account, request, lang, rewards } = journey;
  const documents = { ...(await example(programme)), ...(programmeOf && { programme: programmeOf }) };
  assert.equal((await shop.publish(documents, version)).status, 201);
  const name = `j-${programme}-${version}`;
  if (account?.has) {
    const answer = await shop.post(`/accounts/${account.id}/refill`, { scheme: account.scheme, amount: account.has }, { key: `before/${name}` });
    assert.equal(answer.status, 200, await answer.text());
  }
  till.journey = {
    name,
    customer: request.customer?.id,
    account: account?.id,
    ...(account?.earns && { earn: { account: account.id, scheme: account.scheme } }),
    page: { lang, request, account: account !== undefined, rewards },
  };
}

describe('journeys', () => {
  let version = 1;
  for (const journey of journeys) {
    const { programme, device, lang, keyboard = false, cut, does, total, due = total, uses = {}, account, refused } = journey;
    const how = [device, lang, keyboard && 'by keyboard', cut && `the network goes ${cut} the order`].filter(Boolean).join(', ');
    test(`${programme} (${how})`, { timeout: 90_000 }, async (t) => {
      await prepare(journey, (version += 1));
      const context = await browser.newContext({ ...devices[device], locale: lang, reducedMotion: 'reduce' });
      t.after(() => context.close());
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const complaints = [];
      page.on('pageerror', (error) => complaints.push(`${error}`));
      await page.goto(till.url);
      await page.locator('html[data-ready][data-total]').waitFor();
      assert.equal(await page.locator('html').getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr');
      const { press, act } = doingsOf(page, keyboard);
      const said = page.locator('#said');
      const says = async (text, what) => {
        await said.filter({ hasText: text }).waitFor().catch(() => {});
        assert.equal(await said.innerText(), text, what);
      };
      const words = (english, arabic) => (lang === 'ar' ? arabic : english);
      const placed = words('Ordered', 'تم الطلب');
      const unreached = words('The shop could not be reached. Try again.', 'تعذر الوصول إلى المتجر. حاول مرة أخرى.');
      const isClaim = does.some(([doing]) => doing === 'claim');

      // the page
      if (cut === 'before') await context.setOffline(true);
      for (const doing of does) await act(doing);
      if (!isClaim) {
        await page.locator(`html[data-total="${total}"]`).waitFor().catch(() => {});
        assert.equal(await page.locator('html').getAttribute('data-total'), String(total));
        const written = await page.locator('html').getAttribute('data-written');
        const shown = await page.locator('counterfoil-savings').locator(due === total ? '.total dd' : '[part~="due"] dd').innerText();
        assert.equal(shown.trim(), written.trim());

        // the order
        if (cut === 'during') {
          const lose = async (route) => {
            await route.fetch();
            await route.abort('connectionreset');
          };
          await page.route('**/till/order', lose, { times: 1 });
        }
        await press(page.locator('#order'));
        if (cut) {
          await says(unreached, 'without a network');
          await context.setOffline(false);
          await press(page.locator('#order'));
        }
      }
      await says(placed);
      if (!isClaim) assert.equal(await page.locator('html').getAttribute('data-charged'), String(total), 'the shop charges what was shown');

      // the ledger
      for (const [campaign, count] of Object.entries(uses)) await becomes(() => usesOf(campaign), count, campaign);
      if (account) await becomes(() => available(account), account.after, account.id);
      if (refused) await assertRefusedAgain(journey);

      // and back
      await press(page.locator('#back'));
      await says(words('Sent back', 'تم الإرجاع'));
      for (const campaign of Object.keys(uses)) await becomes(() => usesOf(campaign), 0, campaign);
      if (account) {
        await becomes(() => available(account), account.has ?? 0, account.id);
        assert.equal(await page.locator('counterfoil-points-card').evaluate((card) => card.isConnected && !card.hidden), true);
      }
      assert.deepEqual(complaints, []);
    });
  }

  /** A second order finds the limit reached. */
  async function assertRefusedAgain({ request, does, programme }) {
    const codes = does.filter(([doing]) => doing === 'code').map(([, code]) => code);
    const body = { request: { ...request, codes }, customer: request.customer.id, confirm: true };
    const answer = await shop.post('/redemptions', body, { key: `again/${programme}` });
    assert.equal(answer.status, 409);
    assert.equal((await answer.json()).code, 'uses_limit_reached');
  }

  test('the tables hold what they must', () => {
    const all = [...journeys, ...shopJourneys];
    const many = (which, table = all) => table.filter(which).length;
    const programmes = (table) => new Set(table.map(({ programme }) => programme)).size;
    const fallen = shopJourneys.filter(({ cut }) => cut);
    assert.ok(programmes(all) >= 15 && programmes(shopJourneys) >= 8);
    assert.ok(many(({ keyboard }) => keyboard) >= 5 && many(({ keyboard }) => keyboard, shopJourneys) >= 2);
    assert.ok(many(({ cut }) => cut) >= 3 && fallen.length >= 1);
    for (const [member, values] of [['device', ['phone', 'desktop']], ['lang', ['en', 'ar']]]) {
      for (const value of values) {
        assert.ok(many((journey) => journey[member] === value) >= 5, value);
        assert.ok(many((journey) => journey[member] === value, shopJourneys) >= 3, value);
      }
    }
  });
});
