import { money } from '../format';
import { type Markup, html } from '../html';
import { means, put } from './charts';
import { chooser, stretchOf } from './time';
import type { Open, View } from './view';
import { number, percent, plain } from './words';
import { type Variant, worker } from './worker';

/** Below this an interval says more than it knows. */
const ENOUGH = 30;

/** What the variants of experiments came to, and whether that can be chance. */
export const experiments: Open = async (desk): Promise<View> => {
  let days = '90';
  let currency: string | undefined;
  const read = () => worker.statistics({ ...stretchOf(days), ...(currency !== undefined && { currency }) });
  const { document } = await worker.catalogue();
  let told = await read();
  const again = async () => {
    told = await read();
    desk.redraw();
  };
  const named = () => [...new Set([...(document.experiments ?? []).map(({ id }) => id), ...told.variants.map(({ experiment }) => experiment)])];
  const of = (id: string) => told.variants.filter(({ experiment }) => experiment === id);
  return {
    title: 'Experiments',
    draw: () => html`<div class="page-head"><h1>Experiments</h1></div>
      ${chooser(days, told.currency, told.currencies)}
      ${named().length === 0 && html`<p class="sheet soft">No campaign deals customers out. An experiment is declared beside the campaigns, as <code>experiments</code>.</p>`}
      ${named().map((id) => one(id, of(id), told.currency))}`,
    drawn(main) {
      for (const place of main.querySelectorAll<HTMLElement>('[data-experiment]')) {
        const known = of(place.dataset.experiment!).flatMap(({ variant, mean, interval }) => (interval === null ? [] : [{ variant: plain(variant), mean, interval }]));
        if (known.length > 0) put(place, (width) => means(known, told.currency, width));
      }
    },
    live: again,
    acts: {
      days({ value = '90' }) {
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

function one(id: string, variants: readonly Variant[], currency: string): Markup {
  if (variants.length === 0) return html`<section class="sheet"><h2>${plain(id)}</h2><p class="soft">No order of this time had a customer of it.</p></section>`;
  const row = (told: Variant) => html`<tr><th scope="row">${plain(told.variant)}</th>
    <td data-label="Orders" class="figure">${number(told.orders)}<small>of ${number(told.begun)} begun: ${confirmed(told)}</small></td>
    <td data-label="Paid per order" class="figure">${money(told.mean, currency)}${told.interval !== null && html`<small>± ${money(told.interval, currency)}</small>`}</td>
    <td data-label="Given away" class="figure">${money(told.discount, currency)}</td>
    <td data-label="Difference">${difference(told, variants, currency)}</td></tr>`;
  return html`<section class="sheet table chart">
    <h2>${plain(id)}</h2>
    <div data-experiment="${id}"></div>
    <table>
      <caption class="unseen">${plain(id)} by variant</caption>
      <thead><tr><th scope="col">Variant</th><th scope="col" class="figure">Orders</th><th scope="col" class="figure">Paid per order</th><th scope="col" class="figure">Given away</th><th scope="col">Difference</th></tr></thead>
      <tbody>${variants.map(row)}</tbody>
    </table>
    <p class="soft">In 19 of 20 such experiments the true figure lies in the stretch that is given. An order counts as begun when the check-out asks for its redemption: who only looked, or left with a full basket, is in none of these figures.</p>
  </section>`;
}

/** The share of redemptions that were confirmed, with its interval. */
function confirmed({ orders, begun }: Variant): string {
  const [low, high] = wilson(orders, begun);
  return `${percent(low)} to ${percent(high)}`;
}

/** Wilson’s score interval of a proportion at 95 %: sound for few and for none. */
function wilson(hits: number, of: number): [number, number] {
  const z = 1.96;
  if (of === 0) return [0, 1];
  const proportion = hits / of;
  const centre = proportion + (z * z) / (2 * of);
  const reach = z * Math.sqrt((proportion * (1 - proportion)) / of + (z * z) / (4 * of * of));
  const whole = 1 + (z * z) / of;
  return [Math.max(0, (centre - reach) / whole), Math.min(1, (centre + reach) / whole)];
}

function difference({ against, orders }: Variant, variants: readonly Variant[], currency: string): Markup | string {
  if (against === null) return 'compared with';
  const few = Math.min(orders, variants.find(({ variant }) => variant === against.variant)?.orders ?? 0);
  if (few < ENOUGH) return html`too few orders yet <small>${number(few)} of at least ${ENOUGH}</small>`;
  const { difference: by, interval } = against;
  const stretch = html`<small>${signed(by - interval, currency)} to ${signed(by + interval, currency)}</small>`;
  if (Math.abs(by) <= interval) return html`can be chance ${stretch}`;
  return html`<strong class="${by > 0 ? 'gain' : 'loss'}">${signed(by, currency)} per order</strong> ${stretch}`;
}

const signed = (minor: number, currency: string) => `${minor < 0 ? '−' : '+'}${money(Math.abs(minor), currency)}`;
