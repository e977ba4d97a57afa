import { type Picked, picked } from '../basket';
import { money } from '../format';
import { html, type Markup } from '../html';
import { pictureOf } from '../pictures';
import { checkoutAddress, productAddress, shelfAddress } from '../routes';
import type { Shop } from '../shop';
import { say, wordsOf } from '../words';
import { colourName, nameOf } from '../words/names';
import { early } from './early';
import { engineSays } from './footer';
import { icons } from './icons';
import { stepper } from './stepper';

const portion = (line: Picked) => (line.goods.colours.length > 1 ? colourName(line.colour) : wordsOf(line.goods).portion);

function lineRow(line: Picked, isPriced: boolean): Markup {
  const name = nameOf(line.goods, line.colour);
  return html`<li class="line" data-key="${line.sku}">
    <img src="${pictureOf(line.goods, line.colour)}" alt="" width="400" height="400">
    <div class="line-text">
      <p class="line-name"><a href="${productAddress(line.goods, line.colour)}">${wordsOf(line.goods).name}</a></p>
      <p class="line-portion">${portion(line)}</p>
      ${early(line.goods)}
    </div>
    <div class="line-tools">
      ${stepper(line.sku, name, line.product, line.colour, line.quantity)}
      <button type="button" class="line-remove" data-do="remove" data-product="${line.product}" data-colour="${line.colour}" aria-label="${say('remove_name', { name })}">${icons.close}</button>
      ${isPriced ? html`<counterfoil-line-savings line="${line.sku}"></counterfoil-line-savings>` : html`<p class="line-price"><b>${money(line.goods.price)}</b> <span>${say('each')}</span></p>`}
    </div>
  </li>`;
}

const empty = () => html`<div class="empty" data-key="empty">
  <svg viewBox="0 0 200 120" aria-hidden="true"><ellipse cx="104" cy="104" rx="70" ry="10" class="empty-shadow"/><path d="M52 44h88q0 52-44 52t-44-52z" class="empty-cup"/><path d="M138 54c30-8 30 34-8 32" class="empty-handle"/><ellipse cx="96" cy="44" rx="44" ry="9" class="empty-inside"/></svg>
  <p>${say('basket_empty')}</p>
  <button type="button" class="quiet" data-do="sample">${say('basket_sample')}</button>
</div>`;

function unpriced(shop: Shop): Markup {
  if (shop.loading) return html`<p class="wait" data-key="wait">${say('fetching_offers')}</p>`;
  const why = shop.refused ?? shop.offers.refused;
  return html`<p class="wait" data-key="wait">${say('no_total')} ${why && engineSays(why)}</p>`;
}

const sampleCodes = 'WELCOME10, QUAYSIDE5';

/** What is within reach, and the codes. */
export const offers = () => html`<counterfoil-gift-picker data-key="gifts"></counterfoil-gift-picker>
    <counterfoil-progress data-key="progress" handles="add_units choose enter_code remove_code"></counterfoil-progress>
    <counterfoil-code-field data-key="codes"></counterfoil-code-field>
    <p class="codes-note">${say('codes_to_try', { codes: sampleCodes })}</p>`;

/** The basket, as a panel beside the shelves or as a page of its own. */
export function basketView(shop: Shop, place: 'panel' | 'page'): Markup {
  const lines = picked(shop.basket);
  const quote = shop.quote;
  const heading = place === 'page' ? html`<h1 tabindex="-1" id="basket-title">${say('your_basket')}</h1>` : html`<h2 tabindex="-1" id="basket-title">${say('your_basket')}</h2>`;
  if (lines.length === 0) {
    return html`<div class="basket" data-key="basket">${heading}${empty()}${place === 'page' && html`<a class="bare" href="${shelfAddress()}">${say('back_to_shelves')}</a>`}</div>`;
  }
  return html`<div class="basket" data-key="basket">
    ${heading}
    <ul class="lines">${lines.map((line) => lineRow(line, quote !== undefined))}</ul>
    ${
      quote
        ? html`${offers()}
    <counterfoil-savings class="sums" data-key="sums"></counterfoil-savings>
    <button type="button" class="bare" data-do="why">${say('why_these')}</button>
    <div class="basket-foot" data-key="foot">
      <a class="primary" href="${checkoutAddress}">${say('check_out')} · <span data-tick>${money(quote.total, quote.currency)}</span></a>
    </div>`
        : unpriced(shop)
    }
  </div>`;
}
