import type { Quote } from 'counterfoil';
import { orderNumber } from '../account';
import { type Delivery, deliveries, picked } from '../basket';
import { counted, money, sentence, took } from '../format';
import { html, type Markup } from '../html';
import { pictureOf } from '../pictures';
import { ordersAddress, shelfAddress } from '../routes';
import type { Checkout, Shop } from '../shop';
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

/** The half that stays with the shopper, and what the shop says to it. */
function counterfoil(shop: Shop, quote: Quote): Markup {
  const { checkout } = shop;
  const due = money(quote.due, quote.currency);
  switch (checkout.state) {
    case 'idle':
    case 'asking':
    case 'placed':
      return html`<div class="stub" data-key="stub">
        <button type="button" class="primary" data-do="place" ${checkout.state === 'asking' && html`aria-disabled="true"`}>${checkout.state === 'asking' ? 'Asking the shop …' : html`Place the order · ${due}`}</button>
        <p class="stub-note">So far the price was worked out on this device only. Now the shop works it out as well, signs it, and redeems what it uses.</p>
      </div>`;
    case 'failed':
      return html`<div class="stub" data-key="stub">
        <button type="button" class="primary" data-do="place">Try again · ${due}</button>
        <p class="stub-note warn">${sentence(checkout.message)} ${sentence(checkout.help)}</p>
      </div>`;
    case 'different': {
      const theirs = checkout.signed.quote;
      return html`<div class="stub answered" data-key="stub">
        ${halves(due, money(theirs.due, theirs.currency))}
        <p class="verdict different">The shop’s answer differs: its offers, its clock or what it knows of you moved on. The shop’s price is the one that counts.</p>
        <button type="button" class="primary" data-do="order">Order for ${money(theirs.due, theirs.currency)}</button>
      </div>`;
    }
  }
}

const halves = (device: string, theirs: string, times?: { took: number; roundTrip: number }) => html`<dl class="halves">
  <div><dt>This device</dt><dd>${device}</dd>${times && html`<dd class="halves-time">${took(times.took)}</dd>`}</div>
  <div><dt>The shop</dt><dd>${theirs}</dd>${times && html`<dd class="halves-time">${took(times.roundTrip)} there and back</dd>`}</div>
</dl>`;

function placed({ order, shown, took: onDevice, roundTrip }: Extract<Checkout, { state: 'placed' }>): Markup {
  const total = money(order.total, order.currency);
  return html`<div class="checkout placed" data-key="placed">
    <h1 tabindex="-1">Thank you</h1>
    <section class="ticket" aria-labelledby="receipt-title">
      <div class="ticket-top">
        <h2 id="receipt-title">Order ${orderNumber(order.id)}</h2>
        <p>${counted(order.lines.reduce((sum, { quantity }) => sum + quantity, 0), 'piece', 'pieces')} for ${total}${order.discountTotal > 0 && html`, after ${money(order.discountTotal, order.currency)} off`}.
        ${order.credit > 0 && html`Store credit paid ${money(order.credit, order.currency)} of it.`} ${order.points > 0 && html`It earns <b>${counted(order.points, 'point', 'points')}</b>.`}</p>
      </div>
      <div class="stub answered">
        ${halves(money(shown, order.currency), total, { took: onDevice, roundTrip })}
        <p class="verdict same">${icons.check} The two halves match, to the cent.</p>
        <p class="stub-note">The ledger keeps its half as <code>${order.redemption}</code>. This is a demonstration: no money moves and no parcel leaves.</p>
        <p class="placed-on"><a class="primary" href="${ordersAddress}">Your orders</a> <a class="quiet" href="${shelfAddress()}">Keep looking</a></p>
      </div>
    </section>
  </div>`;
}

export function checkout(shop: Shop): Markup {
  const lines = picked(shop.basket);
  const { quote, checkout: standing } = shop;
  if (standing.state === 'placed') return placed(standing);
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
