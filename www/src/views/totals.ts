import type { Quote } from 'counterfoil';
import { type Delivery, deliveries } from '../basket';
import { counted, money, off } from '../format';
import { html, type Markup } from '../html';
import { type OrderSaving, orderSavings } from '../pricing';
import { icons } from './icons';

const saving = (found: OrderSaving, currency: string) =>
  html`<div class="gain" data-key="${found.code ?? found.name}"><dt>${found.name}${found.code && html` <span class="code-mark">${found.code}</span>`}</dt><dd>${off(found.amount, currency)}</dd></div>`;

/** From the list price down to what is paid, every discount by its name. */
export function breakdown(quote: Quote, delivery: Delivery): Markup {
  const { onLines, onOrder, onShipping } = orderSavings(quote);
  const shipping = quote.shipping[0];
  const { currency } = quote;
  return html`<section class="breakdown" aria-label="How the total comes about" data-key="breakdown">
    <dl>
      <div><dt>Goods</dt><dd>${money(quote.subtotal, currency)}</dd></div>
      ${onLines > 0 && html`<div class="gain" data-key="on-lines"><dt>Offers on goods</dt><dd>${off(onLines, currency)}</dd></div>`}
      ${onOrder.map((found) => saving(found, currency))}
      ${
        shipping &&
        html`<div data-key="shipping"><dt>${deliveries[delivery].name} shipping ${onShipping.map(({ name }) => html`<span class="why">${name}</span>`)}</dt>
          <dd>${shipping.discount > 0 && html`<s><span class="unseen">instead of </span>${money(shipping.price, currency)}</s> `}${shipping.total === 0 ? html`<b class="free">free</b>` : money(shipping.total, currency)}</dd></div>`
      }
    </dl>
  </section>`;
}

/** What is paid, saved and earned. */
export function total(quote: Quote): Markup {
  const { currency } = quote;
  return html`<section class="total" aria-label="Total" data-key="total">
    <p class="total-row"><span>Total</span> <b data-tick>${money(quote.total, currency)}</b></p>
    <div class="total-foot">
      <p class="saved">${quote.discountTotal > 0 ? html`You save <b>${money(quote.discountTotal, currency)}</b>` : 'Prices include VAT'}</p>
      <p class="points">${quote.points > 0 && html`${icons.star} You earn <b>${counted(quote.points, 'point', 'points')}</b>`}</p>
    </div>
  </section>`;
}
