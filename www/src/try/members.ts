import { money } from 'counterfoil/elements';
import type { Follows, LoyaltyView } from 'counterfoil/workshop';
import { html, type Markup } from '../html';

/** What members earn and have, beside a cart or after something happened. */

const amount = (points: number, unit: string) => (unit === 'points' ? `${points} ${points === 1 ? 'point' : 'points'}` : money(points, unit, 'en'));

function one({ programme, unit, earned, points, available, progress, after, hints, rewards, expiring }: LoyaltyView): Markup {
  return html`<li class="story-campaign ${points > 0 ? 'applied' : 'left'}" data-key="${programme}">
    <p class="story-name">${programme} ${points > 0 && html`<b class="story-amount">+${amount(points, unit)}</b>`}</p>
    <ul>
      ${earned.map((rule) => html`<li>${rule.rule}: ${amount(rule.points, unit)}</li>`)}
      ${available > 0 && html`<li>${amount(available, unit)} to spend now</li>`}
      ${expiring.slice(0, 1).map((next) => html`<li>${amount(next.amount, unit)} expire on ${new Date(next.at).toISOString().slice(0, 10)}</li>`)}
      ${progress?.level !== undefined && html`<li>level ${progress.level}${after?.level !== undefined && after.level !== progress.level && html`, with this order ${after.level}`}</li>`}
      ${hints.map((hint) => html`<li>${hint.message.replaceAll('`', '')}</li>`)}
      ${rewards.map((reward) => html`<li>${reward.reward}: ${amount(reward.points, unit)}${reward.isForOthers ? ', for members of another level' : reward.missing > 0 ? `, ${amount(reward.missing, unit)} short` : ', within reach'}</li>`)}
    </ul>
  </li>`;
}

export const members = (programmes: readonly LoyaltyView[]): Markup => html`<h2>What the member gets</h2><ul class="story">${programmes.map(one)}</ul>`;

export function following({ earned, commands, gives }: Follows): Markup {
  return html`<h2>What follows</h2>
    ${earned.length === 0 && gives.length === 0 && commands.length === 0 && html`<p>Nothing: no rule is about this.</p>`}
    <ul class="story">
      ${earned.map(({ programme, rule, points }) => html`<li class="story-campaign applied"><p class="story-name">${programme}: ${rule} <b class="story-amount">+${points}</b></p></li>`)}
      ${gives.map(({ customer, gives: gift }) => html`<li class="story-campaign applied"><p class="story-name">${customer} is given ${gift.type.replaceAll('_', ' ')}</p></li>`)}
    </ul>
    ${commands.length > 0 && html`<h3>Commands for the ledger</h3><pre tabindex="0" aria-label="Commands for the ledger">${JSON.stringify(commands, null, 2)}</pre>`}`;
}
