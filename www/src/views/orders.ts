import { type Order, type OrderLine, orderNumber } from '../account';
import { nameOfAny } from '../elements';
import { counted, dateOf, money } from '../format';
import { html, type Markup } from '../html';
import { shelfAddress } from '../routes';
import type { Shop } from '../shop';

/** What was ordered, and the units that can still be sent back. */

const kept = ({ quantity, returned }: OrderLine) => quantity - returned;

function line(order: Order, found: OrderLine): Markup {
  const { id, sku, quantity, returned, total } = found;
  const field = `return-${order.id}-${id}`;
  return html`<li class="order-line" data-key="${id}">
    <p><b>${quantity} × ${nameOfAny(sku)}</b> ${returned > 0 && html`<span class="order-returned">${returned} sent back</span>`}</p>
    <span>${money(total, order.currency)}</span>
    ${
      kept(found) > 0
        ? html`<label class="order-back" for="${field}">Send back <input id="${field}" type="number" inputmode="numeric" min="0" max="${kept(found)}" value="0" data-line="${id}" aria-label="Send back ${nameOfAny(sku)}, of ${kept(found)}"></label>`
        : html`<span></span>`
    }
  </li>`;
}

function returns(order: Order): Markup[] {
  return order.returns.map(
    ({ key, at, amount, credit, points, lines }) => html`<li data-key="${key}">
      <b>${money(amount, order.currency)} back</b> on ${dateOf(at)} for ${counted(
        lines.reduce((sum, { quantity }) => sum + quantity, 0),
        'unit',
        'units',
      )}${credit > 0 && html`, ${money(credit, order.currency)} of it as store credit`}${points > 0 && html`; ${counted(points, 'point', 'points')} taken back`}.
    </li>`,
  );
}

function one(shop: Shop, order: Order): Markup {
  const canReturn = order.lines.some((found) => kept(found) > 0);
  const trouble = shop.trouble?.order === order.id ? shop.trouble.message : undefined;
  return html`<article class="sheet order-card" data-key="${order.id}" aria-labelledby="order-${order.id}">
    <header>
      <h2 id="order-${order.id}" tabindex="-1">Order ${orderNumber(order.id)}</h2>
      <p>${dateOf(order.at)} · ${money(order.total, order.currency)}${order.points > 0 && html` · ${counted(order.points, 'point', 'points')}`}</p>
    </header>
    <ul class="order-lines">${order.lines.map((found) => line(order, found))}</ul>
    <dl class="order-sums">
      ${order.discountTotal > 0 && html`<div><dt>${order.campaigns.map(nameOfAny).join(', ')}</dt><dd>−${money(order.discountTotal, order.currency)}</dd></div>`}
      ${order.shippingTotal > 0 && html`<div><dt>Delivery</dt><dd>${money(order.shippingTotal, order.currency)}</dd></div>`}
      ${order.credit > 0 && html`<div><dt>Paid with store credit</dt><dd>−${money(order.credit, order.currency)}</dd></div>`}
    </dl>
    ${order.returns.length > 0 && html`<ul class="order-returns">${returns(order)}</ul>`}
    ${trouble && html`<p class="stub-note warn">${trouble}</p>`}
    ${canReturn && html`<button type="button" class="quiet" data-do="return" data-order="${order.id}">Send these units back</button>`}
  </article>`;
}

export function orders(shop: Shop): Markup {
  const { account } = shop;
  return html`<div class="orders" data-key="orders">
    <h1 tabindex="-1">Your orders</h1>
    ${
      account === undefined
        ? html`<p class="wait">The shop could not be asked yet.</p>`
        : account.orders.length === 0
          ? html`<p class="wait">Nothing ordered yet.</p><a class="quiet" href="${shelfAddress()}">To the shelves</a>`
          : account.orders.map((order) => one(shop, order))
    }
  </div>`;
}
