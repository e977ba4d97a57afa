// What axe finds on a page, light and dark.
import { createRequire } from 'node:module';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The rules whose answer depends on colours. */
const COLOURED = ['color-contrast', 'link-in-text-block'];

/**
 * Looks at a page in both schemes. They differ in colours alone, so the second look is at what depends on colours.
 * @param page one that was opened with `bypassCSP`: its own policy forbids foreign scripts
 */
export async function inBothSchemes(page, look = () => {}) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: axe });
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await look(colorScheme);
    const options = { resultTypes: ['violations'], ...(colorScheme === 'dark' && { runOnly: { type: 'rule', values: COLOURED } }) };
    const { violations } = await page.evaluate((given) => globalThis.axe.run(globalThis.document, given), options);
    found.push(...violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join('; ')}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}
