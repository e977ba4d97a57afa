import { ago, counted, took } from '../format';
import { html, type Markup } from '../html';
import { requestsSinceLoad } from '../network';
import type { Shop } from '../shop';

const fact = (label: string, value: string, note?: string) =>
  html`<div data-key="${label}"><dt>${label}</dt><dd>${value}${note && html` <span>${note}</span>`}</dd></div>`;

/** What goes on behind the prices, in figures, for whoever switched that on. */
export function works(shop: Shop): Markup {
  if (!shop.showsWorks) return html``;
  const now = Date.now();
  const snapshot = shop.engine?.snapshot;
  const checked = shop.offers.checkedAt === undefined ? 'kept from an earlier visit' : `checked ${ago(shop.offers.checkedAt, now)}`;
  return html`<dl class="facts">
    ${fact('This basket took', shop.quotes > 0 ? took(shop.quoteTook) : '–', 'on this device')}
    ${fact('Requests since load', String(requestsSinceLoad()), `for ${counted(shop.quotes, 'price', 'prices')}`)}
    ${snapshot ? fact('Offers', `version ${snapshot.version}`, `${shop.offers.state}; signed ${ago(snapshot.issuedAt, now)}, ${checked}`) : fact('Offers', shop.loading ? 'on their way' : 'none')}
    ${fact('Network', shop.online ? 'online' : 'offline', shop.online ? 'not needed to price' : 'and still pricing')}
  </dl>`;
}
