import './styles/index.css';
import { emptyBasket, picked, quantityOf, withCode, withGift, withoutGift, withQuantity } from './basket';
import { acceptInvitation, exchange, returnUnits } from './desk';
import { feed } from './elements';
import { money } from './format';
import { type Colour, productOf, skuOf } from './goods';
import { html, show } from './html';
import { forgetInvitation, invitation, keepInvitation } from './invitation';
import { installServiceWorker, startCounting, watchConnection, watchRequests } from './network';
import { forget } from './offers';
import { cartAddress, productAddress, type Route, routeOf, titleOf } from './routes';
import { codeOf, Shop } from './shop';
import { basketView } from './views/basket';
import { footer, notice } from './views/footer';
import { header } from './views/header';
import { shelf } from './views/shelf';
import { works } from './views/works';
import { choose, say, speak } from './words';
import { isLanguage, wantedLanguage } from './words/locale';
import { refusalText } from './words/refusals';

const shop = new Shop();
const byId = (id: string) => document.getElementById(id)!;
const whyDialog = byId('why') as HTMLDialogElement;
const [head, strip, news, main, panel, foot, bar, aloud] = ['header', 'works', 'notice', 'main', 'panel', 'footer', 'bar', 'spoken'].map(byId) as [
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
];
/** Wide enough for the basket beside the shelves. */
const wide = matchMedia('(min-width: 68rem)');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The views behind the shelves, once somebody went there. */
let ofAccount: typeof import('./views/account') | undefined;
let ofProduct: typeof import('./views/product') | undefined;

async function arriving({ view }: Route): Promise<void> {
  if (view === 'product') ofProduct ??= await import('./views/product');
  else if (view !== 'shelf' && view !== 'cart') ofAccount ??= await import('./views/account');
}

function view() {
  const { route } = shop;
  switch (route.view) {
    case 'product':
      return ofProduct?.productPage(shop, route.product, route.colour) ?? html``;
    case 'checkout':
    case 'orders':
    case 'club':
      return ofAccount?.[route.view](shop) ?? html``;
    case 'cart':
      return wide.matches ? shelf(shop) : basketView(shop, 'page');
    case 'shelf':
      return shelf(shop);
  }
}

/** What the document itself says. */
function frame(): void {
  document.title = titleOf(shop.route);
  document.querySelector('.skip')!.textContent = say('skip');
  strip.setAttribute('aria-label', say('behind_prices'));
  panel.setAttribute('aria-label', say('basket'));
  bar.setAttribute('aria-label', say('basket_in_short'));
}

function render(): void {
  const { route, quote, basket } = shop;
  frame();
  const beside = wide.matches && (route.view === 'shelf' || route.view === 'product' || route.view === 'cart');
  document.body.classList.toggle('with-panel', beside);
  show(head, header(shop));
  show(strip, works(shop));
  show(news, notice(shop));
  show(main, view());
  show(panel, beside ? basketView(shop, 'panel') : html``);
  show(foot, footer(shop));
  const pieces = basket.choices.reduce((count, choice) => count + choice.quantity, 0);
  const barred = !wide.matches && pieces > 0 && quote && (route.view === 'shelf' || route.view === 'product');
  show(
    bar,
    barred
      ? html`<a href="${cartAddress}"><span>${say('pieces', { pieces })}${quote.discountTotal > 0 && html` · ${say('you_save', { amount: quote.discountTotal }, quote.currency)}`}</span><b data-tick>${money(quote.total, quote.currency)}</b></a>`
      : html``,
  );
  feed(shop);
}

let drawnTotal: number | undefined;

/** Lets a new total be noticed. What is read out, the elements say. */
function tick(): void {
  const total = shop.quote?.total;
  if (total === drawnTotal) return;
  if (drawnTotal !== undefined && !calm.matches) {
    for (const place of document.querySelectorAll('[data-tick]')) place.animate([{ opacity: 0.35 }, { opacity: 1 }], { duration: 260 });
  }
  drawnTotal = total;
}

function changed(basket = shop.basket): void {
  shop.change(basket);
  render();
  tick();
}

function offersChanged(): void {
  shop.offersChanged();
  shop.loading = false;
  render();
}

async function refreshOffers(): Promise<void> {
  await shop.offers.refresh(offersChanged);
  offersChanged();
}

/** Asks the desk who the shopper is, and tells it who sent them. */
async function meet(): Promise<void> {
  await shop.meet();
  const by = invitation();
  const { account } = shop;
  if (by !== null && account?.customer && !account.club?.isInvited && account.customer.orders?.count === 0) {
    try {
      shop.know(await acceptInvitation(shop.basket.shopper, by));
    } catch (error) {
      aloud.textContent = refusalText(codeOf(error));
    }
    forgetInvitation();
  }
  render();
}

