import type { Quote } from 'counterfoil';
import { type Delivery, deliveries, picked } from '../basket';
import { money, sentence, took } from '../format';
import { html, type Markup } from '../html';
import { pictureOf } from '../pictures';
import { shelfAddress } from '../routes';
import type { Shop } from '../shop';
import { offers } from './basket';
import { icons } from './icons';

function delivery(chosen: Delivery): Markup {
  return html`<fieldset class="delivery">
    <legend>Delivery</legend>
    ${(Object.keys(deliveries) as Delivery[]).map((id) => {
      const { name, note, price } = deliveries[id];
      return html`<label data-key="${id}"><input type="radio" name="delivery" value="${id}" data-do="pick-delivery" ${id === chosen && html`checked`}>
        <span><b>${name}</b> ${note}</span> <span>${money(price)}</span></label>`;
    })}
  </fieldset>`;
}

/** The half that stays with the shopper, and what the shop's own engine says to it. */
function counterfoil(shop: Shop, quote: Quote): Markup {
  const { confirmation } = shop;
  const total = money(quote.total, quote.currency);
  switch (confirmation.state) {
    case 'idle':
    case 'asking':
      return html`<div class="stub" data-key="stub">
        <button type="button" class="primary" data-do="confirm" ${confirmation.state === 'asking' && html`aria-disabled="true"`}>${confirmation.state === 'asking' ? 'Asking the shop …' : html`Place the order · ${total}`}</button>
        <p class="stub-note">So far the price was worked out on this device only. Now the shop works it out as well, once.</p>
      </div>`;
    case 'failed':
      return html`<div class="stub" data-key="stub">
        <button type="button" class="primary" data-do="confirm">Try again · ${total}</button>
        <p class="stub-note warn">${sentence(`the shop could not be asked: ${confirmation.message}`)} Your basket and its price stay as they are.</p>
      </div>`;
    case 'same':
    case 'different':
      return html`<div class="stub answered" data-key="stub">
        <dl class="halves">
          <div><dt>This device</dt><dd>${total}</dd><dd class="halves-time">${took(shop.quoteTook)}</dd></div>
          <div><dt>The shop</dt><dd>${money(confirmation.total, quote.currency)}</dd><dd class="halves-time">${took(confirmation.roundTrip)} there and back</dd></div>
        </dl>
        <p class="verdict ${confirmation.state}">${confirmation.state === 'same' ? html`${icons.check} The two halves match, to the cent.` : 'The shop’s answer differs: its offers or its clock moved on. The shop’s price is the one that counts.'}</p>
        <p class="stub-note">This is a demonstration: nothing was ordered and nothing is charged.</p>
      </div>`;
  }
}

export function checkout(shop: Shop): Markup {
  const lines = picked(shop.basket);
  const { quote } = shop;
  if (lines.length === 0 || !quote) {
    return html`<div class="checkout" data-key="checkout"><h1 tabindex="-1">Check-out</h1><p>There is nothing to pay for yet.</p><a class="quiet" href="${shelfAddress()}">To the shelves</a></div>`;
  }
  return html`<div class="checkout" data-key="checkout">
    <a class="back" href="${shelfAddress()}">${icons.back} Keep looking</a>
    <h1 tabindex="-1">Check-out</h1>
    <div class="checkout-split">
      <div>
        <section class="sheet" aria-labelledby="order-title">
          <h2 id="order-title">Your order</h2>
          <ul class="order">
            ${lines.map(
              (line) => html`<li data-key="${line.sku}">
                <img src="${pictureOf(line.goods, line.colour)}" alt="" width="400" height="400">
                <p><b>${line.quantity} × ${line.name}</b> <span>${line.goods.portion}</span></p>
                <counterfoil-line-savings line="${line.sku}"></counterfoil-line-savings>
              </li>`,
            )}
          </ul>
        </section>
        <section class="sheet" aria-label="Delivery">${delivery(shop.basket.delivery)}</section>
        <section class="sheet" aria-label="Codes and offers">${offers()}</section>
      </div>
      <section class="ticket" aria-labelledby="pay-title">
        <div class="ticket-top">
          <h2 id="pay-title">To pay</h2>
          <counterfoil-savings class="sums"></counterfoil-savings>
          <button type="button" class="bare" data-do="why">Why these amounts?</button>
        </div>
        ${counterfoil(shop, quote)}
      </section>
    </div>
  </div>`;
}
