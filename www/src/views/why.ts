import { reasonText } from 'counterfoil/elements';
import { money } from '../format';
import { html, type Markup } from '../html';
import type { Shop } from '../shop';
import { story } from '../trace/story';
import english from '../trace/messages.en';
import { say, storyWords } from '../words';
import { filled } from '../words/message';
import { locale } from '../words/locale';
import { allNames, methodName, nameOfAny } from '../words/names';
import { icons } from './icons';

/** How every amount of the basket came about, as the engine's own trace tells it. */
export function why(shop: Shop): Markup {
  const { explanation } = shop;
  const head = html`<div class="why-head"><h2 id="why-title" tabindex="-1">${say('why_title')}</h2><button type="button" class="why-close" data-do="close-why" aria-label="${say('close')}">${icons.close}</button></div>`;
  switch (explanation.state) {
    case 'none':
      return html``;
    case 'asking':
      return html`${head}<p role="status">${say('why_fetching')}</p>`;
    case 'failed':
      return html`${head}<p role="status">${say('why_failed')}</p>`;
    case 'told': {
      const { quote, trace } = explanation.traced;
      const { currency } = quote;
      return html`${head}${story(trace, {
        say: (key, values) => filled(storyWords(english)[key], values, currency),
        money: (minor) => money(minor, currency),
        campaign: nameOfAny,
        line: nameOfAny,
        method: methodName,
        reason: (reason) => reasonText(reason, { locale: locale(), currency, names: allNames() }),
      })}`;
    }
  }
}