async function go(address: string, keepScroll = false): Promise<void> {
  await arriving(routeOf(new URL(address, location.href).search));
  const arrive = () => {
    history.pushState(null, '', address);
    shop.route = routeOf(location.search);
    leave();
    render();
    if (shop.route.view === 'cart' && wide.matches) panel.querySelector<HTMLElement>('h2')?.focus();
    else if (!keepScroll) {
      scrollTo(0, 0);
      main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    }
  };
  if (document.startViewTransition && !calm.matches && !keepScroll) document.startViewTransition(arrive);
  else arrive();
}

/** An order that was placed is told once. */
function leave(): void {
  if (shop.route.view !== 'checkout') shop.checkout = { state: 'idle' };
  shop.trouble = undefined;
}

const chosen = (element: HTMLElement) => {
  const product = productOf(element.dataset.product ?? '');
  return product && { product, colour: element.dataset.colour as Colour, have: quantityOf(shop.basket, skuOf(product, element.dataset.colour as Colour)) };
};

function set(element: HTMLElement, quantity: (have: number) => number): void {
  const found = chosen(element);
  if (found) changed(withQuantity(shop.basket, found.product, found.colour, quantity(found.have)));
}

/** Does something at the desk and shows what came of it. */
async function atDesk(where: { order?: string; rewards?: true }, work: () => Promise<void>): Promise<void> {
  shop.trouble = undefined;
  try {
    await work();
  } catch (error) {
    shop.trouble = { ...where, code: codeOf(error) };
    aloud.textContent = refusalText(shop.trouble.code);
  }
  render();
}

function checkedOut(): void {
  render();
  aloud.textContent = document.querySelector('.stub .verdict, .stub .warn')?.textContent ?? '';
  if (shop.checkout.state !== 'placed') return;
  scrollTo(0, 0);
  main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
}

/** Where the focus goes when the button that had it is gone with its line, or became a stepper. */
function refocus(element: HTMLElement, label: string): void {
  if (element.isConnected) return;
  const { product, colour } = element.dataset;
  const same = document.querySelector<HTMLElement>(`[data-do="${label}"][data-product="${product}"][data-colour="${colour}"]`);
  (same ?? byId('basket-title') ?? main).focus({ preventScroll: true });
}

const doings: Record<string, (element: HTMLElement) => void> = {
  add: (element) => {
    set(element, (have) => have + 1);
    refocus(element, 'more');
  },
  more: (element) => set(element, (have) => have + 1),
  less: (element) => {
    set(element, (have) => have - 1);
    refocus(element, 'add');
  },
  remove: (element) => {
    set(element, () => 0);
    refocus(element, 'add');
  },
  take: (element) => {
    set(element, () => Number(element.dataset.quantity));
    refocus(element, 'more');
  },
  works: () => {
    shop.switchWorks();
    render();
  },
  why: async () => {
    const { why } = await import('./views/why');
    shop.explanation = { state: 'asking' };
    show(whyDialog, why(shop));
    whyDialog.showModal();
    await shop.explain();
    show(whyDialog, why(shop));
    byId('why-title')?.focus();
  },
  'close-why': () => whyDialog.close(),
  sample: () => {
    const sample: [string, number][] = [
      ['harbour-breakfast', 1],
      ['jasmine-pearls', 1],
      ['tarred-rope', 1],
      ['skerry-cup', 2],
    ];
    changed(
      sample.reduce((basket, [id, quantity]) => withQuantity(basket, productOf(id)!, productOf(id)!.colours[0], quantity), {
        ...emptyBasket(),
        shopper: shop.basket.shopper,
      }),
    );
    byId('basket-title').focus();
  },
  place: async () => {
    if (shop.checkout.state === 'asking') return;
    shop.checkout = { state: 'asking' };
    render();
    await shop.place();
    checkedOut();
  },
  order: async () => {
    if (shop.checkout.state !== 'different') return;
    const started = performance.now();
    const { signed } = shop.checkout;
    shop.checkout = { state: 'asking' };
    render();
    await shop.order(signed, performance.now() - started);
    checkedOut();
  },
  return: async (button) => {
    const { order = '' } = button.dataset;
    const card = button.closest('.order-card')!;
    const fields = [...card.querySelectorAll<HTMLInputElement>('input[data-line]')];
    const lines = fields.map((field) => ({ line: field.dataset.line!, quantity: Number(field.value) || 0 })).filter(({ quantity }) => quantity > 0);
    if (lines.length === 0) return void fields[0]?.focus();
    await atDesk({ order }, async () => {
      await returnUnits(shop.basket.shopper, order, crypto.randomUUID(), lines);
      await shop.meet();
    });
    for (const field of fields) field.value = '0';
    aloud.textContent = card.querySelector('.order-returns li:last-child')?.textContent ?? '';
  },
  refresh: () => void refreshOffers(),
  forget: () => void forget().then(() => location.reload()),
  theme: () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    try {
      localStorage.setItem('tern-and-kettle/theme', root.dataset.theme);
    } catch {
      /* then it lasts as long as the page */
    }
  },
};

