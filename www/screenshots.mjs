// Pictures of the running shop, and what axe finds on each view.
//   node screenshots.mjs [URL] [FOLDER] [VIEW…]
// SIZES and SCHEMES name some of them only: SIZES=phone SCHEMES=dark.
// URL is a storefront with its worker (snapshot, key ring, quote). Exits 3 when axe or the page's console complains.
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { openBrowser, views, visit } from './views.mjs';

const url = process.argv[2] ?? 'http://127.0.0.1:8787/';
const folder = process.argv[3] ?? 'pictures';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const wanted = process.argv.slice(4);
const shown = Object.entries(views).filter(([name]) => wanted.length === 0 || wanted.includes(name));

const sizes = { phone: { width: 390, height: 844 }, tablet: { width: 768, height: 1024 }, desktop: { width: 1440, height: 900 } };

const some = (all, names) => all.filter((name) => names === undefined || names.split(',').includes(name));

const browser = await openBrowser();
await mkdir(folder, { recursive: true });
const findings = [];

for (const size of some(Object.keys(sizes), process.env.SIZES)) {
  const viewport = sizes[size];
  for (const colorScheme of some(['light', 'dark'], process.env.SCHEMES)) {
    for (const [name, view] of shown) {
      const place = `${name}-${size}-${colorScheme}`;
      const complain = (text) => findings.push(`${place}: ${text}`);
      const deviceScaleFactor = size === 'phone' ? 2 : 1;
      const page = await visit(browser, url, view, { viewport, colorScheme, deviceScaleFactor, complain });
      await page.screenshot({ path: `${folder}/${place}.png` });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) complain(`${overflow} px wider than the screen`);
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() => globalThis.axe.run(document));
      for (const { id, help, nodes } of violations) {
        const targets = nodes.map((node) => node.target.join(' '));
        complain(`${id}: ${help}: ${targets.slice(0, 3).join('; ')}`);
      }
      await page.context().close();
    }
  }
}
await browser.close();

if (findings.length > 0) {
  console.error(findings.join('\n'));
  process.exitCode = 3;
} else {
  console.log(`${shown.length} views, ${Object.keys(sizes).length} sizes, light and dark: nothing to report. Pictures in ${folder}/`);
}
