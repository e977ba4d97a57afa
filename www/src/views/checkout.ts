import type { Quote } from 'counterfoil';
import { orderNumber } from '../account';
import { type Delivery, deliveries, picked } from '../basket';
import { money, took } from '../format';
import { html, type Markup } from '../html';
import { pictureOf } from '../pictures';
import { ordersAddress, shelfAddress } from '../routes';
import type { Checkout, Shop } from '../shop';
import { say, wordsOf } from '../words';
import { nameOf } from '../words/names';
import { refusalText } from '../words/refusals';
import { offers } from './basket';
import { icons } from './icons';

function delivery(chosen: Delivery): Markup {
  return html`<fieldset class="delivery">
    <legend>${say('delivery')}</legend>
    ${(Object.keys(deliveries) as Delivery[]).map((id) => {
      return html`<label data-key="${id}"><input type="radio" name="delivery" value="${id}" data-do="pick-delivery" ${id === chosen && html`checked`}>
        <span><b>${say(`delivery_${id}`)}</b> ${say(`delivery_${id}_note`)}</span> <span>${money(deliveries[id].price)}</span></label>`;
    })}
  </fieldset>`;
}

/** The half that stays with the shopper, and what the shop says to it. */
function counterfoil(shop: Shop, quote: Quote): Markup {
  const { checkout } = shop;
  const { due, currency } = quote;
  switch (checkout.state) {
    case 'idle':
    case 'asking':
    case 'placed':
      return html`<div class="stub" data-key="stub">
        <button type="button" class="primary" data-do="place" ${checkout.state === 'asking' && html`aria-disabled="true"`}>${checkout.state === 'asking' ? say('asking_shop') : say('place_order', { amount: due }, currency)}</button>
        <p class="stub-note">${say('place_note')}</p>
      </div>`;
    case 'failed':
      return html`<div class="stub" data-key="stub">
        <button type="button" class="primary" data-do="place">${say('try_again_for', { amount: due }, currency)}</button>
        <p class="stub-note warn">${refusalText(checkout.code)}</p>
      </div>`;
    case 'different': {
      const theirs = checkout.signed.quote;
      return html`<div class="stub answered" data-key="stub">
        ${halves(money(due, currency), money(theirs.due, theirs.currency))}
        <p class="verdict different">${say('price_differs')}</p>
        <button type="button" class="primary" data-do="order">${say('order_for', { amount: theirs.due }, theirs.currency)}</button>
      </div>`;
    }
  }
}

const halves = (device: string, theirs: string, times?: { took: number; roundTrip: number }) => html`<dl class="halves">
  <div><dt>${say('this_device')}</dt><dd>${device}</dd>${times && html`<dd class="halves-time">${took(times.took)}</dd>`}</div>
  <div><dt>${say('the_shop')}</dt><dd>${theirs}</dd>${times && html`<dd class="halves-time">${say('there_and_back', { time: took(times.roundTrip) })}</dd>`}</div>
</dl>`;

function placed({ order, shown, took: onDevice, roundTrip }: Extract<Checkout, { state: 'placed' }>): Markup {
  const { total, discountTotal: saved, credit, points, currency } = order;
  const pieces = say('pieces', { pieces: order.lines.reduce((sum, { quantity }) => sum + quantity, 0) });
  return html`<div class="checkout placed" data-key="placed">
    <h1 tabindex="-1">${say('thank_you')}</h1>
    <section class="ticket" aria-labelledby="receipt-title">
      <div class="ticket-top">
        <h2 id="receipt-title">${say('order_number', { number: orderNumber(order.id) })}</h2>
        <p>${saved > 0 ? say('placed_for_saving', { pieces, total, saved }, currency) : say('placed_for', { pieces, total }, currency)}
        ${credit > 0 && say('placed_credit', { amount: credit }, currency)} ${points > 0 && say('placed_points', { points })}</p>
      </div>
      <div class="stub answered">
        ${halves(money(shown, currency), money(total, currency), { took: onDevice, roundTrip })}
        <p class="verdict same">${icons.check} ${say('halves_match')}</p>
        <p class="stub-note">${say('ledger_keeps')} <code>${order.redemption}</code>. ${say('demonstration')}</p>
        <p class="placed-on"><a class="primary" href="${ordersAddress}">${say('your_orders')}</a> <a class="quiet" href="${shelfAddress()}">${say('keep_looking')}</a></p>
      </div>
    </section>
  </div>`;
}

export function checkout(shop: Shop): Markup {
  const lines = picked(shop.basket);
  const { quote, checkout: standing } = shop;
  if (standing.state === 'placed') return placed(standing);
  if (lines.length === 0 || !quote) {
    return html`<div class="checkout" data-key="checkout"><h1 tabindex="-1">${say('checkout_title')}</h1><p>${say('nothing_to_pay')}</p><a class="quiet" href="${shelfAddress()}">${say('to_shelves')}</a></div>`;
  }
  return html`<div class="checkout" data-key="checkout">
    <a class="back" href="${shelfAddress()}">${icons.back} ${say('keep_looking')}</a>
    <h1 tabindex="-1">${say('checkout_title')}</h1>
    <div class="checkout-split">
      <div>
        <section class="sheet" aria-labelledby="order-title">
          <h2 id="order-title">${say('your_order')}</h2>
          <ul class="order">
            ${lines.map(
              (line) => html`<li data-key="${line.sku}">
                <img src="${pictureOf(line.goods, line.colour)}" alt="" width="400" height="400">
                <p><b>${line.quantity} × ${nameOf(line.goods, line.colour)}</b> <span>${wordsOf(line.goods).portion}</span></p>
                <counterfoil-line-savings line="${line.sku}"></counterfoil-line-savings>
              </li>`,
            )}
          </ul>
        </section>
        <section class="sheet" aria-label="${say('delivery')}">${delivery(shop.basket.delivery)}</section>
        <section class="sheet" aria-label="${say('codes_and_offers')}">${offers()}</section>
      </div>
      <section class="ticket" aria-labelledby="pay-title">
        <div class="ticket-top">
          <h2 id="pay-title">${say('to_pay')}</h2>
          <counterfoil-savings class="sums"></counterfoil-savings>
          <button type="button" class="bare" data-do="why">${say('why_these')}</button>
        </div>
        ${counterfoil(shop, quote)}
      </section>
    </div>
  </div>`;
}
