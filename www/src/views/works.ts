import { ago, took, writtenCount } from '../format';
import { html, type Markup } from '../html';
import { requestsSinceLoad } from '../network';
import type { Shop } from '../shop';
import { say } from '../words';

const fact = (label: string, value: string, note?: string) =>
  html`<div data-key="${label}"><dt>${label}</dt><dd>${value}${note && html` <span>${note}</span>`}</dd></div>`;

/** What goes on behind the prices, in figures, for whoever switched that on. */
export function works(shop: Shop): Markup {
  if (!shop.showsWorks) return html``;
  const now = Date.now();
  const snapshot = shop.engine?.snapshot;
  const checked = shop.offers.checkedAt === undefined ? say('works_kept') : say('works_checked', { when: ago(shop.offers.checkedAt, now) });
  const offers = snapshot
    ? fact(
        say('works_offers'),
        say('works_version', { version: String(snapshot.version) }),
        say('works_signed', { state: say(`works_${shop.offers.state}`), signed: ago(snapshot.issuedAt, now), checked }),
      )
    : fact(say('works_offers'), say(shop.loading ? 'works_coming' : 'works_none'));
  return html`<dl class="facts">
    ${fact(say('works_took'), shop.quotes > 0 ? took(shop.quoteTook) : '–', say('works_on_device'))}
    ${fact(say('works_requests'), writtenCount(requestsSinceLoad()), say('works_for_prices', { prices: shop.quotes }))}
    ${offers}
    ${fact(say('works_network'), say(shop.online ? 'works_online' : 'works_offline'), say(shop.online ? 'works_online_note' : 'works_offline_note'))}
  </dl>`;
}
