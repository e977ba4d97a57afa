import { type Markup, html } from '../html';

/** The stretch of time that a page tells of. */

const DAY = 86_400_000;
const stretches: Readonly<Record<string, [string, number]>> = { '7': ['7 days', 7], '30': ['30 days', 30], '90': ['90 days', 90], '365': ['a year', 365] };

export interface Stretch {
  from: number;
  to: number;
}

/** Whole days of UTC, as the worker counts them, up to the end of this one. */
export function stretchOf(days: string): Stretch {
  const to = (Math.floor(Date.now() / DAY) + 1) * DAY;
  return { from: to - (stretches[days]?.[1] ?? 30) * DAY, to };
}

export const chooser = (days: string, currency: string, currencies: readonly string[]): Markup => html`<div class="filters">
  <label>The last <select data-act="days">${Object.entries(stretches).map(([id, [name]]) => html`<option value="${id}" ${id === days && html`selected`}>${name}</option>`)}</select></label>
  ${currencies.length > 1 && html`<label>Currency <select data-act="currency">${currencies.map((name) => html`<option value="${name}" ${name === currency && html`selected`}>${name}</option>`)}</select></label>`}
</div>`;
