import { Temporal } from 'temporal-polyfill';
import type { Campaign, Programme, Used } from './worker';

/** Whether a campaign runs, and what is left of it. */

export type State = 'running' | 'scheduled' | 'over' | 'paused' | 'stopped' | 'unpublished';

export const states: Readonly<Record<State, string>> = {
  running: 'Running',
  scheduled: 'Scheduled',
  over: 'Over',
  paused: 'Paused',
  stopped: 'Stopped',
  unpublished: 'Not published',
};

/** A civil time of a schedule, in UTC milliseconds. */
function momentOf(civil: string | undefined, zone: string): number | undefined {
  if (civil === undefined) return undefined;
  try {
    return Temporal.PlainDateTime.from(civil).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    // what the checks will name is no reason not to show the rest
    return undefined;
  }
}

export interface Span {
  from: number | undefined;
  until: number | undefined;
  /** Only on some days or in some hours of it. */
  recurs: boolean;
  zone: string;
}

export function spanOf({ schedule }: Campaign): Span {
  const zone = schedule?.timeZone ?? 'UTC';
  return {
    zone,
    from: momentOf(schedule?.from, zone),
    until: momentOf(schedule?.until, zone),
    recurs: ['weekdays', 'hours', 'windows', 'repeats'].some((member) => schedule !== undefined && member in schedule),
  };
}

export function stateOf(campaign: Campaign, used: Used | undefined, now: number): State {
  const { from = -Infinity, until = Infinity } = spanOf(campaign);
  if (used?.stopped) return 'stopped';
  if (campaign.status === 'paused') return 'paused';
  if (until <= now) return 'over';
  if (used === undefined) return 'unpublished';
  return from > now ? 'scheduled' : 'running';
}

/** A limit of a campaign, and how much of it is used or held. */
export interface Gauge {
  /** The budget's currency; absent where uses are counted. */
  currency?: string;
  used: number;
  limit: number;
}

export function gaugesOf(used: Used, { allowances }: Programme): Gauge[] {
  const total = (name: string, what: 'uses' | 'budget') =>
    allowances[name]?.limits?.find((limit) => limit[what] !== undefined && limit.every === undefined && (limit.per ?? 'all') === 'all')?.[what];
  const uses = total(used.id, 'uses');
  const budgets = Object.entries(used.budgets).flatMap(([currency, { spent, heldAmount }]) => {
    const limit = total(`${used.id}/${currency}`, 'budget');
    return limit === undefined ? [] : [{ currency, used: spent + heldAmount, limit }];
  });
  return [...(uses === undefined ? [] : [{ used: used.uses + used.heldUses, limit: uses }]), ...budgets];
}
