import type { Hint, Quote } from 'counterfoil';
import type { Picked } from '../basket';
import { campaignName } from '../campaign-names';
import { money } from '../format';
import { html, type Markup } from '../html';

/** The nearest things to reach, best worth per effort first, as the engine sorted them. */

const shownAtOnce = 3;

function hintLine(hint: Hint, lines: readonly Picked[], quote: Quote): Markup {
  const campaign = campaignName(hint.redeemable);
  const step = hint.step;
  const line = step.type === 'add_units' ? lines.find(({ sku }) => sku === step.line) : undefined;
  let wanted: string;
  if (step.type === 'spend') wanted = `${money(step.amount, quote.currency)} more`;
  else {
    const [one, many] = line ? [line.goods.name, line.goods.name] : (campaign.unit ?? ['piece', 'pieces']);
    wanted = `${step.units} more ${step.units === 1 ? one : many}`;
  }
  const progress =
    hint.measure === 'amount' ? `${money(hint.actual, quote.currency)} of ${money(hint.required, quote.currency)}` : `${hint.actual} of ${hint.required}`;
  return html`<li class="hint" data-key="${hint.redeemable}-${step.type}">
    <p><b>${wanted}</b> for ${campaign.goal}</p>
    ${hint.worth > 0 && html`<p class="hint-worth"><span class="unseen">which is </span>worth ${money(hint.worth, quote.currency)}</p>`}
    <progress max="${hint.required}" value="${hint.actual}" aria-label="${progress} for ${campaign.goal}"></progress>
    <p class="hint-count" aria-hidden="true">${progress}</p>
    ${
      line &&
      step.type === 'add_units' &&
      html`<button type="button" class="quiet" data-do="take" data-product="${line.product}" data-colour="${line.colour}" data-quantity="${line.quantity + step.units}">Add ${step.units}<span class="unseen"> ${line.name}</span></button>`
    }
  </li>`;
}

export function hints(quote: Quote, lines: readonly Picked[]): Markup | false {
  const found = (quote.hints ?? []).slice(0, shownAtOnce);
  if (found.length === 0) return false;
  return html`<section class="hints" aria-labelledby="hints-title" data-key="hints">
    <h2 id="hints-title">Within reach</h2>
    <ul>${found.map((hint) => hintLine(hint, lines, quote))}</ul>
  </section>`;
}
