// When the first total of the demo shop stands, with Chromium's processor slowed down as a phone's: beside `budgets.json`.
//   cargo xtask pkg && node bench/first_quote.mjs [runs] [4,6]
import { readFile } from 'node:fs/promises';
import { firstVisit } from '../tests/js/first_visit.mjs';
import { launch } from '../tests/js/hosts/chromium.mjs';
import { openStorefront } from '../tests/js/open_storefront.mjs';

const runs = Number(process.argv[2] ?? 7);
const rates = (process.argv[3] ?? '1,4,6').split(',').map(Number);
const { storefront: budgets } = JSON.parse(await readFile(new URL('../budgets.json', import.meta.url), 'utf8'));

const worker = await openStorefront();
const browser = await launch();
try {
  console.log(`${runs} first visits each, with empty caches; ms, the least and the median of them`);
  console.log('          processor time   until the first total stands');
  console.log('slower   least  median     least  median     aim     max');
  for (const rate of rates) {
    const [worked, stood] = [[], []];
    for (let run = 0; run < runs; run += 1) {
      const visit = await firstVisit(browser, worker.url, { viewport: { width: 390, height: 844 }, slower: rate });
      worked.push(Math.round(visit.worked));
      stood.push(Math.round(visit.firstQuote));
      await visit.close();
    }
    const [least, ...rest] = [worked, stood].flatMap((times) => {
      times.sort((one, other) => one - other);
      return [times[0], times[Math.floor(runs / 2)]];
    });
    const { aim = '', max } = budgets[`first quote ${rate}x`] ?? {};
    console.log([`${rate}x`.padStart(6), ...[least, ...rest, aim, max ?? ''].map((value) => String(value).padStart(8))].join(''));
    if (max !== undefined && least > max) {
      console.log(`        ${least} ms is above ${max} ms`);
      process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  await worker.stop();
}