addEventListener('click', (event) => {
  const target = event.target as HTMLElement;
  const button = target.closest<HTMLElement>('button[data-do]');
  if (button) return void doings[button.dataset.do!]?.(button);
  const link = target.closest<HTMLAnchorElement>('a[href^="/"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  void go(link.getAttribute('href')!);
});

addEventListener('change', (event) => {
  const input = event.target as HTMLInputElement;
  switch (input.dataset.do) {
    case 'set':
      set(input, () => Number(input.value) || 0);
      if (input.isConnected) input.value = String(chosen(input)?.have ?? 0);
      else refocus(input, 'add');
      break;
    case 'pick-shopper':
      changed({ ...shop.basket, shopper: input.value });
      void meet();
      break;
    case 'pick-language':
      if (isLanguage(input.value)) void choose(input.value).then(render);
      aloud.textContent = '';
      break;
    case 'pick-delivery':
      changed({ ...shop.basket, delivery: input.value === 'express' ? 'express' : 'standard' });
      break;
    case 'pick-colour':
      if (shop.route.view === 'product') void go(productAddress(shop.route.product, input.value as Colour), true);
      break;
  }
});

addEventListener('counterfoil-enter-code', ({ detail }) => changed(withCode(shop.basket, detail)));
addEventListener('counterfoil-remove-code', ({ detail }) => changed({ ...shop.basket, codes: shop.basket.codes.filter((code) => code !== detail) }));
addEventListener('counterfoil-accept-gift', ({ detail: { redeemable, product } }) => changed(withGift(shop.basket, { campaign: redeemable, sku: product.id })));
addEventListener('counterfoil-remove-gift', ({ detail: { redeemable } }) => changed(withoutGift(shop.basket, redeemable)));
addEventListener('counterfoil-decline-gift', ({ detail: { redeemable } }) => changed(withoutGift(shop.basket, redeemable, true)));
addEventListener('counterfoil-claim-reward', ({ detail }) => {
  const key = crypto.randomUUID();
  void atDesk({ rewards: true }, async () => shop.know(await exchange(shop.basket.shopper, detail.id, key)));
});
addEventListener('counterfoil-step', ({ detail: { step } }) => {
  switch (step.code) {
    case 'add_units': {
      const line = picked(shop.basket).find(({ sku }) => sku === step.params.line);
      return line && changed(withQuantity(shop.basket, line.goods, line.colour, line.quantity + step.params.units));
    }
    case 'choose':
      return changed({ ...shop.basket, delivery: step.params.value === 'express' ? 'express' : 'standard' });
    case 'enter_code':
      return changed(withCode(shop.basket, step.params.code));
    case 'remove_code':
      return changed({ ...shop.basket, codes: shop.basket.codes.filter((code) => code !== step.params.code) });
  }
});
// A click beside the panel closes it.
whyDialog.addEventListener('click', ({ target }) => target === whyDialog && whyDialog.close());

addEventListener('popstate', async () => {
  await arriving(routeOf(location.search));
  shop.route = routeOf(location.search);
  leave();
  render();
});
wide.addEventListener('change', render);

watchConnection((online) => {
  shop.online = online;
  render();
  if (online) void meet();
});
watchRequests(() => show(strip, works(shop)));

// The age of the offers is told in words that grow old; and a schedule may have begun or ended meanwhile.
setInterval(() => {
  if (!document.hidden) {
    shop.price();
    render();
  }
}, 30_000);
keepInvitation();
shop.route = routeOf(location.search);
await Promise.all([speak(wantedLanguage()), arriving(shop.route)]);
render();
document.body.classList.add('standing');
head.querySelector('.shopper input:checked')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
await Promise.all([shop.offers.open(offersChanged).then(offersChanged), meet()]);
document.documentElement.dataset.ready = '';
startCounting();
installServiceWorker();
drawnTotal = shop.quote?.total;
