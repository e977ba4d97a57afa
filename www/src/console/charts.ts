import * as Plot from '@observablehq/plot';
import { money } from '../format';

/** Charts. Each stands beside a table that says the same, so it is hidden from those who hear the page. */

/** Puts a chart into its place. Its styles are in console.css: the page's policy allows no others. */
export function put(place: Element | null, chart: (width: number) => Element): void {
  if (!place) return;
  const drawn = chart(Math.max(280, place.clientWidth));
  for (const style of drawn.querySelectorAll('style')) style.remove();
  drawn.setAttribute('aria-hidden', 'true');
  place.replaceChildren(drawn);
}

const common = { className: 'plot', style: { background: 'none' } } as const;

/** An axis mark's amount; whole units, since ticks are round. */
const tick = (currency: string) => (minor: number) => money(Math.round(minor), currency).replace(/[.,]00$/, '');

export interface Day {
  day: string;
  discount: number;
  orders: number;
}

/** Every day of a time, those too on which nothing happened. */
export function filled<D extends Day>(days: readonly D[], from: number, to: number, none: Omit<D, 'day'>): D[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const all: D[] = [];
  for (let at = from; at < to; at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    all.push(known.get(day) ?? ({ ...none, day } as D));
  }
  return all;
}

const dayOf = ({ day }: Day) => new Date(`${day}T00:00:00Z`);

export const ordersByDay = (days: readonly Day[], width: number) =>
  Plot.plot({
    ...common,
    width,
    height: 180,
    marginLeft: 48,
    x: { type: 'utc', label: null, ticks: Math.min(8, days.length, Math.floor(width / 90)) },
    y: { label: 'orders a day', grid: true, nice: true, ticks: 4, tickFormat: 'd' },
    marks: [Plot.rectY(days as Day[], { x: dayOf, y: 'orders', interval: 'day', fill: 'var(--accent)', inset: 1 }), Plot.ruleY([0], { stroke: 'var(--edge)' })],
  });

export const discountByDay = (days: readonly Day[], currency: string, width: number) =>
  Plot.plot({
    ...common,
    width,
    height: 180,
    marginLeft: 72,
    x: { type: 'utc', label: null, ticks: Math.min(8, days.length, Math.floor(width / 90)) },
    y: { label: 'given away a day', grid: true, nice: true, ticks: 4, tickFormat: tick(currency) },
    marks: [Plot.rectY(days as Day[], { x: dayOf, y: 'discount', interval: 'day', fill: 'var(--gain)', inset: 1 }), Plot.ruleY([0], { stroke: 'var(--edge)' })],
  });

export interface Bar {
  id: string;
  name: string;
  from: number;
  until: number;
  state: string;
}

const colours: Readonly<Record<string, string>> = {
  running: 'var(--gain)',
  scheduled: 'var(--focus)',
  over: 'var(--edge)',
  paused: 'var(--wait)',
  stopped: 'var(--refuse)',
  unpublished: 'var(--soft)',
};

/** Campaigns over time, with the present day marked. */
export const calendar = (bars: readonly Bar[], [from, until]: readonly [number, number], now: number, width: number) =>
  Plot.plot({
    ...common,
    width,
    height: 56 + bars.length * 30,
    marginTop: 32,
    marginLeft: width < 600 ? 8 : 220,
    x: { type: 'utc', domain: [new Date(from), new Date(until)], axis: 'top', grid: true, label: null, ticks: Math.floor(width / 110) },
    y: { label: null, domain: bars.map(({ id }) => id), axis: null, padding: 0.3 },
    marks: [
      Plot.barX(bars as Bar[], {
        x1: ({ from: at }: Bar) => new Date(Math.max(at, from)),
        x2: ({ until: at }: Bar) => new Date(Math.min(at, until)),
        y: 'id',
        fill: ({ state }: Bar) => colours[state] ?? 'var(--soft)',
        rx: 4,
        // narrow, names stand on the bars
        fillOpacity: width < 600 ? 0.4 : 0.9,
        clip: true,
      }),
      Plot.ruleX([new Date(now)], { stroke: 'var(--accent)', strokeWidth: 2 }),
      width < 600
        ? Plot.text(bars as Bar[], { x: () => new Date(from), y: 'id', text: 'name', textAnchor: 'start', dx: 6, fill: 'var(--ink)', stroke: 'var(--card)', strokeWidth: 4 })
        : Plot.text(bars as Bar[], { frameAnchor: 'left', y: 'id', text: ({ name }: Bar) => shortened(name), textAnchor: 'end', dx: -10, fill: 'var(--ink)' }),
    ],
  });

const shortened = (name: string) => (name.length > 34 ? `${name.slice(0, 33)}…` : name);

export interface Mean {
  variant: string;
  mean: number;
  interval: number;
}

/** Means with the stretch in which the true ones lie in 19 of 20 such experiments. */
export const means = (found: readonly Mean[], currency: string, width: number) =>
  Plot.plot({
    ...common,
    width,
    height: 68 + found.length * 36,
    marginLeft: 130,
    marginBottom: 40,
    x: { label: 'paid per order', grid: true, nice: true, ticks: Math.floor(width / 130), tickFormat: tick(currency) },
    y: { label: null, domain: found.map(({ variant }) => variant) },
    marks: [
      Plot.ruleY(found as Mean[], {
        x1: ({ mean, interval }: Mean) => mean - interval,
        x2: ({ mean, interval }: Mean) => mean + interval,
        y: 'variant',
        stroke: 'var(--accent)',
        strokeWidth: 3,
      }),
      Plot.dot(found as Mean[], { x: 'mean', y: 'variant', fill: 'var(--accent)', r: 6 }),
    ],
  });
