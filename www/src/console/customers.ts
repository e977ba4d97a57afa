import { money } from '../format';
import { type Markup, html } from '../html';
import { download } from './download';
import { rowsOf } from './records';
import { stretchOf } from './time';
import type { Open, View } from './view';
import { date, number } from './words';
import { type Entry, Refused, type Statement, worker } from './worker';

/** Who pays most, and what the books have of one customer. Names are pseudonyms: the worker keeps no others. */
export const customers: Open = async (desk, _, query): Promise<View> => {
  const { customers: leaders, currency } = await worker.statistics(stretchOf('365'));
  let wanted = query.get('customer') ?? '';
  let found: Entry[] | undefined;
  let statement: Statement | undefined;
  const look = async () => {
    if (wanted === '') return;
    found = (await worker.records({ customer: wanted })).records;
    statement = await accountOf(wanted);
  };
  await look();
  return {
    title: 'Customers',
    draw: () => html`<div class="page-head"><h1>Customers</h1></div>
      <form class="filters" role="search" data-act="look">
        <label>Customer or account, by the shop’s own name <input name="customer" value="${wanted}" required maxlength="100"></label>
        <button class="quiet">Show</button>
      </form>
      ${found && html`<section class="sheet table">
        <div class="page-head"><h2>${wanted}</h2><p class="row"><button class="quiet small" data-act="export">Save everything</button><button class="quiet small" data-act="forget">Forget …</button></p></div>
        ${statement ? account(statement) : html`<p class="soft">There is no account of this name.</p>`}
        ${rowsOf(found)}
      </section>`}
      <section class="sheet table">
        <h2>Who paid most in a year</h2>
        ${leaders.length === 0 ? html`<p class="soft">No order had a customer yet.</p>` : html`<table>
          <thead><tr><th scope="col">Place</th><th scope="col">Customer</th><th scope="col" class="figure">Orders</th><th scope="col" class="figure">Paid</th><th scope="col" class="figure">Saved</th></tr></thead>
          <tbody>${leaders.map(
            ({ customer, orders, total, discount }, at) => html`<tr><td data-label="Place">${at + 1}</td><th scope="row"><a href="#/customers?customer=${encodeURIComponent(customer)}"><code>${customer}</code></a></th>
              <td data-label="Orders" class="figure">${number(orders)}</td><td data-label="Paid" class="figure">${money(total, currency)}</td><td data-label="Saved" class="figure">${money(discount, currency)}</td></tr>`,
          )}</tbody></table>`}
      </section>`,
    acts: {
      async look(_data, form) {
        wanted = String(form.get('customer')).trim();
        await look();
        desk.redraw();
      },
      export: () => download(desk, 'records.json', { customer: wanted }),
      async forget() {
        const text = 'Their name is taken out of all records, for good. Orders and amounts stay. This cannot be undone.';
        if (!(await desk.ask({ title: `Forget ${wanted}?`, text, yes: 'Forget' }))) return;
        const { records } = await worker.forget(wanted);
        found = [];
        desk.redraw();
        desk.say(`Taken out of ${records === 1 ? 'one record' : `${number(records)} records`}.`);
      },
    },
  };
};

async function accountOf(name: string): Promise<Statement | undefined> {
  try {
    return await worker.statement(name);
  } catch (error) {
    if (error instanceof Refused && (error.status === 404 || error.status === 422 || error.status === 503)) return undefined;
    throw error;
  }
}

function account({ account: name, unit, available, pending, expiring, progress }: Statement): Markup {
  const amount = (many: number) => (/^[A-Z]{3}$/.test(unit) ? money(many, unit) : `${number(many)} points`);
  return html`<dl class="tiles">
    <div class="tile"><dt>${name}</dt><dd>${amount(available)}</dd>${pending > 0 && html`<dd class="note">${amount(pending)} pending</dd>`}</div>
    ${progress?.level && html`<div class="tile"><dt>Level</dt><dd>${progress.level}</dd>${progress.next && html`<dd class="note">${amount(progress.missing ?? 0)} to ${progress.next}</dd>`}</div>`}
    ${expiring[0] && html`<div class="tile"><dt>Expires next</dt><dd>${amount(expiring[0].amount)}</dd><dd class="note">on ${date(expiring[0].at)}</dd></div>`}
  </dl>`;
}
