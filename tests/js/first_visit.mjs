// The first visit to the shop with something in the basket: what it asks for, and when its first total stands.

/**
 * @param browser of playwright
 * @param {string} url of a worker that serves the shop
 * @param {object} [settings] of the page, and `slower`: by how much Chromium slows its processor down
 */
export async function firstVisit(browser, url, { slower = 1, ...options } = {}) {
  const context = await browser.newContext({ serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  const asked = [];
  page.on('response', (response) => response.url().startsWith('http') && asked.push(response));
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.addInitScript(() => {
    const basket = { choices: [{ product: 'harbour-breakfast', colour: 'vermilion', quantity: 2 }], codes: [], shopper: 'guest', delivery: 'standard' };
    localStorage.setItem('tern-and-kettle/basket', JSON.stringify(basket));
  });
  await page.goto(`${url}/?view=cart`);
  await page.locator('html[data-ready]').waitFor();
  const { metrics } = await devtools.send('Performance.getMetrics');
  const firstQuote = await page.evaluate(() => performance.getEntriesByName('first-quote')[0].startTime);
  // of the page's main thread, in seconds; a slowed processor is one that turns idle rounds, which count
  const { value: worked } = metrics.find(({ name }) => name === 'ThreadTime');
  return { asked, firstQuote, worked: worked * 1000, close: () => context.close() };
}
