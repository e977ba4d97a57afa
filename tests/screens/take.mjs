// Takes every page as it is seen now, and lays the pictures beside those that are kept.
//   node take.mjs [--keep] [NAME…]
// Names, or beginnings of names, choose some of them. `--keep` makes them the kept ones: do so once you have looked at each.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { visit } from '../../www/views.mjs';
import { launch } from '../js/hosts/chromium.mjs';
import { ADMIN_TOKEN } from '../js/local_worker.mjs';
import { differing, smaller } from './compare.mjs';
import { MOMENT, pages, pictures, SCREENS } from './pages.mjs';
import { besides, index } from './show.mjs';
import { openAll } from './shop.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const kept = join(here, 'pictures');
const taken = join(root, process.env.CARGO_TARGET_DIR ?? 'target', 'screens');

/** How many are taken beside each other. */
const BESIDE = 2;
/** What a page may differ by without being listed: the orders' own ids, codes and days are in it. */
const SAME = 0.004;

const names = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const keeps = process.argv.includes('--keep');
const wanted = pictures.filter(({ name }) => names.length === 0 || names.some((begin) => name.startsWith(begin)));

/** Runs in a page before its own scripts: moments are told as they would have been then. */
function moveMoments(moment) {
  const by = Date.now() - moment;
  const { DateTimeFormat } = Intl;
  for (const method of ['format', 'formatToParts']) {
    const { get, value } = Object.getOwnPropertyDescriptor(DateTimeFormat.prototype, method);
    const moved = (format) => (at) => format(new Date((at === undefined ? Date.now() : Number(at)) - by));
    const property = get
      ? { get() { return moved(get.call(this)); } }
      : { value(at) { return moved((date) => value.call(this, date))(at); } };
    Object.defineProperty(DateTimeFormat.prototype, method, { ...property, configurable: true });
  }
  const told = (options) => function (locales, more) {
    return new DateTimeFormat(locales, { ...options, ...more }).format(this);
  };
  Date.prototype.toLocaleDateString = told({});
  Date.prototype.toLocaleString = told({ dateStyle: 'short', timeStyle: 'short' });
}

async function visitDesk(browser, url, { at, shown, clock, act }, options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', locale: 'en-GB', timezoneId: 'Europe/Dublin', ...options });
  const page = await context.newPage();
  if (clock === 'fixed') await page.clock.setFixedTime(MOMENT);
  else await page.addInitScript(moveMoments, MOMENT);
  await page.goto(new URL(`/console.html${at ? `#/${at}` : ''}`, url).href);
  if (at) {
    await page.getByLabel('Token').fill(ADMIN_TOKEN);
    await page.getByLabel('Your name').fill('Mira');
    await page.keyboard.press('Enter');
    await page.locator('nav[aria-label="Console"]').waitFor();
    await page.locator('.console-busy[hidden]').waitFor({ state: 'attached' });
  }
  await page.locator('main').getByText(shown, { exact: false }).first().waitFor();
  await act?.(page);
  return page;
}

async function visitTry(browser, url, options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', locale: 'en-GB', timezoneId: 'Europe/Dublin', ...options });
  const page = await context.newPage();
  await page.clock.setFixedTime(MOMENT);
  await page.goto(new URL('/try.html', url).href);
  await page.locator('#result').getByText('Each unit').first().waitFor();
  return page;
}

/** One picture, as WebP. */
async function take(browser, urls, { of, view, desk, language = 'en', screen, scheme, whole }) {
  const options = { viewport: SCREENS[screen], colorScheme: scheme };
  const shown = { ...options, locale: language, timezoneId: 'Europe/Dublin', prepare: (page) => page.addInitScript(moveMoments, MOMENT) };
  const page = await { shop: () => visit(browser, urls.shop, view, shown), console: () => visitDesk(browser, urls.console, desk, options), try: () => visitTry(browser, urls.try, options) }[of]();
  await page.evaluate(async () => {
    // what stands on the screen is the page, not somebody typing; and pictures that come when they are near do come
    document.activeElement?.blur();
    await document.fonts.ready;
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  });
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  const picture = await page.screenshot({ fullPage: whole, animations: 'disabled' });
  await page.context().close();
  return picture;
}

await mkdir(taken, { recursive: true });
await mkdir(kept, { recursive: true });
const browser = await launch();
const urls = await openAll();
const differences = [];
const failures = [];
try {
  const waiting = [...wanted];
  const work = async () => {
    const sheet = await browser.newPage();
    for (let picture = waiting.shift(); picture; picture = waiting.shift()) {
      try {
        const bytes = await smaller(sheet, await take(browser, urls, picture));
        await writeFile(join(taken, `${picture.name}.webp`), bytes);
        const before = await readFile(join(kept, `${picture.name}.webp`)).catch(() => undefined);
        const share = before ? await differing(sheet, before, bytes) : 1;
        if (share > SAME) differences.push({ name: picture.name, share, isNew: !before });
        console.log(`${picture.name}  ${Math.round(bytes.length / 1024)} kB${share > SAME ? (before ? `  differs in ${(share * 100).toFixed(1)} %` : '  new') : ''}`);
      } catch (error) {
        failures.push(`${picture.name}: ${error.message.split('\n')[0]}`);
      }
    }
  };
  await Promise.all(Array.from({ length: BESIDE }, work));
} finally {
  await browser.close();
  await urls.stop();
}

if (keeps) {
  for (const { name } of wanted) await writeFile(join(kept, `${name}.webp`), await readFile(join(taken, `${name}.webp`)));
  const all = pictures.map(({ name }) => name);
  for (const file of await readdir(kept)) if (!all.includes(file.replace('.webp', ''))) await rm(join(kept, file));
  const www = execFileSync('git', ['rev-parse', '--short', 'HEAD:www'], { cwd: root, encoding: 'utf8' }).trim();
  const day = new Date().toISOString().slice(0, 10);
  const before = JSON.parse(await readFile(join(here, 'looked.json'), 'utf8').catch(() => '{}'));
  const now = Object.fromEntries(wanted.map(({ name }) => [name, { day, www }]));
  const looked = Object.fromEntries(all.map((name) => [name, now[name] ?? before[name]]));
  await writeFile(join(here, 'looked.json'), `${JSON.stringify(looked, undefined, 1)}\n`);
  await writeFile(join(here, 'README.md'), index(pages, looked));
  console.log(`\nkept in ${kept}, shown in ${join(here, 'README.md')}`);
} else {
  differences.sort((one, other) => other.share - one.share);
  const sheet = join(taken, 'index.html');
  await writeFile(sheet, besides(differences, { kept, taken }));
  console.log(differences.length === 0 ? '\nas they are kept' : `\n${differences.length} differ, side by side in ${sheet}`);
}
if (failures.length > 0) {
  console.error(failures.join('\n'));
  process.exitCode = 3;
}
