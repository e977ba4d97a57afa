import { money } from '../format';
import { type Markup, html } from '../html';
import { discountByDay, filled, ordersByDay, put } from './charts';
import { chooser, stretchOf } from './time';
import type { Open, View } from './view';
import { number, plain, share, times } from './words';
import { type Statistics, worker } from './worker';

/** What the campaigns bring and what they cost. */
export const results: Open = async (desk): Promise<View> => {
  let days = '30';
  let currency: string | undefined;
  let [told, { document: { campaigns } }] = await Promise.all([worker.statistics(stretchOf(days)), worker.catalogue()]);
  /** What was taken out of the catalogue is called by its id. */
  const nameOf = (id: string) => campaigns.find((campaign) => campaign.id === id)?.name ?? id;
  const again = async () => {
    told = await worker.statistics({ ...stretchOf(days), ...(currency !== undefined && { currency }) });
    desk.redraw();
  };
  return {
    title: 'Results',
    draw: () => page(told, days, nameOf),
    drawn(main) {
      const each = filled(told.days, told.from, told.to, { orders: 0, total: 0, discount: 0, refused: 0 });
      put(main.querySelector('[data-chart=orders]'), (width) => ordersByDay(each, width));
      put(main.querySelector('[data-chart=discount]'), (width) => discountByDay(each, told.currency, width));
    },
    live: again,
    acts: {
      days({ value = '30' }) {
        days = value;
        return again();
      },
      currency({ value }) {
        currency = value;
        return again();
      },
    },
  };
};

function page(told: Statistics, days: string, nameOf: (id: string) => string): Markup {
  const { all, currency, currencies, refused, rolledBack, campaigns, refusals } = told;
  const figure = (name: string, value: string, note = '') => html`<div class="tile"><dt>${name}</dt><dd>${value}</dd>${note && html`<dd class="note">${note}</dd>`}</div>`;
  const amount = (minor: number) => money(minor, currency || 'EUR');
  return html`<div class="page-head"><h1>Results</h1></div>
    ${chooser(days, currency, currencies)}
    <dl class="tiles">
      ${figure('Orders', number(all.orders), rolledBack > 0 ? `${number(rolledBack)} more ${rolledBack === 1 ? 'was' : 'were'} rolled back` : '')}
      ${figure('Paid', amount(all.total))}
      ${figure('Given away', amount(all.discount), `${share(all.discount, all.total + all.discount)} of the value`)}
      ${figure('Paid for each given', all.discount === 0 ? '–' : `${times(all.total, all.discount)} : 1`)}
      ${figure('Refused', number(refused), `${share(refused, refused + all.orders)} of the attempts`)}
    </dl>
    ${all.orders + refused === 0 ? html`<p class="sheet soft">No orders in this time. They appear here as the check-out redeems them.</p>` : html`
    <div class="charts">
      <section class="sheet chart"><h2>Orders</h2><div data-chart="orders"></div></section>
      <section class="sheet chart"><h2>Given away</h2><div data-chart="discount"></div></section>
    </div>
    <section class="sheet table">
      <h2>By campaign</h2>
      <table>
        <thead><tr><th scope="col">Campaign</th><th scope="col" class="figure">Orders</th><th scope="col" class="figure">Paid in them</th><th scope="col" class="figure">Given away</th><th scope="col" class="figure">Paid for each given</th></tr></thead>
        <tbody>${campaigns.map(
          ({ id, orders, total, discount }) => html`<tr><th scope="row"><a href="#/campaigns/${encodeURIComponent(id)}">${nameOf(id)}</a></th>
            <td data-label="Orders" class="figure">${number(orders)}</td><td data-label="Paid in them" class="figure">${amount(total)}</td>
            <td data-label="Given away" class="figure">${amount(discount)}</td><td data-label="Paid for each given" class="figure">${times(total, discount)}</td></tr>`,
        )}</tbody>
      </table>
      <p class="soft">An order with several campaigns counts for each of them.</p>
    </section>
    ${refusals.length > 0 && html`<section class="sheet table">
      <h2>Why orders were refused</h2>
      <table><thead><tr><th scope="col">Reason</th><th scope="col" class="figure">Orders</th></tr></thead>
      <tbody>${refusals.map(({ code, count }) => html`<tr><th scope="row"><a href="#/redemptions?outcome=refused">${plain(code)}</a></th><td data-label="Orders" class="figure">${number(count)}</td></tr>`)}</tbody></table>
    </section>`}
    <details class="sheet table"><summary>Day by day</summary>
      <table><thead><tr><th scope="col">Day</th><th scope="col" class="figure">Orders</th><th scope="col" class="figure">Paid</th><th scope="col" class="figure">Given away</th><th scope="col" class="figure">Refused</th></tr></thead>
      <tbody>${told.days.toReversed().map((day) => html`<tr><th scope="row">${day.day}</th><td data-label="Orders" class="figure">${number(day.orders)}</td><td data-label="Paid" class="figure">${amount(day.total)}</td><td data-label="Given away" class="figure">${amount(day.discount)}</td><td data-label="Refused" class="figure">${number(day.refused)}</td></tr>`)}</tbody></table>
    </details>`}`;
}
