import { html, type Markup } from '../html';
import type { Refusal } from '../offers';
import type { Shop } from '../shop';
import { say } from '../words';

/** How the prices on this page come about. */
export function footer(shop: Shop): Markup {
  return html`<section class="works" aria-labelledby="works-title">
      <h2 id="works-title">${say('how_title')}</h2>
      <p>${say('how_text')}</p>
      <p class="works-more"><button type="button" class="quiet" data-do="works" aria-pressed="${String(shop.showsWorks)}">${say('show_works')}</button> <a class="quiet" href="/try.html">${say('try_campaigns')}</a></p>
    </section>
    <p class="imprint">${say('imprint')}</p>`;
}

/** A text of the engine, which speaks English to those who run the shop. */
export const engineSays = ({ message, help }: Refusal) => html`<span lang="en" dir="ltr">${[message, help].filter(Boolean).join('. ').replaceAll('`', '')}</span>`;

/** What is wrong with the offers, if anything, said plainly. */
export function notice(shop: Shop): Markup {
  const { refused, unreachable, engine } = shop.offers;
  const version = engine && { version: String(engine.snapshot.version) };
  if (refused) {
    return html`<div class="notice refused" data-key="refused">
      <p><b>${say('offers_refused')}</b> ${engineSays(refused)} ${version ? say('offers_last_good', version) : say('offers_no_earlier')}</p>
      <button type="button" class="quiet" data-do="refresh">${say('try_again')}</button>
      <button type="button" class="quiet" data-do="forget">${say('start_afresh')}</button>
    </div>`;
  }
  if (!shop.loading && unreachable && !engine) {
    return html`<div class="notice refused" data-key="unreachable"><p><b>${say('offers_unreachable')}</b> ${say('shelves_open')}</p><button type="button" class="quiet" data-do="refresh">${say('try_again')}</button></div>`;
  }
  if (!shop.online)
    return html`<div class="notice calm" data-key="offline"><p><b>${say('you_are_offline')}</b> ${version ? say('prices_go_on_from', version) : say('prices_go_on')}</p></div>`;
  return html``;
}
