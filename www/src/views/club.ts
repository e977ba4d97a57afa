import { type Club, type Entry, orderNumber } from '../account';
import { dateOf, signed } from '../format';
import { html, type Markup } from '../html';
import { shelfAddress } from '../routes';
import type { Shop } from '../shop';
import { saidOf, say } from '../words';
import { nameOfAny } from '../words/names';
import { refusalText } from '../words/refusals';

/** Points, level, rewards and invitations of a member, shown by the elements of the package. */

// what an invitation gives, as examples/storefront.json has it
const friendSaves = 1000;
const friendSpends = 3000;
const pointsForFriend = 200;

function wordsOf({ type, rule, reward, order }: Entry): string {
  const what = saidOf(`rule_${rule}`) ?? nameOfAny(rule ?? reward ?? '');
  const told = what === '' || type === 'taken_back' ? say(`entry_${type}`) : what;
  return order === undefined ? told : say('entry_of_order', { what: told, number: orderNumber(order) });
}

const statement = (entries: readonly Entry[]) => html`<section class="sheet" aria-labelledby="statement-title">
  <h2 id="statement-title">${say('statement')}</h2>
  ${
    entries.length === 0
      ? html`<p class="wait">${say('statement_empty')}</p>`
      : html`<table class="statement">
    <thead><tr><th scope="col">${say('date')}</th><th scope="col">${say('what')}</th><th scope="col">${say('points_column')}</th></tr></thead>
    <tbody>${entries.map(
      (entry) => html`<tr data-key="${entry.seq}"><td>${dateOf(entry.at)}</td><td>${wordsOf(entry)}</td><td class="${entry.points < 0 ? 'less' : 'more'}">${signed(entry.points)}</td></tr>`,
    )}</tbody>
  </table>`
  }
</section>`;

function card({ points, pending, level, levelUntil, next }: Club): Markup {
  return html`<counterfoil-points-card data-key="card" points="${points}" pending="${pending}"
    ${level && html`level="${nameOfAny(level)}"`} ${levelUntil && html`level-until="${levelUntil}"`}
    ${next && html`next-level="${nameOfAny(next.level)}" required="${next.required}" actual="${next.actual}"`}></counterfoil-points-card>`;
}

export function club(shop: Shop): Markup {
  const { account } = shop;
  const head = html`<h1 tabindex="-1">${say('club_title')}</h1>`;
  if (!account) return html`<div class="club" data-key="club">${head}<p class="wait">${say('not_asked_yet')}</p></div>`;
  if (!account.club) {
    return html`<div class="club" data-key="club">${head}<p class="wait">${say('club_guest')}</p><a class="quiet" href="${shelfAddress()}">${say('to_shelves')}</a></div>`;
  }
  const { expiring, entries, treats, invitation, isInvited, points } = account.club;
  return html`<div class="club" data-key="club">
    ${head}
    ${expiring && html`<counterfoil-expiring-points data-key="expiring" points="${expiring.points}" at="${expiring.at}" href="#rewards"></counterfoil-expiring-points>`}
    ${isInvited && html`<p class="notice calm" data-key="invited">${say('club_invited', { amount: friendSaves, least: friendSpends })}</p>`}
    <div class="club-split">
      <div>
        ${card(account.club)}
        ${account.credit > 0 && html`<p class="sheet club-credit" data-key="credit">${say('club_credit', { amount: account.credit })}</p>`}
        ${statement(entries)}
      </div>
      <div>
        <section class="sheet" id="rewards" aria-label="${say('what_points_buy')}">
          ${shop.trouble?.rewards && html`<p class="stub-note warn">${refusalText(shop.trouble.code)}</p>`}
          <counterfoil-rewards data-key="rewards" points="${points}"></counterfoil-rewards>
          ${treats.length > 0 && html`<h3>${say('exchanged')}</h3><ul class="treats">${treats.map(({ key, reward, at }) => html`<li data-key="${key}">${nameOfAny(reward)} <span>${dateOf(at)}</span></li>`)}</ul>`}
        </section>
        <counterfoil-referral-card data-key="referral" link="${invitation.link}" friend-gets="${say('sum_off', { amount: friendSaves })}" you-get="${say('points', { points: pointsForFriend })}" friends="${invitation.friends}"></counterfoil-referral-card>
      </div>
    </div>
  </div>`;
}
