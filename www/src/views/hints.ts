import type { Hint, Quote, Step } from 'counterfoil';
import { deliveries, type Picked } from '../basket';
import { campaignName } from '../campaign-names';
import { counted, money, timeOf } from '../format';
import { html, type Markup } from '../html';

/** The nearest things to reach, best worth per effort first, as the engine sorted them. */

const shownAtOnce = 3;

interface Page {
  hint: Hint;
  lines: readonly Picked[];
  quote: Quote;
}

const deliveryOf = (value: string) => deliveries[value as keyof typeof deliveries] as (typeof deliveries)[keyof typeof deliveries] | undefined;

/** What a step asks for, in the words of the page. */
function words(step: Step, { hint, lines, quote }: Page): string {
  const [one, many] = campaignName(hint.redeemable).unit ?? ['piece', 'pieces'];
  switch (step.code) {
    case 'spend':
    case 'spend_on':
      return `${money(step.params.amount, quote.currency)} more`;
    case 'add_units': {
      const line = lines.find(({ sku }) => sku === step.params.line);
      const name = line?.goods.name ?? (step.params.units === 1 ? one : many);
      return `${step.params.units} more ${name}`;
    }
    case 'add_products':
    case 'add_products_of':
      return `${counted(step.params.units, one, many)} more`;
    case 'sign_in':
      return 'Sign in';
    case 'join_segment':
      return 'Become a member';
    case 'choose':
      return `${deliveryOf(step.params.value)?.name ?? step.params.value} instead`;
    case 'wait':
      return `Order from ${timeOf(step.params.until)} on`;
    case 'hurry':
      return `Order before ${timeOf(step.params.until)}`;
    case 'accept_gift':
      return `Accept ${counted(step.params.units, one, many)}`;
    case 'enter_code':
      return `Code ${step.params.code}`;
    case 'remove_code':
      return `Without the code ${step.params.code}`;
  }
}

/** What the page can do for the shopper. */
function button(step: Step, { lines }: Page): Markup | false {
  switch (step.code) {
    case 'add_units': {
      const line = lines.find(({ sku }) => sku === step.params.line);
      return (
        line !== undefined &&
        html`<button type="button" class="quiet" data-do="take" data-product="${line.product}" data-colour="${line.colour}" data-quantity="${line.quantity + step.params.units}">Add ${step.params.units}<span class="unseen"> ${line.goods.name}</span></button>`
      );
    }
    case 'choose':
      return (
        deliveryOf(step.params.value) !== undefined &&
        html`<button type="button" class="quiet" data-do="deliver" data-delivery="${step.params.value}">Choose<span class="unseen"> ${step.params.value} delivery</span></button>`
      );
    case 'enter_code':
      return html`<button type="button" class="quiet" data-do="use-code" data-code="${step.params.code}">Use it<span class="unseen">: ${step.params.code}</span></button>`;
    case 'remove_code':
      return html`<button type="button" class="quiet" data-do="drop-code" data-code="${step.params.code}">Take it out<span class="unseen">: ${step.params.code}</span></button>`;
    default:
      return false;
  }
}

function gain({ hint, quote }: Page): string | false {
  const amount = hint.saves > 0 ? Math.min(hint.saves, hint.worth) : hint.worth;
  if (amount > 0) return `worth ${money(amount, quote.currency)}`;
  return hint.points > 0 && `${counted(hint.points, 'point', 'points')} more`;
}

function hintLine(page: Page): Markup {
  const { hint, quote } = page;
  const { goal } = campaignName(hint.redeemable);
  const wanted = hint.steps.map((step) => words(step, page)).join(' and ');
  const value = gain(page);
  const progress =
    hint.measure === 'amount' ? `${money(hint.actual, quote.currency)} of ${money(hint.required, quote.currency)}` : `${hint.actual} of ${hint.required}`;
  return html`<li class="hint" data-key="${hint.redeemable}-${hint.steps.map((step) => step.code).join('-')}">
    <p><b>${wanted}</b> for ${goal}</p>
    ${value && html`<p class="hint-worth"><span class="unseen">which is </span>${value}</p>`}
    ${
      hint.measure !== 'step' &&
      html`<progress max="${hint.required}" value="${hint.actual}" aria-label="${progress} for ${goal}"></progress>
    <p class="hint-count" aria-hidden="true">${progress}</p>`
    }
    ${hint.steps.map((step) => button(step, page))}
  </li>`;
}

export function hints(quote: Quote, lines: readonly Picked[]): Markup | false {
  const found = (quote.hints ?? []).slice(0, shownAtOnce);
  if (found.length === 0) return false;
  return html`<section class="hints" aria-labelledby="hints-title" data-key="hints">
    <h2 id="hints-title">Within reach</h2>
    <ul>${found.map((hint) => hintLine({ hint, lines, quote }))}</ul>
  </section>`;
}
