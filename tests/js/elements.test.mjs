// The elements as shops use them: in a plain page and in apps of three frameworks, in Chromium.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build as bundled } from 'esbuild';
import { compile, Engine, keygen, sign } from 'counterfoil/workshop';
import jsQR from 'jsqr';
import { compile as compileSvelte } from 'svelte/compiler';
import { build } from 'vite';
import { reader } from './elements/files.mjs';
import { launch, openPage, serve } from './hosts/chromium.mjs';
import { eventually } from './local_worker.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const root = here('../../');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const languages = ['ar', 'de', 'en', 'pl', 'ro', 'tr'];

/** A module of the elements by itself. */
async function part(name) {
  const { outputFiles } = await bundled({
    entryPoints: [join(root, `src/wasm/ts/elements/${name}.ts`)],
    bundle: true,
    format: 'esm',
    write: false,
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

describe('catalogues', () => {
  const textsOf = (message) => (typeof message === 'string' ? [message] : Object.entries(message).flatMap(([key, text]) => (key === 'by' ? [] : [text])));
  const placeholders = (text) => [...text.matchAll(/\{(\w+(?::\w+)?)\}/g)].map(([, name]) => name).sort();

  for (const language of languages) {
    test(`${language} says everything, with the values that English has`, async () => {
      const [{ default: messages }, { default: english }] = await Promise.all([part(`messages.${language}`), part('messages.en')]);
      assert.deepEqual(Object.keys(messages), Object.keys(english));
      // after a number, Turkish has one form
      const { pluralCategories } = language === 'tr' ? { pluralCategories: ['other'] } : new Intl.PluralRules(language).resolvedOptions();
      for (const [key, message] of Object.entries(messages)) {
        const wanted = new Set(textsOf(english[key]).flatMap(placeholders));
        for (const text of textsOf(message)) {
          // a count that a word tells, and a sentence for none, need no number
          for (const name of placeholders(text)) assert.ok(wanted.has(name), `${key}: {${name}} is no value of it`);
        }
        const all = new Set(textsOf(message).flatMap(placeholders));
        assert.deepEqual([...wanted].filter((name) => !all.has(name)), [], `${key} leaves out a value`);
        if (typeof message !== 'string') assert.deepEqual(pluralCategories.filter((rule) => !(rule in message)), [], `${key} has no form for`);
      }
    });
  }

  test('steps are written as they stand within a sentence', async () => {
    for (const language of languages) {
      const { default: messages } = await part(`messages.${language}`);
      const steps = Object.entries(messages).filter(([key]) => key.startsWith('step_') && !key.startsWith('step_do'));
      assert.equal(steps.length, 15, language);
      const capital = steps.flatMap(([, message]) => textsOf(message)).filter((text) => /^\p{Lu}/u.test(text));
      assert.deepEqual(capital, [], language);
    }
  });

  test('every message is said somewhere', async () => {
    const folder = join(root, 'src/wasm/ts/elements');
    const sources = (await readdir(folder)).filter((name) => !name.startsWith('messages.'));
    const code = (await Promise.all(sources.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
    const { default: english } = await part('messages.en');
    const unsaid = Object.keys(english).filter((key) => !key.startsWith('step_') && !code.includes(`'${key}'`));
    assert.deepEqual(unsaid, []);
  });
});

test('every reason of the engine is told in the words of a catalogue', async () => {
  const told = await readFile(join(root, 'src/wasm/ts/elements/reasons.ts'), 'utf8');
  const reference = await readFile(join(root, 'docs/codes.md'), 'utf8');
  const { default: english } = await part('messages.en');
  const all = [...reference.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  // steps of hints have texts of their own; payments are not shown by an element
  const ofPayments = [...(await readFile(join(root, 'src/payment/mod.rs'), 'utf8')).matchAll(/^ {4}[A-Z_]+ "(\w+)"/gm)].map(([, code]) => code);
  const codes = all.filter((code) => !(`step_${code}` in english) && !ofPayments.includes(code));
  assert.ok(codes.length > 40, `only ${codes.length} reasons were found`);
  assert.deepEqual(codes.filter((code) => !told.includes(`  ${code}: '`)), []);
});

test('amounts have the decimals that the engine gives their currency, to the last digit', async () => {
  const { decimalsOf, money } = await part('amounts');
  const source = await readFile(join(root, 'src/money/currency.rs'), 'utf8');
  const body = source.slice(source.indexOf('pub fn exponent'), source.indexOf('_ => 2'));
  let listed = 0;
  for (const [, codes, decimals] of body.matchAll(/((?:b"[A-Z]{3}"[\s|]*)+)=> (\d)/g)) {
    for (const [code] of codes.matchAll(/[A-Z]{3}/g)) {
      assert.equal(decimalsOf(code), Number(decimals), code);
      listed += 1;
    }
  }
  assert.ok(listed > 20);
  assert.equal(decimalsOf('EUR'), 2);
  assert.equal(money(9_007_199_254_740_991, 'EUR', 'en'), '€90,071,992,547,409.91');
  assert.equal(money(-5, 'EUR', 'en'), '-€0.05');
  assert.equal(money(1250, 'JPY', 'en'), '¥1,250');
  assert.equal(money(1250, 'IQD', 'en').replace(/\s/, ' '), 'IQD 1.250');
  assert.equal(money(1250, 'EUR', 'de').replace(/\s/, ' '), '12,50 €');
});

test('a slip in a generated code is noticed, another code is not judged', async () => {
  const { cleaned, isMistyped } = await part('check_symbol');
  const pattern = 'TEA-####-####-####-*';
  for (const right of ['TEA-0123-4567-89AZ-P', 'tea 0123 4567 89az p', 'TEA-O123-4567-89AZ-P']) assert.equal(isMistyped(pattern, right), false, right);
  for (const wrong of ['TEA-0132-4567-89AZ-P', 'TEA-0123-4561-89AZ-P', 'TEA-0123-4567-89UZ-P']) assert.equal(isMistyped(pattern, wrong), true, wrong);
  for (const other of ['WELCOME10', 'OIL-0123-4567-89AZ-P', 'TEA-0123-4567-89AZ', '']) assert.equal(isMistyped(pattern, other), false, other);
  assert.equal(isMistyped('OIL-############', 'OIL-999999999999'), false);
  assert.equal(cleaned(' TEA-0123\u00a04567 \u200b89AZ\n'), 'TEA-0123456789AZ');
});

/** A quote of the engine whose hints have two steps each. */
async function quoteWithTwoSteps() {
  const life = { from: Date.UTC(2026, 2, 1), until: Date.UTC(2027, 2, 1) };
  const place = { audience: 'shop', environment: 'test' };
  const discounts = [{ type: 'amount_off', amount: { EUR: 300 } }];
  const both = (...all) => ({ when: { all }, discounts });
  const campaigns = [
    { id: 'in-the-app', ...both({ type: 'min_subtotal', amount: { EUR: 2000 } }, { type: 'channel', in: ['app'] }) },
    { id: 'for-members', ...both({ type: 'min_quantity', quantity: 3 }, { type: 'segment', anyOf: ['members'] }) },
  ];
  const { secretKey, publicKey } = await keygen('two-steps');
  const terms = { ...place, version: 1, issuedAt: life.from, expiresAt: life.until };
  const snapshot = await sign(await compile({ shop: { campaigns } }, life), terms, [secretKey]);
  const engine = await Engine.open(snapshot, { ...place, roles: { publisher: { threshold: 1, keys: [publicKey] } } }, { now: life.from });
  const quote = engine.quote({ currency: 'EUR', now: life.from, include: ['hints'], channel: 'web', lines: [{ id: 'tea', unitPrice: 1000, quantity: 1 }] });
  return JSON.parse(JSON.stringify(quote));
}

describe('in a page', () => {
  let browser;
  let server;
  const dist = [];

  before(async () => {
    browser = await launch();
    server = await serve(await reader());
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    for (const folder of dist) await rm(folder, { recursive: true, force: true });
  });

  /** Opens a page and ends it with the test, which fails with what the page complains of. */
  async function opened(t, url, options = {}) {
    const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', ...options });
    t.after(() => context.close());
    const { page, complaints } = await openPage({ newPage: () => context.newPage() }, url);
    page.setDefaultTimeout(30_000);
    t.after(() => assert.deepEqual(complaints, []));
    return page;
  }

  const enter = async (page, code) => {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.keyboard.press('Enter');
  };
  const seen = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
  const violations = async (page) => {
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: axe });
    const found = await page.evaluate(() => globalThis.axe.run(document));
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join('; ')}`);
  };

  test('one script line and attributes make a cart that prices itself', async (t) => {
    const page = await opened(t, server.url);
    await seen(page, '€35.40');
    await seen(page, 'for “Free shipping”');
    // two cups at 9.00 instead of 11.00
    await page.locator('counterfoil-line-savings').getByText('€18.00').waitFor();
    await page.locator('counterfoil-savings[brief]').getByText('You save €4.00').waitFor();
  });

  test('a code says why it does not apply, what would change it, and applies once it does', async (t) => {
    const page = await opened(t, server.url);
    await enter(page, ' welcome10 ');
    const field = page.locator('counterfoil-code-field');
    await field.getByText('Add goods for €15.50 and it applies.', { exact: true }).waitFor();
    await page.evaluate(() => {
      const cart = document.querySelector('counterfoil-cart');
      cart.request = { ...cart.request, lines: cart.request.lines.map((line) => (line.id === 'tea' ? { ...line, quantity: 4 } : line)) };
    });
    await field.getByText('−€6.80').waitFor();
    await enter(page, 'nothing');
    await field.getByText('This code is not accepted.').first().waitFor();
    await field.getByRole('status').filter({ hasText: 'Code NOTHING does not apply.' }).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Remove the code WELCOME10' }).click();
    await page.getByRole('button', { name: 'Remove the code WELCOME10' }).waitFor({ state: 'detached' });
  });

  test('a pasted code loses its spaces, and a slip of the finger is told before anybody is asked', async (t) => {
    const page = await opened(t, server.url);
    const field = page.locator('counterfoil-code-field');
    await field.locator('input').evaluate((input) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', ' TEA-0123 4567-89AZ P ');
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    assert.equal(await field.locator('input').inputValue(), 'TEA-0123456789AZP'.replace('0123456789AZP', '01234567-89AZP'));
    await field.getByText('Spaces in the code were removed.').waitFor();
    await enter(page, 'TEA-0132-4567-89AZ-P');
    await field.getByText('A character of this code seems wrong.').waitFor();
    assert.deepEqual(await page.evaluate(() => document.querySelector('counterfoil-cart').request.codes), undefined);
    await page.keyboard.press('Enter');
    await field.getByText('This code is not accepted.').first().waitFor();
  });

  test('a gift is accepted, taken out for another and declined, by keyboard alone', async (t) => {
    const page = await opened(t, server.url);
    const picker = page.locator('counterfoil-gift-picker');
    const press = async (name) => {
      await picker.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
    };
    await press('Accept: Tea spoon');
    await picker.getByText('In your cart').waitFor();
    await seen(page, '€35.40');
    await press('Take out: Tea spoon');
    await press('Accept: Tea towel');
    await picker.getByRole('button', { name: 'Take out: Tea towel' }).waitFor();
    assert.equal(await picker.getByText('In your cart').count(), 1);
    await press('No, thank you');
    await picker.getByText('Declined').waitFor();
    assert.deepEqual(await page.evaluate(() => document.querySelector('counterfoil-cart').request.lines.map(({ id }) => id)), ['cup', 'tea']);
  });

  test('a reward is exchanged only after a second question', async (t) => {
    const page = await opened(t, server.url);
    const rewards = page.locator('counterfoil-rewards');
    await page.evaluate(() => {
      globalThis.claimed = [];
      addEventListener('counterfoil-claim-reward', ({ detail }) => globalThis.claimed.push(detail.id));
    });
    await rewards.getByRole('button', { name: 'Exchange: Harbour mug' }).click();
    await rewards.getByText('Exchange 900 points for “Harbour mug”?').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await rewards.getByRole('button', { name: 'Exchange: Harbour mug' }).click();
    assert.deepEqual(await page.evaluate(() => globalThis.claimed), []);
    await rewards.getByRole('button', { name: 'Yes, exchange' }).press('Enter');
    assert.deepEqual(await page.evaluate(() => globalThis.claimed), ['mug']);
    await rewards.getByText('2,760 points short').waitFor();
    await rewards.getByText('All gone').waitFor();
  });

  test('the QR code of a referral reads as its link', async (t) => {
    const page = await opened(t, server.url, { deviceScaleFactor: 3 });
    const square = page.locator('counterfoil-referral-card').getByRole('img', { name: 'QR code of your link' });
    const png = (await square.screenshot()).toString('base64');
    const { data, width, height } = await page.evaluate(async (source) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const { width, height } = image;
      // the quiet zone is the frame around the picture
      const canvas = new OffscreenCanvas(width + 80, height + 80);
      const context = canvas.getContext('2d');
      context.fillStyle = '#fff';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 40, 40);
      return { data: [...context.getImageData(0, 0, canvas.width, canvas.height).data], width: canvas.width, height: canvas.height };
    }, png);
    assert.equal(jsQR(Uint8ClampedArray.from(data), width, height)?.data, 'https://kettle.example/?friend=K7Q2M9XK');
  });

  for (const [language, text] of Object.entries({
    de: 'Sie sparen 4,00 €',
    tr: '4,00 kazandınız',
    ro: 'Economisiți 4,00 EUR',
    pl: 'Oszczędzasz 4,00 €',
    ar: 'توفّر',
  })) {
    test(`the page speaks ${language} once it says so`, async (t) => {
      const page = await opened(t, server.url);
      await page.evaluate((lang) => (document.documentElement.lang = lang), language);
      const brief = page.locator('counterfoil-savings[brief]');
      const wanted = text.replaceAll(/\s/g, ' ');
      await page.waitForFunction(
        (part) => document.querySelector('counterfoil-savings[brief]').shadowRoot.textContent.replaceAll(/\s/g, ' ').includes(part),
        wanted,
      ).catch(async () => assert.fail(`${wanted} is not in ${await brief.innerText()}`));
      assert.equal(await brief.evaluate((element) => getComputedStyle(element).direction), language === 'ar' ? 'rtl' : 'ltr');
      // one element fetches the words, the others are drawn anew a moment later
      await eventually(async () => {
        // what came off is less than nothing for a bidirectional reader too
        const off = await page.locator('counterfoil-savings').first().locator('[part~=saving] dd').first().textContent();
        assert.equal(off.replaceAll(/[^\d.,−]/g, ''), language === 'ar' ? '−4.00' : '−4,00');
        const english = Object.values((await part('messages.en')).default).filter((message) => typeof message === 'string' && message.length > 12);
        const shown = await page.evaluate(() => [...document.querySelectorAll('*')].map((element) => element.shadowRoot?.textContent ?? '').join('\n'));
        assert.deepEqual(english.filter((message) => shown.includes(message)), []);
      });
      assert.deepEqual(await violations(page), []);
    });
  }

  test('two steps of a hint are one sentence in every language', async (t) => {
    const page = await opened(t, server.url);
    await page.evaluate(async (quote) => {
      const element = document.createElement('counterfoil-progress');
      element.id = 'two-steps';
      element.names = { 'in-the-app': 'Tea time', 'for-members': 'Members first', app: 'App', tea: 'Assam' };
      element.quote = quote;
      document.querySelector('main, body').append(element);
    }, await quoteWithTwoSteps());
    const sentences = {
      en: ['Spend €10.00 more and choose App for “Tea time”', 'Sign in and add 2 more of Assam for “Members first”'],
      de: ['Für „Tea time“: noch 10,00 € ausgeben und App wählen', 'Für „Members first“: anmelden und noch 2 × Assam dazulegen'],
      tr: ['“Tea time” için: €10,00 daha harcayın ve App seçin', '“Members first” için: oturum açın ve 2 adet daha Assam ekleyin'],
      ro: ['Mai cheltuiți 10,00 EUR și alegeți App pentru „Tea time”', 'Autentificați-vă și adăugați încă 2 × Assam pentru „Members first”'],
      pl: ['Aby otrzymać „Tea time”: wydaj jeszcze 10,00 € i wybierz: App', 'Aby otrzymać „Members first”: zaloguj się i dodaj jeszcze 2 × Assam'],
      ar: ['أضف سلعًا بقيمة 10.00 € واختر App للحصول على «Tea time»', 'سجّل الدخول وأضف 2 من Assam للحصول على «Members first»'],
    };
    for (const [language, wanted] of Object.entries(sentences)) {
      await page.evaluate((lang) => (document.documentElement.lang = lang), language);
      await eventually(async () => {
        const shown = await page.locator('#two-steps [part~=goal]').evaluateAll((goals) =>
          goals.map((goal) => [...goal.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data).join('')),
        );
        assert.deepEqual(shown.map((text) => text.replaceAll(/[\u2066-\u2069\u200e\u200f\u061c]/g, '').replaceAll(/\s+/g, ' ').trim()), wanted);
      });
      if (process.env.SCREENSHOTS) await page.locator('#two-steps').screenshot({ path: `${process.env.SCREENSHOTS}/two-steps-${language}.png` });
    }
  });

  test('a name that the shop put together of parts reads from the right within an Arabic sentence', async (t) => {
    const page = await opened(t, server.url);
    await page.evaluate(async (quote) => {
      document.documentElement.lang = 'ar';
      const element = document.createElement('counterfoil-progress');
      element.id = 'in-parts';
      element.names = { tea: '\u2068Assam\u2069، \u2068blue\u2069' };
      element.quote = quote;
      document.querySelector('main, body').append(element);
    }, await quoteWithTwoSteps());
    await page.locator('#in-parts').getByText('Assam').waitFor();
    const [name, colour] = await page.locator('#in-parts').evaluate((element) => {
      const texts = document.createTreeWalker(element.shadowRoot, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const { data } = texts.currentNode;
        if (!data.includes('Assam')) continue;
        return ['Assam', 'blue'].map((part) => {
          const range = document.createRange();
          range.setStart(texts.currentNode, data.indexOf(part));
          range.setEnd(texts.currentNode, data.indexOf(part) + part.length);
          return range.getBoundingClientRect().left;
        });
      }
      return [];
    });
    assert.ok(name > colour, `${name} is not to the right of ${colour}`);
  });

  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries({ phone: { width: 320, height: 700 }, desktop: { width: 1280, height: 900 } })) {
      test(`axe finds nothing on a ${size}, ${colorScheme}; nothing is wider than the screen`, async (t) => {
        const page = await opened(t, server.url, { colorScheme, viewport });
        await enter(page, 'WELCOME10');
        await page.getByText('Add goods for €15.50').first().waitFor();
        await page.locator('counterfoil-rewards').getByRole('button', { name: 'Exchange: Harbour mug' }).click();
        assert.deepEqual(await violations(page), []);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
        if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/elements-${size}-${colorScheme}.png`, fullPage: true });
      });
    }
  }

  /** Svelte's own compiler is all that its files need. */
  const svelte = {
    name: 'svelte',
    transform: (code, id) => (id.endsWith('.svelte') ? { code: compileSvelte(code, { filename: id, generate: 'client' }).js.code } : undefined),
  };

  for (const framework of ['react', 'vue', 'svelte']) {
    test(`an app in ${framework} passes quotes in and hears of codes`, { timeout: 120_000 }, async (t) => {
      const outDir = await mkdtemp(join(tmpdir(), `counterfoil-${framework}-`));
      dist.push(outDir);
      await build({
        root: here(`elements/${framework}`),
        configFile: false,
        logLevel: 'error',
        plugins: [svelte],
        resolve: { alias: { vue: 'vue/dist/vue.esm-bundler.js' }, conditions: ['browser', 'module', 'import', 'default'] },
        define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
        build: { target: 'es2022', outDir, emptyOutDir: true },
      });
      const read = await reader(outDir);
      const app = await serve((name) => read(name || 'index.html'));
      t.after(() => app.stop());
      const page = await opened(t, app.url);
      await seen(page, '€54.00');
      await enter(page, 'welcome10');
      await page.locator('counterfoil-code-field').getByText('−€5.40').waitFor();
      await seen(page, '€48.60');
      await page.getByRole('button', { name: 'Remove the code WELCOME10' }).click();
      await page.locator('counterfoil-savings').getByText('€48.60').waitFor({ state: 'detached' });
      await seen(page, '€54.00');
    });
  }
});
