// What is looked at: every page that people see, and on which screens. A picture is named `<page>-<screen>-<scheme>`.
import { views } from '../../www/views.mjs';

export const SCREENS = { desk: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };
export const SCHEMES = ['light', 'dark'];

/** What pages take for now, so that pictures of two days are alike. */
export const MOMENT = Date.parse('2026-03-02T09:30:00Z');

const everywhere = Object.keys(SCREENS).flatMap((screen) => SCHEMES.map((scheme) => ({ screen, scheme })));
const fromRightToLeft = [{ screen: 'desk', scheme: 'light' }, { screen: 'phone', scheme: 'dark' }];

/** Before anything is ordered; the view of that name has the order placed. */
const checkout = { ...views.checkout, act: undefined };
/** Pages of the shop that are shown as views for other purposes: the first screen once more, with less in the basket, and its end. */
export const NOT_SHOWN = ['catalogue-empty', 'footer'];
const { checkout: ordered, ...others } = Object.fromEntries(Object.entries(views).filter(([name]) => !NOT_SHOWN.includes(name)));
const shop = { ...others, checkout, ordered };

/** What is done there is named by the page's own marks, as its words are others. */
const arabic = {
  catalogue: views.catalogue,
  product: views.product,
  basket: views.basket,
  checkout,
  club: { ...views.club, act: undefined },
  orders: {
    ...views.orders,
    act: async (page) => {
      await page.locator('[data-do="place"]').click();
      await page.locator('.placed a[href*="orders"]').first().click();
      await page.locator('[data-do="return"]').first().waitFor();
    },
  },
  why: {
    ...views.why,
    act: async (page) => {
      await page.locator('[data-do="why"]').click();
      await page.locator('.story h3').nth(1).waitFor();
    },
  },
};

/** Where the console is looked at: the address behind `#/`, what stands there once it is drawn, and what is done then. */
const desks = {
  campaigns: { at: 'campaigns', shown: 'welcome', clock: 'fixed' },
  calendar: { at: 'campaigns?as=calendar', shown: 'Calendar', clock: 'fixed' },
  campaign: { at: 'campaigns/coffee-ladder', shown: 'Worked out in this page', clock: 'fixed' },
  'campaign-new': { at: 'campaigns/new', shown: 'Worked out in this page', clock: 'fixed' },
  results: { at: 'results', shown: 'Orders' },
  experiments: { at: 'experiments', shown: 'ten-percent' },
  referrals: {
    at: 'referrals',
    shown: 'Who brings most friends',
    act: async (page) => {
      await page.getByLabel('Rewards for one friend', { exact: false }).fill('20.00');
      await page.getByRole('button', { name: 'Work out' }).click();
      await page.getByText('The return on the rewards is').waitFor();
    },
  },
  redemptions: { at: 'redemptions', shown: 'order-' },
  customers: { at: 'customers', shown: 'cu_' },
  audit: { at: 'audit', shown: 'Mira' },
};

/** Every page with its pictures. */
export const pages = [
  ...Object.entries(shop).map(([name, view]) => ({ name: `shop-${name}`, of: 'shop', view, on: everywhere })),
  ...Object.entries(arabic).map(([name, view]) => ({ name: `shop-${name}-arabic`, of: 'shop', view, language: 'ar', on: fromRightToLeft })),
  { name: 'console-sign-in', of: 'console', desk: { shown: 'Your name' }, on: everywhere },
  ...Object.entries(desks).map(([name, desk]) => ({ name: `console-${name}`, of: 'console', desk, on: everywhere })),
  { name: 'try', of: 'try', on: everywhere },
];

/** What lies above its page and moves with the screen: of these the screen is taken, of all others the whole page. A desk has the basket beside the shelves. */
const ABOVE = { phone: ['why', 'works'], desk: ['why', 'works', 'basket', 'codes', 'gift', 'refused'] };
const isWhole = (name, screen) => !ABOVE[screen].some((view) => name.startsWith(`shop-${view}`));

export const pictures = pages.flatMap(({ on, name, ...page }) =>
  on.map(({ screen, scheme }) => ({ ...page, name: `${name}-${screen}-${scheme}`, screen, scheme, whole: isWhole(name, screen) })),
);
