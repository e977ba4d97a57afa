// The demo shop as `cargo xtask demo` serves it: offers signed by the command line, prices worked out in Chromium.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch } from './hosts/chromium.mjs';
import { ADMIN_TOKEN, localWorker } from './local_worker.mjs';
import { counterfoil, newPublisher } from './publisher.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const www = join(root, 'www');

let dir;
let worker;
let browser;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-storefront-'));
  const assets = join(dir, 'dist');
  await run('npx', ['--no-install', 'vite', 'build', '--outDir', assets, '--emptyOutDir'], { cwd: www });
  const publisher = await newPublisher(dir);
  worker = await localWorker({ keyRing: publisher.keyRing, assets, stateDir: join(dir, 'state') });
  const signing = ['--key', publisher.keyFile, '--key-ring', publisher.keyRingFile];
  await counterfoil('publish', '--campaigns', join(root, 'examples/storefront.json'), ...signing, '--to', worker.url, '--token', ADMIN_TOKEN);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

test('the source of the shop fits the types of the package', async () => {
  await run('npx', ['--no-install', 'tsc', '--noEmit'], { cwd: www }).catch(({ stdout }) => assert.fail(stdout));
});

describe('a shopper', () => {
  let page;
  let asked;

  beforeEach(async (t) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    t.after(() => context.close());
    page = await context.newPage();
    page.on('pageerror', (error) => assert.fail(error));
    await page.goto(worker.url);
    await ready();
    asked = [];
    page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  });

  const ready = () => page.locator('html[data-ready]').waitFor();
  const add = (name) => page.getByRole('button', { name: `Add ${name} to the basket` }).click();
  const one = (name, step) => page.getByRole('complementary').getByRole('button', { name: `One ${name} ${step}` }).click();
  const enter = async (code) => {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.keyboard.press('Enter');
  };
  const totalIs = async (wanted) => {
    const total = page.locator('counterfoil-savings').locator('.total dd');
    await total.filter({ hasText: wanted }).waitFor({ timeout: 5_000 }).catch(() => {});
    assert.equal(await total.innerText(), wanted);
  };

  test('sees every change of the basket priced, and nobody is asked', async () => {
    await add('Harbour Breakfast');
    await totalIs('€17.40');
    await one('Harbour Breakfast', 'more');
    await totalIs('€29.90');
    await one('Harbour Breakfast', 'more');
    await totalIs('€29.90');
    await page.getByRole('radio', { name: /Mira/ }).check({ force: true });
    await add('Lighthouse espresso');
    await enter('welcome10');
    await totalIs('€38.11');
    await one('Harbour Breakfast', 'less');
    await totalIs('€41.80');
    // The page draws its pictures itself and shows them from its own memory.
    assert.deepEqual(
      asked.filter((request) => !request.startsWith('GET blob:')),
      [],
    );
  });

  test('hears why a code does not apply, and takes the step that a hint suggests', async () => {
    await add('Harbour Breakfast');
    await one('Harbour Breakfast', 'more');
    await enter('welcome10');
    const field = page.locator('counterfoil-code-field');
    await field.getByText('It depends on your account: sign in first.').first().waitFor();
    await page.locator('counterfoil-progress').getByRole('button', { name: 'Add 1: 1 more of Harbour Breakfast', exact: false }).first().click();
    await totalIs('€29.90');
    await field.getByRole('button', { name: 'Remove the code WELCOME10' }).click();
    await field.getByRole('listitem').waitFor({ state: 'detached' });
  });

  test('is told how every amount came about, and what goes on behind the prices', async () => {
    await add('Harbour Breakfast');
    await one('Harbour Breakfast', 'more');
    await one('Harbour Breakfast', 'more');
    await page.getByRole('button', { name: 'Why these amounts?' }).click();
    const why = page.getByRole('dialog');
    await why.getByText('Three teas for two').first().waitFor();
    await why.getByText('100 % of €12.50 is 1250 minor units, half up: €12.50').waitFor();
    // the engine that tells is fetched once, when somebody asks
    const wasm = asked.filter((request) => request.includes('workshop_bg'));
    assert.equal(wasm.length, 1, asked.join());
    await page.keyboard.press('Escape');
    await why.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'The works', exact: true }).click();
    const works = page.getByRole('region', { name: 'Behind the prices' });
    await works.getByText('This basket took').waitFor();
    assert.match(await works.innerText(), /version \d+/);
    await page.reload();
    await ready();
    await works.getByText('This basket took').waitFor();
  });

  test('shops by keyboard alone on a phone, down to the check-out', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const press = async (locator, key = 'Enter') => {
      await locator.focus();
      await page.keyboard.press(key);
    };
    await press(page.getByRole('button', { name: 'Add Harbour Breakfast to the basket' }));
    await press(page.getByRole('link', { name: /^1 piece/ }));
    await press(page.getByRole('button', { name: 'One Harbour Breakfast more' }), 'Space');
    await totalIs('€29.90');
    await press(page.locator('counterfoil-progress').getByRole('button', { name: /^Add 1: / }).first());
    await totalIs('€29.90');
    await page.getByLabel('Code', { exact: true }).focus();
    await page.keyboard.type('quayside5');
    await page.keyboard.press('Enter');
    await totalIs('€24.90');
    await press(page.getByRole('button', { name: 'Why these amounts?' }));
    await page.getByRole('dialog').getByText('Quayside card').first().waitFor();
    await page.keyboard.press('Escape');
    await press(page.getByRole('link', { name: /^Check out/ }));
    await press(page.getByRole('button', { name: /Place the order/ }));
    await page.getByRole('main').getByText('The two halves match, to the cent.').waitFor();
  });

  test('shops on with the network cut, after a reload too', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    await page.reload();
    await ready();
    await add('Harbour Breakfast');
    await totalIs('€17.40');
    await one('Harbour Breakfast', 'more');
    await totalIs('€29.90');
    await page.reload();
    await ready();
    await totalIs('€29.90');
  });

  test('is charged by the shop what the page showed', async () => {
    await add('Harbour Breakfast');
    await add('Jasmine pearls');
    await page.goto(`${worker.url}/?view=checkout`);
    await ready();
    await page.getByRole('button', { name: /Place the order/ }).click();
    await page.getByRole('main').getByText('The two halves match, to the cent.').waitFor();
  });
});
