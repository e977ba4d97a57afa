import { type Order, type OrderLine, orderNumber } from '../account';
import { dateOf, money, off } from '../format';
import { html, type Markup } from '../html';
import { shelfAddress } from '../routes';
import type { Shop } from '../shop';
import { say } from '../words';
import { nameOfAny } from '../words/names';
import { refusalText } from '../words/refusals';

/** What was ordered, and the units that can still be sent back. */

const kept = ({ quantity, returned }: OrderLine) => quantity - returned;

function line(order: Order, found: OrderLine): Markup {
  const { id, sku, quantity, returned, total } = found;
  const field = `return-${order.id}-${id}`;
  return html`<li class="order-line" data-key="${id}">
    <p><b>${quantity} × ${nameOfAny(sku)}</b> ${returned > 0 && html`<span class="order-returned">${say('units_sent_back', { returned })}</span>`}</p>
    <span>${money(total, order.currency)}</span>
    ${
      kept(found) > 0
        ? html`<label class="order-back" for="${field}">${say('send_back')} <input id="${field}" type="number" inputmode="numeric" min="0" max="${kept(found)}" value="0" data-line="${id}" aria-label="${say('send_back_of', { name: nameOfAny(sku), kept: kept(found) })}"></label>`
        : html`<span></span>`
    }
  </li>`;
}

function returns({ returns, currency }: Order): Markup[] {
  return returns.map(({ key, at, amount, credit, points, lines }) => {
    const units = say('units', { units: lines.reduce((sum, { quantity }) => sum + quantity, 0) });
    return html`<li data-key="${key}">
      ${say('money_back', { amount, at, units }, currency)} ${credit > 0 && say('credit_back', { amount: credit }, currency)} ${points > 0 && say('points_back', { points })}
    </li>`;
  });
}

function one(shop: Shop, order: Order): Markup {
  const canReturn = order.lines.some((found) => kept(found) > 0);
  const trouble = shop.trouble?.order === order.id ? refusalText(shop.trouble.code) : undefined;
  return html`<article class="sheet order-card" data-key="${order.id}" aria-labelledby="order-${order.id}">
    <header>
      <h2 id="order-${order.id}" tabindex="-1">${say('order_number', { number: orderNumber(order.id) })}</h2>
      <p>${dateOf(order.at)} · ${money(order.total, order.currency)}${order.points > 0 && html` · ${say('points', { points: order.points })}`}</p>
    </header>
    <ul class="order-lines">${order.lines.map((found) => line(order, found))}</ul>
    <dl class="order-sums">
      ${order.discountTotal > 0 && html`<div><dt>${order.campaigns.map(nameOfAny).join(', ')}</dt><dd>${off(order.discountTotal, order.currency)}</dd></div>`}
      ${order.shippingTotal > 0 && html`<div><dt>${say('delivery')}</dt><dd>${money(order.shippingTotal, order.currency)}</dd></div>`}
      ${order.credit > 0 && html`<div><dt>${say('paid_with_credit')}</dt><dd>${off(order.credit, order.currency)}</dd></div>`}
    </dl>
    ${order.returns.length > 0 && html`<ul class="order-returns">${returns(order)}</ul>`}
    ${trouble && html`<p class="stub-note warn">${trouble}</p>`}
    ${canReturn && html`<button type="button" class="quiet" data-do="return" data-order="${order.id}">${say('send_units_back')}</button>`}
  </article>`;
}

export function orders(shop: Shop): Markup {
  const { account } = shop;
  return html`<div class="orders" data-key="orders">
    <h1 tabindex="-1">${say('your_orders')}</h1>
    ${
      account === undefined
        ? html`<p class="wait">${say('not_asked_yet')}</p>`
        : account.orders.length === 0
          ? html`<p class="wait">${say('nothing_ordered')}</p><a class="quiet" href="${shelfAddress()}">${say('to_shelves')}</a>`
          : account.orders.map((order) => one(shop, order))
    }
  </div>`;
}
