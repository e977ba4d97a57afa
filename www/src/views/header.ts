import { html, type Markup } from '../html';
import { money } from '../format';
import { categories } from '../goods';
import { cartAddress, clubAddress, ordersAddress, shelfAddress } from '../routes';
import type { Shop } from '../shop';
import { icons, logo } from './icons';

/** The people to shop as: the one control that a real shop would not have. */
function shoppers(shop: Shop): Markup {
  return html`<fieldset class="shoppers">
    <legend>Shop as</legend>
    <div class="shoppers-row">
      ${shop.shoppers.map(
        (shopper) => html`<label class="shopper" data-key="${shopper.id}">
          <input type="radio" name="shopper" value="${shopper.id}" data-do="pick-shopper" ${shopper.id === shop.shopper.id && html`checked`}>
          <span><b>${shopper.name}</b> <span class="shopper-note">${shopper.note}</span></span>
        </label>`,
      )}
    </div>
  </fieldset>`;
}

export function header(shop: Shop): Markup {
  const here = shop.route.view === 'shelf' ? (shop.route.category ?? 'all') : shop.route.view === 'product' ? shop.route.product.category : undefined;
  const link = (id: string, name: string, address: string) =>
    html`<a href="${address}" ${here === id && html`aria-current="${shop.route.view === 'shelf' ? 'page' : 'true'}"`}>${name}</a>`;
  const pieces = shop.basket.choices.reduce((count, choice) => count + choice.quantity, 0);
  return html`<div class="stage">
      ${shoppers(shop)}
      <button class="works-switch" type="button" data-do="works" aria-pressed="${String(shop.showsWorks)}">The works</button>
      <button class="theme" type="button" data-do="theme" aria-label="Switch between light and dark">${icons.moon}</button>
    </div>
    <div class="masthead">
      <a class="logo" href="/" aria-label="Tern &amp; Kettle, home">${logo}<span>Tern <i>&amp;</i> Kettle</span></a>
      <nav aria-label="Shelves">
        ${link('all', 'Everything', shelfAddress())}
        ${categories.map(({ id, name }) => link(id, name, shelfAddress(id)))}
      </nav>
      <p class="mine">
        <a href="${clubAddress}" ${shop.route.view === 'club' && html`aria-current="page"`}>${icons.star}<span class="mine-word">Club</span>${shop.account?.club && html` <b>${shop.account.club.points}<span class="unseen"> points</span></b>`}</a>
        <a href="${ordersAddress}" ${shop.route.view === 'orders' && html`aria-current="page"`}>${icons.parcel}<span class="mine-word">Orders</span></a>
      </p>
      <a class="basket-link" href="${cartAddress}">
        ${icons.basket}<span class="basket-word">Basket</span>
        ${pieces > 0 && html`${shop.quote && html`<span class="basket-sum">${money(shop.quote.total, shop.quote.currency)}</span>`}<b class="count">${pieces}<span class="unseen"> ${pieces === 1 ? 'piece' : 'pieces'}</span></b>`}
      </a>
    </div>`;
}
