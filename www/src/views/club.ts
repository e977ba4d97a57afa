import { type Club, type Entry, orderNumber } from '../account';
import { nameOfAny, rewardNames } from '../elements';
import { dateOf, money, signed } from '../format';
import { html, type Markup } from '../html';
import { shelfAddress } from '../routes';
import type { Shop } from '../shop';

/** Points, level, rewards and invitations of a member, shown by the elements of the package. */

const rules: Readonly<Record<string, string>> = {
  'earlier-orders': 'Your orders so far',
  referral: 'A friend ordered',
};

function wordsOf({ type, rule, reward, order }: Entry): string {
  const which = order === undefined ? '' : `, order ${orderNumber(order)}`;
  switch (type) {
    case 'earned':
      return `${rule === undefined ? 'Earned' : (rules[rule] ?? nameOfAny(rule))}${which}`;
    case 'spent':
      return reward === undefined ? 'Spent' : (rewardNames[reward]?.name ?? nameOfAny(reward));
    case 'taken_back':
      return `Sent back${which}`;
    case 'expired':
      return 'Expired';
    case 'credited':
      return 'A gift of the house';
  }
}

const statement = (entries: readonly Entry[]) => html`<section class="sheet" aria-labelledby="statement-title">
  <h2 id="statement-title">Statement</h2>
  ${
    entries.length === 0
      ? html`<p class="wait">Your first order begins it.</p>`
      : html`<table class="statement">
    <thead><tr><th scope="col">Date</th><th scope="col">What</th><th scope="col">Points</th></tr></thead>
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
  const head = html`<h1 tabindex="-1">The quay club</h1>`;
  if (!account) return html`<div class="club" data-key="club">${head}<p class="wait">The shop could not be asked yet.</p></div>`;
  if (!account.club) {
    return html`<div class="club" data-key="club">${head}<p class="wait">A point for every euro, levels, and things to have for them. Choose somebody to shop as, at the top: guests have no account.</p><a class="quiet" href="${shelfAddress()}">To the shelves</a></div>`;
  }
  const { expiring, entries, treats, invitation, isInvited, points } = account.club;
  return html`<div class="club" data-key="club">
    ${head}
    ${expiring && html`<counterfoil-expiring-points data-key="expiring" points="${expiring.points}" at="${expiring.at}" href="#rewards"></counterfoil-expiring-points>`}
    ${isInvited && html`<p class="notice calm" data-key="invited">A friend sent you: €10 come off your first order of €30 or more.</p>`}
    <div class="club-split">
      <div>
        ${card(account.club)}
        ${account.credit > 0 && html`<p class="sheet club-credit" data-key="credit"><b>${money(account.credit)}</b> of store credit pay your next order first.</p>`}
        ${statement(entries)}
      </div>
      <div>
        <section class="sheet" id="rewards" aria-label="What points buy">
          ${shop.trouble?.rewards && html`<p class="stub-note warn">${shop.trouble.message}</p>`}
          <counterfoil-rewards data-key="rewards" points="${points}"></counterfoil-rewards>
          ${treats.length > 0 && html`<h3>What you exchanged</h3><ul class="treats">${treats.map(({ key, reward, at }) => html`<li data-key="${key}">${rewardNames[reward]?.name ?? nameOfAny(reward)} <span>${dateOf(at)}</span></li>`)}</ul>`}
        </section>
        <counterfoil-referral-card data-key="referral" link="${invitation.link}" friend-gets="€10 off" you-get="200 points" friends="${invitation.friends}"></counterfoil-referral-card>
      </div>
    </div>
  </div>`;
}
