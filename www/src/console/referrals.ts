import { minorOf, money } from '../format';
import { type Markup, html } from '../html';
import type { Open, View } from './view';
import { number, percentOf } from './words';
import { type Referrals, worker } from './worker';

/** What the page is asked: amounts as they were typed. */
interface Asked {
  currency: string | undefined;
  reward: string;
  value: string;
}

/** Who brings most friends, and what comes back of the rewards for it. */
export const referrals: Open = async (desk): Promise<View> => {
  const asked: Asked = { currency: undefined, reward: '', value: '' };
  let told = await worker.referrals({});
  const again = async () => {
    const amount = (typed: string) => (typed === '' ? undefined : minorOf(typed, told.currency || 'EUR'));
    const [reward, lifetimeValue] = [amount(asked.reward), amount(asked.value)];
    const unclear = [[asked.reward, reward] as const, [asked.value, lifetimeValue] as const].find(([typed, found]) => typed !== '' && found === undefined);
    if (unclear) return desk.say(`${unclear[0]} is no amount of money. Write it as 12.50.`);
    told = await worker.referrals({ currency: asked.currency, reward, lifetimeValue });
    desk.redraw();
  };
  return {
    title: 'Referrals',
    draw: () => html`<div class="page-head"><h1>Referrals</h1></div>
      ${board(told)}
      ${growth(told, asked)}`,
    acts: {
      work(_data, form) {
        asked.reward = String(form.get('reward')).trim();
        asked.value = String(form.get('value')).trim();
        return again();
      },
      currency({ value }) {
        // amounts of one currency say nothing in another
        Object.assign(asked, { currency: value, reward: '', value: '' });
        return again();
      },
    },
  };
};

function board({ leaders }: Referrals): Markup {
  return html`<section class="sheet table">
    <h2>Who brings most friends</h2>
    ${leaders.length === 0 ? html`<p class="soft">No invited friend has converted yet. Who invited them appears here as soon as one does.</p>` : html`<table>
      <caption class="unseen">Referrers, the most successful first</caption>
      <thead><tr><th scope="col">Place</th><th scope="col">Referrer</th><th scope="col" class="figure">Friends who converted</th></tr></thead>
      <tbody>${leaders.map(
        ({ referrer, conversions }, at) => html`<tr data-key="${referrer}"><td data-label="Place">${at + 1}</td><th scope="row"><a href="#/customers?customer=${encodeURIComponent(referrer)}"><code>${referrer}</code></a></th>
          <td data-label="Friends who converted" class="figure">${number(conversions)}</td></tr>`,
      )}</tbody></table>`}
  </section>`;
}

function growth(told: Referrals, asked: Asked): Markup {
  const { currency, currencies, customers, invitations, conversions, lifetimeValue, invitationsPerCustomer, conversionRate, k } = told;
  const tile = (name: string, value: string, note: string) => html`<div class="tile"><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;
  const own = asked.value !== '';
  return html`<section class="sheet growth">
    <h2>What inviting brings</h2>
    <form class="filters" data-act="work">
      ${currencies.length > 1 && html`<label>Currency <select name="currency" data-act="currency">${currencies.map((name) => html`<option value="${name}" ${name === currency && html`selected`}>${name}</option>`)}</select></label>`}
      <label>Rewards for one friend, both sides, in ${currency || 'EUR'} <input name="reward" inputmode="decimal" required maxlength="16" value="${asked.reward}"></label>
      <label>What a customer is worth, if you know better <input name="value" inputmode="decimal" maxlength="16" value="${asked.value}"></label>
      <button class="primary">Work out</button>
    </form>
    <dl class="tiles">
      ${tile('Friends who came', number(invitations), `${invitationsPerCustomer ?? '–'} for each of ${number(customers)} customers`)}
      ${tile('Friends who converted', number(conversions), conversionRate === null ? 'nobody came yet' : `${percentOf(conversionRate)} of those who came`)}
      ${tile('k: new customers from each', k ?? '–', 'friends who came per customer × the share that converted')}
      ${tile('A customer is worth', lifetimeValue === null ? '–' : money(lifetimeValue, currency || 'EUR'), own ? 'as you say' : 'paid on average so far, refunds not taken off')}
    </dl>
    <div role="status">${returned(told)}</div>
  </section>`;
}

/** The return on investment, with the way it is worked out. */
function returned({ currency, lifetimeValue, k, reward, returnOnReward }: Referrals): Markup {
  if (lifetimeValue === null || k === null) return html`<p class="soft">Once customers have ordered, this tells what comes back of the rewards.</p>`;
  if (reward === null) return html`<p class="soft">Say what the rewards for one friend cost: yours to the friend and to who invited them, together. Then this tells what comes back of it.</p>`;
  if (returnOnReward === null) return html`<p class="soft">A reward that costs nothing has no return: there is nothing to divide by.</p>`;
  const [worth, cost] = [money(lifetimeValue, currency), money(reward, currency)];
  const isLoss = returnOnReward.startsWith('-');
  return html`<p class="taken">The return on the rewards is <strong class="${isLoss ? 'loss' : 'gain'}">${percentOf(returnOnReward)}</strong>.</p>
    <p>A friend who converts is worth ${worth}, and brings ${k} more like them. ${isLoss ? `The ${cost} of rewards are not earned back.` : `Once the ${cost} of rewards are earned back, ${percentOf(returnOnReward)} of them are left.`}</p>
    <p class="soft">(LTV × (1 + k) − reward) ÷ reward = (${worth} × (1 + ${k}) − ${cost}) ÷ ${cost} = ${returnOnReward}. k and the result are rounded to four places; the working is exact. What customers paid is turnover: for a return on profit, say yourself what a customer is worth after your costs.</p>`;
}
