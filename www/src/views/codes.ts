import type { Outcome, Quote } from 'counterfoil';
import { campaignName } from '../campaign-names';
import { money, off } from '../format';
import { html, type Markup } from '../html';
import { reasonWords } from '../reason-words';
import { icons } from './icons';

/** What a code gives, in a few words. */
function gift(outcome: Outcome, quote: Quote): string {
  if (outcome.discount > 0) return off(outcome.discount, quote.currency);
  return 'accepted';
}

/** What becomes of a code that gives nothing now. */
function fate(outcome: Outcome | undefined): string {
  switch (outcome?.status) {
    case 'dormant':
      return 'is waiting for your basket';
    case 'deferred':
      return 'is checked when you order';
    case 'skipped':
      return 'is not used';
    default:
      return 'does not apply';
  }
}

function chip(code: string, outcome: Outcome | undefined, quote: Quote): Markup {
  const drop = html`<button type="button" class="chip-drop" data-do="drop-code" data-code="${code}" aria-label="Remove the code ${code}">${icons.close}</button>`;
  if (outcome?.status === 'applied') {
    return html`<li class="chip given" data-key="${code}">${icons.check}<p><b>${code}</b> <span>${campaignName(outcome.redeemable ?? '').name}</span></p><strong>${gift(outcome, quote)}</strong>${drop}</li>`;
  }
  const reasons = outcome?.reasons ?? [];
  const waiting = outcome?.status === 'dormant' || outcome?.status === 'deferred';
  return html`<li class="chip ${waiting ? 'waiting' : outcome?.status === 'skipped' ? 'skipped' : 'refused'}" data-key="${code}">
    ${waiting ? icons.clock : icons.alert}
    <p><b>${code}</b> <span>${fate(outcome)}</span>
      ${reasons.map((reason) => html`<span class="chip-why">${reasonWords(reason, quote.currency)}</span>`)}</p>
    ${drop}
  </li>`;
}

/** The answer to a code as it is read out. */
export function codeAnswer(code: string, quote: Quote): string {
  const outcome = quote.outcomes.find((found) => found.code === code);
  if (!outcome) return '';
  if (outcome.status === 'applied')
    return `Code ${code} accepted: ${outcome.discount > 0 ? `${money(outcome.discount, quote.currency)} off` : campaignName(outcome.redeemable ?? '').name}.`;
  const why = outcome.reasons.map((reason) => reasonWords(reason, quote.currency)).join(' ');
  return `Code ${code} ${fate(outcome)}. ${why}`;
}

export function codes(quote: Quote, entered: readonly string[]): Markup {
  return html`<section class="codes" aria-label="Codes" data-key="codes">
    <form data-do="enter-code">
      <label for="code">Code</label>
      <div class="code-row">
        <input id="code" name="code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="done" maxlength="64" placeholder="try WELCOME10">
        <button type="submit" class="quiet">Apply</button>
      </div>
    </form>
    ${
      entered.length > 0 &&
      html`<ul class="chips">${entered.map((code) =>
        chip(
          code,
          quote.outcomes.find((outcome) => outcome.code === code),
          quote,
        ),
      )}</ul>`
    }
  </section>`;
}
