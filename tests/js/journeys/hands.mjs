// How a shopper does things: with a pointer, or with the keys alone.
import assert from 'node:assert/strict';

/** @param most how many Tabs may lead to something */
export function hands(page, keyboard, most = 60) {
  const isReached = (locator) =>
    locator.evaluate((wanted) => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active === wanted;
    });
  const reach = async (locator) => {
    await locator.waitFor();
    for (let tabs = 0; tabs < most; tabs += 1) {
      if (await isReached(locator)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`no Tab leads to ${locator}`);
  };
  const press = async (locator) => {
    if (!keyboard) return locator.click();
    await reach(locator);
    return page.keyboard.press('Enter');
  };
  const write = async (field, text) => {
    if (keyboard) {
      await reach(field);
      await page.keyboard.type(text);
    } else {
      await field.fill(text);
    }
  };
  return { reach, press, write };
}
