import { nameOfAny } from '../elements';
import { money, sentence } from '../format';
import { html, type Markup } from '../html';
import type { Shop } from '../shop';
import { story } from '../trace/story';
import { icons } from './icons';

/** How every amount of the basket came about, as the engine's own trace tells it. */
export function why(shop: Shop): Markup {
  const { explanation } = shop;
  const head = html`<div class="why-head"><h2 id="why-title" tabindex="-1">Why these amounts</h2><button type="button" class="why-close" data-do="close-why" aria-label="Close">${icons.close}</button></div>`;
  switch (explanation.state) {
    case 'none':
      return html``;
    case 'asking':
      return html`${head}<p role="status">Fetching the engine that tells …</p>`;
    case 'failed':
      return html`${head}<p role="status">${sentence(`that could not be told: ${explanation.message}`)}</p>`;
    case 'told': {
      const { quote, trace } = explanation.traced;
      return html`${head}${story(trace, { money: (minor) => money(minor, quote.currency), campaign: nameOfAny, line: nameOfAny })}`;
    }
  }
}
