import { html, type Markup } from '../html';
import { money, writtenCount } from '../format';
import { categories } from '../goods';
import { say } from '../words';
import { language, languages } from '../words/locale';
import { cartAddress, clubAddress, ordersAddress, shelfAddress } from '../routes';
import type { Shop } from '../shop';
import { icons, logo } from './icons';

/** The people to shop as: the one control that a real shop would not have. */
function shoppers(shop: Shop): Markup {
  return html`<fieldset class="shoppers">
    <legend>${say('shop_as')}</legend>
    <div class="shoppers-row">
      ${shop.shoppers.map(
        (shopper) => html`<label class="shopper" data-key="${shopper.id}">
          <input type="radio" name="shopper" value="${shopper.id}" data-do="pick-shopper" ${shopper.id === shop.shopper.id && html`checked`}>
          <span><b>${say(`shopper_${shopper.id}`)}</b> <span class="shopper-note">${say(`shopper_${shopper.id}_note`)}</span></span>
        </label>`,
      )}
    </div>
  </fieldset>`;
}

/** The languages, each by its own name. */
const speech = () => html`<select class="speech" data-do="pick-language" aria-label="${say('language')}">
        ${Object.entries(languages).map(([id, { name, locale }]) => html`<option value="${id}" lang="${locale}" ${id === language() && html`selected`}>${name}</option>`)}
      </select>`;

export function header(shop: Shop): Markup {
  const here = shop.route.view === 'shelf' ? (shop.route.category ?? 'all') : shop.route.view === 'product' ? shop.route.product.category : undefined;
  const link = (id: string, name: string, address: string) =>
    html`<a href="${address}" ${here === id && html`aria-current="${shop.route.view === 'shelf' ? 'page' : 'true'}"`}>${name}</a>`;
  const points = shop.account?.club?.points;
  const pieces = shop.basket.choices.reduce((count, choice) => count + choice.quantity, 0);
  return html`<div class="stage">
      ${shoppers(shop)}
      <button class="works-switch" type="button" data-do="works" aria-pressed="${String(shop.showsWorks)}">${say('the_works')}</button>
      ${speech()}
      <button class="theme" type="button" data-do="theme" aria-label="${say('switch_theme')}">${icons.moon}</button>
    </div>
    <div class="masthead">
      <a class="logo" href="/" aria-label="${say('home')}">${logo}<span>Tern <i>&amp;</i> Kettle</span></a>
      <nav aria-label="${say('shelves')}">
        ${link('all', say('everything'), shelfAddress())}
        ${categories.map((id) => link(id, say(`category_${id}`), shelfAddress(id)))}
      </nav>
      <p class="mine">
        <a href="${clubAddress}" ${shop.route.view === 'club' && html`aria-current="page"`}>${icons.star}<span class="mine-word">${say('club')}</span>${points !== undefined && html` <b aria-hidden="true">${writtenCount(points)}</b><span class="unseen"> ${say('points', { points })}</span>`}</a>
        <a href="${ordersAddress}" ${shop.route.view === 'orders' && html`aria-current="page"`}>${icons.parcel}<span class="mine-word">${say('orders')}</span></a>
      </p>
      <a class="basket-link" href="${cartAddress}">
        ${icons.basket}<span class="basket-word">${say('basket')}</span>
        ${pieces > 0 && html`${shop.quote && html`<span class="basket-sum">${money(shop.quote.total, shop.quote.currency)}</span>`}<b class="count" aria-hidden="true">${writtenCount(pieces)}</b><span class="unseen"> ${say('pieces', { pieces })}</span>`}
      </a>
    </div>`;
}
