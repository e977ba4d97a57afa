import type { CampaignTrace, CutTrace, DiscountTrace, LineTrace, Trace } from 'counterfoil/workshop';
import { html, type Markup } from '../html';
import type { Values } from '../words/message';
import type messages from './messages.en';

/** How a quote came about, told from its trace: what became of each unit, and what each campaign did and why. */

export type StoryKey = keyof typeof messages;

type Reason = CampaignTrace['reasons'][number];

export interface Telling {
  say: (key: StoryKey, values?: Values) => string;
  money: (minor: number) => string;
  campaign: (id: string) => string;
  line: (id: string) => string;
  /** A way of delivery. */
  method: (id: string) => string;
  /** Why a campaign does not apply, and what would change it. */
  reason: (reason: Reason) => string;
  /** Marks reasons that name a place in a campaign, so that the page can lead there. */
  places?: boolean;
}

function units({ id, units: runs }: LineTrace, telling: Telling): Markup {
  return html`<li class="story-line" data-key="${id}">
    <h4>${telling.line(id)}</h4>
    <ul>
      ${runs.map(
        ({ count, price, steps, total }) => html`<li class="story-run">
          <span class="story-count">${count} ×</span>
          <span>${telling.money(price)}</span>
          ${steps.map((step) => html`<span class="story-step"><b>${taken(step.taken, telling)}</b> ${telling.campaign(step.redeemable)}</span>`)}
          ${steps.length > 0 && html`<span class="story-total">= ${telling.money(total)}</span>`}
        </li>`,
      )}
    </ul>
  </li>`;
}

/** With a real minus sign where the language has it. */
const taken = (amount: number, telling: Telling) => telling.money(-amount).replace('-', '−');

const joined = (lines: readonly string[], telling: Telling) => lines.map(telling.line).join(', ');

const modes: Readonly<Record<string, StoryKey>> = {
  half_up: 'story_half_up',
  half_down: 'story_half_down',
  half_even: 'story_half_even',
  up: 'story_up',
  down: 'story_down',
};

const limits: Readonly<Record<string, StoryKey>> = { cap: 'story_cut_by_cap', floor: 'story_cut_by_floor', budget: 'story_cut_by_budget' };

const picks: Readonly<Record<string, StoryKey>> = { all: 'story_of_all', cheapest: 'story_of_cheapest', dearest: 'story_of_dearest' };

function cut({ by, from, to, lines }: CutTrace, telling: Telling): string {
  const told = telling.say(limits[by] ?? 'story_cut_by_cap', { before: from, after: to });
  return lines ? telling.say('story_cut_on', { lines: joined(lines, telling), cut: told }) : told;
}

/** What one discount did, in the order in which it happened. */
function deeds(discount: DiscountTrace, telling: Telling): string[] {
  const { say } = telling;
  const told: string[] = [];
  for (const { percent, of, exact, mode, to } of discount.rounded ?? []) {
    told.push(say('story_percent', { percent, of, exact, to, mode: say(modes[mode] ?? 'story_half_up') }));
  }
  for (const one of discount.cuts ?? []) told.push(cut(one, telling));
  if (discount.spread && discount.spread.weights.length > 1) told.push(say('story_spread', { amount: discount.spread.amount }));
  for (const { lines: shared, before, taken: gone, after, units: some, from, exact } of discount.shares ?? []) {
    const named = joined(shared, telling);
    const lines = some === undefined ? named : say(picks[from] ?? 'story_of_all', { lines: named, units: some });
    const isWhole = exact === undefined || exact === String(gone);
    told.push(say(isWhole ? 'story_taken' : 'story_taken_share', { lines, before, taken: gone, after, exact: exact ?? '' }));
  }
  for (const { shipping, before, taken: gone, after } of discount.shipping ?? []) {
    told.push(say('story_taken', { lines: say('story_shipping', { method: telling.method(shipping) }), before, taken: gone, after }));
  }
  for (const { lines, units: gone } of discount.gone ?? []) told.push(say('story_gone', { gone, lines: joined(lines, telling) }));
  if (discount.onOriginal && told.length > 0) told.push(say('story_original'));
  return told;
}

function campaign(traced: CampaignTrace, telling: Telling): Markup {
  const { say } = telling;
  const { redeemable, applied, amount, points, code, discounts, reasons, deal, lostTo } = traced;
  const gives = amount > 0 ? taken(amount, telling) : points > 0 ? say('story_points', { points }) : undefined;
  const told = applied ? discounts.flatMap((discount) => deeds(discount, telling)) : [];
  const other = deal?.savedWithIt;
  return html`<li class="story-campaign ${applied ? 'applied' : 'left'}" data-key="${redeemable}-${code ?? ''}">
    <p class="story-name">${telling.campaign(redeemable)} ${code && html`<span class="code-mark">${code}</span>`} ${gives !== undefined && html`<b class="story-amount">${gives}</b>`}</p>
    ${told.length > 0 && html`<ul>${told.map((deed) => html`<li>${deed}</li>`)}</ul>`}
    ${reasons.map((reason) => {
      const at = reason.at?.document === 'campaign' ? reason.at.pointer : undefined;
      return html`<p class="story-why">${telling.reason(reason)} ${telling.places && at !== undefined && html`<button type="button" class="bare" data-campaign="${redeemable}" data-pointer="${at}">${at === '' ? say('story_show_whole') : say('story_show', { place: at })}</button>`}</p>`;
    })}
    ${deal && html`<p class="story-why">${other === undefined ? say('story_deal_none', { saved: deal.saved }) : say('story_deal', { saved: deal.saved, other })}</p>`}
    ${lostTo && html`<p class="story-why">${say('story_lost_to', { others: lostTo.map(telling.campaign).join(', ') })}</p>`}
  </li>`;
}

export function story(trace: Trace, telling: Telling): Markup {
  const { say } = telling;
  const applied = trace.campaigns.filter((traced) => traced.applied);
  const left = trace.campaigns.filter((traced) => !traced.applied);
  return html`<div class="story" data-key="story">
    ${trace.lines.length + trace.shipping.length > 0 && html`<h3>${say('story_units')}</h3>`}
    <ul>${trace.lines.map((line) => units(line, telling))}
      ${trace.shipping.map(
        ({ id, price, steps, total }) => html`<li class="story-line"><h4>${say('story_shipping', { method: telling.method(id) })}</h4><ul><li class="story-run"><span>${telling.money(price)}</span>${steps.map((step) => html`<span class="story-step"><b>${taken(step.taken, telling)}</b> ${telling.campaign(step.redeemable)}</span>`)}${steps.length > 0 && html`<span class="story-total">= ${telling.money(total)}</span>`}</li></ul></li>`,
      )}</ul>
    ${applied.length > 0 && html`<h3>${say('story_applied')}</h3><ul>${applied.map((traced) => campaign(traced, telling))}</ul>`}
    ${left.length > 0 && html`<h3>${say('story_left')}</h3><ul>${left.map((traced) => campaign(traced, telling))}</ul>`}
  </div>`;
}
