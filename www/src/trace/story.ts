import type { CampaignTrace, DiscountTrace, LineTrace, Trace } from 'counterfoil/workshop';
import { html, type Markup } from '../html';

/** How a quote came about, told from its trace: what became of each unit, and what each campaign did and why. */

export interface Telling {
  money: (minor: number) => string;
  campaign: (id: string) => string;
  line: (id: string) => string;
  /** Marks reasons that name a place in a campaign, so that the page can lead there. */
  places?: boolean;
}


/** A text of the engine as a sentence. */
function sentence(text: string): string {
  const plain = text.replaceAll('`', '').trim();
  return plain === '' ? '' : `${plain.charAt(0).toUpperCase()}${plain.slice(1)}${/[.!?]$/.test(plain) ? '' : '.'}`;
}

function units({ id, units: runs }: LineTrace, telling: Telling): Markup {
  return html`<li class="story-line" data-key="${id}">
    <h4>${telling.line(id)}</h4>
    <ul>
      ${runs.map(
        ({ count, price, steps, total }) => html`<li class="story-run">
          <span class="story-count">${count} ×</span>
          <span>${telling.money(price)}</span>
          ${steps.map((step) => html`<span class="story-step"><b>−${telling.money(step.taken)}</b> ${telling.campaign(step.redeemable)}</span>`)}
          ${steps.length > 0 && html`<span class="story-total">= ${telling.money(total)}</span>`}
        </li>`,
      )}
    </ul>
  </li>`;
}

const joined = (lines: readonly string[], telling: Telling) => lines.map(telling.line).join(', ');

/** What one discount did, in the order in which it happened. */
function deeds(discount: DiscountTrace, telling: Telling): string[] {
  const { money } = telling;
  const told: string[] = [];
  for (const { percent, of, exact, mode, to } of discount.rounded ?? []) {
    told.push(`${percent} % of ${money(of)} is ${exact} minor units, ${mode.replaceAll('_', ' ')}: ${money(to)}`);
  }
  for (const { by, from, to, lines } of discount.cuts ?? []) {
    told.push(`cut by the ${by} from ${money(from)} to ${money(to)}${lines ? ` on ${joined(lines, telling)}` : ''}`);
  }
  if (discount.spread && discount.spread.weights.length > 1) told.push(`${money(discount.spread.amount)} spread in proportion`);
  for (const { lines, before, taken, after, units: some, from, exact } of discount.shares ?? []) {
    const which = some === undefined ? '' : ` (${from === 'all' ? '' : `${from} `}${some} ${some === 1 ? 'unit' : 'units'})`;
    const share = exact === undefined || exact === String(taken) ? '' : `, a share of ${exact} minor units`;
    told.push(`${joined(lines, telling)}${which}: ${money(before)} − ${money(taken)} = ${money(after)}${share}`);
  }
  for (const { shipping, before, taken, after } of discount.shipping ?? []) {
    told.push(`${shipping} shipping: ${money(before)} − ${money(taken)} = ${money(after)}`);
  }
  for (const { lines, units: gone } of discount.gone ?? []) told.push(`${gone} of ${joined(lines, telling)} were used up before`);
  if (discount.onOriginal && told.length > 0) told.push('measured on original prices');
  return told;
}

function campaign(traced: CampaignTrace, telling: Telling): Markup {
  const { redeemable, applied, amount, points, code, discounts, reasons, deal, lostTo } = traced;
  const gives = amount > 0 ? html`<b class="story-amount">−${telling.money(amount)}</b>` : points > 0 ? html`<b class="story-amount">${points} points</b>` : '';
  const told = applied ? discounts.flatMap((discount) => deeds(discount, telling)) : [];
  return html`<li class="story-campaign ${applied ? 'applied' : 'left'}" data-key="${redeemable}-${code ?? ''}">
    <p class="story-name">${telling.campaign(redeemable)} ${code && html`<span class="code-mark">${code}</span>`} ${gives}</p>
    ${told.length > 0 && html`<ul>${told.map((deed) => html`<li>${deed}</li>`)}</ul>`}
    ${reasons.map((reason) => {
      const why = sentence(`${reason.message}: ${reason.help}`);
      const at = reason.at?.document === 'campaign' ? reason.at.pointer : undefined;
      return html`<p class="story-why">${why} ${telling.places && at !== undefined && html`<button type="button" class="bare" data-campaign="${redeemable}" data-pointer="${at}">Show ${at === '' ? 'it' : at}</button>`}</p>`;
    })}
    ${deal && html`<p class="story-why">The combination that applies saves ${telling.money(deal.saved)}${deal.savedWithIt === undefined ? '; this campaign fits into none' : `; the best one with this campaign ${telling.money(deal.savedWithIt)}`}.</p>`}
    ${lostTo && html`<p class="story-why">In its place: ${lostTo.map((other) => telling.campaign(other)).join(', ')}.</p>`}
  </li>`;
}

export function story(trace: Trace, telling: Telling): Markup {
  const applied = trace.campaigns.filter((traced) => traced.applied);
  const left = trace.campaigns.filter((traced) => !traced.applied);
  return html`<div class="story" data-key="story">
    ${trace.lines.length + trace.shipping.length > 0 && html`<h3>Each unit</h3>`}
    <ul>${trace.lines.map((line) => units(line, telling))}
      ${trace.shipping.map(
        ({ id, price, steps, total }) => html`<li class="story-line"><h4>${id} shipping</h4><ul><li class="story-run"><span>${telling.money(price)}</span>${steps.map((step) => html`<span class="story-step"><b>−${telling.money(step.taken)}</b> ${telling.campaign(step.redeemable)}</span>`)}${steps.length > 0 && html`<span class="story-total">= ${telling.money(total)}</span>`}</li></ul></li>`,
      )}</ul>
    ${applied.length > 0 && html`<h3>What applied, in order</h3><ul>${applied.map((traced) => campaign(traced, telling))}</ul>`}
    ${left.length > 0 && html`<h3>What did not, and why</h3><ul>${left.map((traced) => campaign(traced, telling))}</ul>`}
  </div>`;
}

