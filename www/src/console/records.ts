import { money } from '../format';
import { type Markup, html } from '../html';
import { download } from './download';
import type { Open, View } from './view';
import { moment, outcomes, plain, sentences } from './words';
import { type Entry, type Failed, worker } from './worker';

type Wanted = Record<'campaign' | 'customer' | 'order' | 'outcome', string>;

/** Redemptions and failed attempts with their reasons, the newest first. */
export const records: Open = async (desk, _, query): Promise<View> => {
  const wanted: Wanted = { campaign: '', customer: '', order: '', outcome: '' };
  for (const name of Object.keys(wanted) as (keyof Wanted)[]) wanted[name] = query.get(name) ?? '';
  let { records: shown, next } = await worker.records(wanted);
  let atTop = true;
  const search = async () => {
    ({ records: shown, next } = await worker.records(wanted));
    atTop = true;
    desk.redraw();
  };
  const field = (name: keyof Wanted, label: string) => html`<label>${label} <input name="${name}" value="${wanted[name]}" maxlength="100"></label>`;
  return {
    title: 'Redemptions',
    draw: () => html`<div class="page-head"><h1>Redemptions</h1>
        <p class="row"><button class="quiet" data-act="export" data-name="records.csv">Save as CSV</button><button class="quiet" data-act="export" data-name="records.json">Save as JSON</button></p></div>
      <form class="filters" role="search" data-act="search">
        ${field('campaign', 'Campaign')}${field('customer', 'Customer')}${field('order', 'Order')}
        <label>Outcome <select name="outcome">${[['', 'All'] as const, ...Object.entries(outcomes)].map(([id, name]) => html`<option value="${id}" ${wanted.outcome === id && html`selected`}>${name}</option>`)}</select></label>
        <button class="quiet">Show</button>
      </form>
      <div class="sheet table">${rowsOf(shown)}
        ${next !== null && html`<p><button class="quiet" data-act="older">Older ones</button></p>`}
      </div>`,
    async live() {
      // who reads further down is not moved
      if (!atTop) return;
      const fresh = await worker.records(wanted);
      if (fresh.records[0]?.id === shown[0]?.id) return;
      ({ records: shown, next } = fresh);
      desk.redraw();
    },
    acts: {
      search(_data, form) {
        for (const name of Object.keys(wanted) as (keyof Wanted)[]) wanted[name] = String(form.get(name)).trim();
        return search();
      },
      async older() {
        const more = await worker.records({ ...wanted, after: next ?? undefined });
        shown = [...shown, ...more.records];
        next = more.next;
        atTop = false;
        desk.redraw();
      },
      export: ({ name = 'records.csv' }) => download(desk, name, wanted),
    },
  };
};

/** Why it was refused. The engine's own words have money in minor units. */
function reasonOf({ code, message, params = {} }: Entry): string {
  const { allowance, left, limit } = params;
  const [campaign, currency = ''] = String(allowance).split('/');
  if (code === 'budget_limit_reached' && /^[A-Z]{3}$/.test(currency) && typeof left === 'number' && typeof limit === 'number') {
    return `Budget limit reached: ${campaign} has ${money(left, currency)} of ${money(limit, currency)} left.`;
  }
  return sentences(`${plain(code ?? '')}: ${(message ?? '').replaceAll('`', '')}`);
}

/** A code that took nothing off, and why. */
function failedOf({ code, campaign, reason, message }: Failed): Markup {
  return html`<small><code>${code ?? campaign ?? '–'}</code> ${sentences(message?.replaceAll('`', '') ?? plain(reason ?? 'does not apply'))}</small>`;
}

/** A table of records; on a phone each is a card. */
export function rowsOf(shown: readonly Entry[]): Markup {
  if (shown.length === 0) return html`<p class="soft">There are none.</p>`;
  const row = (entry: Entry) => html`<tr data-key="${entry.id}">
    <th scope="row">${moment(entry.at)}<small><code>${entry.redemption}</code></small></th>
    <td><span class="badge ${entry.outcome}">${outcomes[entry.outcome] ?? entry.outcome}</span>${entry.code && html`<small>${reasonOf(entry)}</small>`}${(entry.failed ?? []).map(failedOf)}</td>
    <td data-label="Campaigns">${entry.campaigns.join(', ') || '–'}</td>
    <td data-label="Order" class="whole">${entry.order ?? '–'}</td>
    <td data-label="Customer"><code>${entry.customer ?? '–'}</code></td>
    <td data-label="Given away" class="figure">${money(entry.discount, entry.currency)}</td>
    <td data-label="Paid" class="figure">${money(entry.total, entry.currency)}</td></tr>`;
  return html`<table>
    <caption class="unseen">Redemptions, the newest first</caption>
    <thead><tr><th scope="col">When</th><th scope="col">Outcome</th><th scope="col">Campaigns</th><th scope="col">Order</th><th scope="col">Customer</th><th scope="col" class="figure">Given away</th><th scope="col" class="figure">Paid</th></tr></thead>
    <tbody>${shown.map(row)}</tbody></table>`;
}
