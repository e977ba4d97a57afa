// The pictures of the README: shop and console on a desk and on a phone, side by side, light and dark.
//   ADMIN_TOKEN=… node pictures.mjs [URL] [FOLDER]
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openBrowser, views, visit } from './views.mjs';

const url = process.argv[2] ?? 'http://127.0.0.1:8787/';
const folder = process.argv[3] ?? fileURLToPath(new URL('../docs/pictures', import.meta.url));

const beside = (desk, phone) => [
  { view: desk, viewport: { width: 1320, height: 860 }, x: 0, y: 0, radius: 20 },
  { view: phone, viewport: { width: 390, height: 860 }, x: 1360, y: 0, radius: 36 },
];
/** A page of the console, once somebody has signed in. */
const ofConsole = (place, stands) => async (page) => {
  await page.goto(new URL(`/console.html#/${place}`, url).href);
  await page.getByLabel('Token').fill(process.env.ADMIN_TOKEN);
  await page.getByLabel('Your name').fill('Mira');
  await page.keyboard.press('Enter');
  await page.getByText(stands, { exact: false }).first().waitFor();
  await page.waitForTimeout(1_500);
};
const pictures = {
  storefront: beside(views.basket, views.codes),
  club: beside(views.club, views.orders),
  arabic: beside({ ...views.checkout, act: undefined, language: 'ar' }, { ...views['catalogue-empty'], language: 'ar' }),
  ...(process.env.ADMIN_TOKEN && { console: beside({ console: ofConsole('campaigns/coffee-ladder', 'Worked out in this page') }, { console: ofConsole('campaigns', 'was published') }) }),
};
const size = { width: 1750, height: 860 };

const browser = await openBrowser();

const shown = async ({ view, viewport }, colorScheme) => {
  const page = view.console ? await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' }) : await visit(browser, url, view, { viewport, colorScheme, locale: view.language ?? 'en' });
  await view.console?.(page);
  // What stands on the screen is the shop, not somebody typing.
  await page.evaluate(() => document.activeElement.blur());
  const picture = await page.screenshot();
  await page.context().close();
  return `data:image/png;base64,${picture.toString('base64')}`;
};

/** Runs in a page: rounded corners, nothing behind them, as WebP. */
const compose = async ({ size, screens }) => {
  const canvas = Object.assign(document.createElement('canvas'), size);
  const context = canvas.getContext('2d');
  for (const { picture, x, y, radius } of screens) {
    const image = new Image();
    image.src = picture;
    await image.decode();
    context.save();
    context.beginPath();
    context.roundRect(x, y, image.width, image.height, radius);
    context.clip();
    context.drawImage(image, x, y);
    context.restore();
    context.strokeStyle = '#8a9a9a66';
    context.stroke();
  }
  return canvas.toDataURL('image/webp', 0.86).split(',')[1];
};

for (const [name, screens] of Object.entries(pictures)) {
  for (const colorScheme of ['light', 'dark']) {
    const taken = [];
    for (const screen of screens) taken.push({ ...screen, view: undefined, picture: await shown(screen, colorScheme) });
    const page = await browser.newPage();
    const picture = await page.evaluate(compose, { size, screens: taken });
    await page.close();
    const file = `${folder}/${name}-${colorScheme}.webp`;
    await writeFile(file, Buffer.from(picture, 'base64'));
    console.log(file);
  }
}
await browser.close();
