import type { Club, Entry } from '../src/account';
import { type Counterfoil, Refusal } from './counterfoil';
import type { Person } from './kept';

/** What the ledger keeps for a member of the quay club, and what it says of it. */

const DAY = 86_400_000;

interface Statement {
  available: number;
  pending: number;
  expiring: { at: number; amount: number }[];
  progress?: { level?: string; until?: number; points: number; next?: string; missing?: number };
}

/** An account that nothing has come onto yet stands at nothing. */
async function statement(worker: Counterfoil, account: string): Promise<Statement> {
  try {
    return await worker.get<Statement>(`/accounts/${account}`);
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'account_unknown') return { available: 0, pending: 0, expiring: [] };
    throw error;
  }
}

/** What a member's accounts are called, by the programme. */
export const accountsOf = (id: string) => ({ stars: `stars:${id}`, purse: `purse:${id}` });

export const starsOf = (worker: Counterfoil, id: string) => statement(worker, accountsOf(id).stars);

export const creditOf = async (worker: Counterfoil, id: string) => (await statement(worker, accountsOf(id).purse)).available;

/** What the sample members have when they first come to the desk: a real shop has booked it order by order. */
export function earlierPoints({ id, shopper }: Person, now: number): { path: string; body: object; key: string }[] {
  const earned = { leonie: 540, aoife: 120, jonas: 30 }[shopper];
  if (earned === undefined) return [];
  const path = `/accounts/${accountsOf(id).stars}`;
  const earlier = { path: `${path}/earn`, body: { scheme: 'stars', amount: earned, event: `earlier-${id}`, rule: 'earlier-orders' }, key: `earlier/${id}` };
  if (shopper !== 'leonie') return [earlier];
  const soon = { type: 'at', moment: now + 12 * DAY };
  return [earlier, { path: `${path}/refill`, body: { scheme: 'stars', amount: 60, lot: `gift-${id}`, expiry: soon }, key: `gift/${id}` }];
}

interface Programme {
  rewards: Record<string, { scheme?: string; points: number; pointsByLevel?: Record<string, number>; levels?: string[] }>;
}

export async function clubOf(worker: Counterfoil, person: Person, origin: string): Promise<Club> {
  const account = accountsOf(person.id).stars;
  const [stars, programme, entries] = await Promise.all([
    statement(worker, account),
    worker.get<Programme>('/programme'),
    entriesOf(worker, account),
  ]);
  const { level, until, points = 0, next, missing } = stars.progress ?? {};
  const [soonest] = stars.expiring;
  const rewards = Object.entries(programme.rewards)
    .filter(([, { scheme, levels }]) => scheme === 'stars' && (levels === undefined || (level !== undefined && levels.includes(level))))
    .map(([id, { points: cost, pointsByLevel }]) => ({ id, points: (level === undefined ? undefined : pointsByLevel?.[level]) ?? cost }))
    .sort((a, b) => a.points - b.points);
  return {
    points: stars.available,
    pending: stars.pending,
    ...(level !== undefined && { level }),
    ...(until !== undefined && { levelUntil: until }),
    ...(next !== undefined && { next: { level: next, required: points + (missing ?? 0), actual: points } }),
    ...(soonest && { expiring: { points: soonest.amount, at: soonest.at } }),
    rewards,
    entries,
    treats: person.treats,
    invitation: { link: `${origin}/?invitedBy=${person.code}`, friends: entries.filter(({ rule }) => rule === 'referral').length },
    isInvited: person.invitedBy !== undefined,
  };
}

async function entriesOf(worker: Counterfoil, account: string): Promise<Entry[]> {
  const told = await worker.get<{ events: Happened[] }>(`/accounts/${account}/events?limit=500`);
  return told.events.flatMap(entriesIn).reverse();
}

interface Taken {
  lot: string;
  amount: number;
}

/** The events of the ledger that change what can be spent. */
type Happened = { seq: number } & (
  | { type: 'lot_added'; lot: string; added: { at: number; left?: number; order?: string } }
  | { type: 'confirmed'; at: number; reservation: string; parts: { amount: number }[] }
  | { type: 'expired'; at: number; lot: string; amount: number }
  | { type: 'taken_back'; at: number; order: string; asked: { taken: number }[]; others: Taken[] }
  | { type: 'reserved' | 'ended' | 'activated' | 'level_changed' | 'adjusted' | 'transferred' }
);

const sum = (amounts: readonly number[]) => amounts.reduce((all, amount) => all + amount, 0);

function entriesIn(event: Happened): Entry[] {
  const { seq } = event;
  switch (event.type) {
    case 'lot_added': {
      const { at, left = 0, order } = event.added;
      // what the order of a friend brings who invited them
      if (event.lot.endsWith('/converts/credit')) return [{ seq, at, type: 'earned', points: left, rule: 'referral' }];
      // `order/<id>/<rule>` or `event/<id>/<rule>`; other lots are gifts of the shop
      const [kind, , rule] = event.lot.split('/');
      if (kind !== 'order' && kind !== 'event') return [{ seq, at, type: 'credited', points: left }];
      return [{ seq, at, type: 'earned', points: left, ...(rule !== undefined && { rule }), ...(order !== undefined && { order }) }];
    }
    case 'confirmed': {
      // a claim names its reward after its key
      const reward = event.reservation.split(' ')[1];
      return [{ seq, at: event.at, type: 'spent', points: -sum(event.parts.map(({ amount }) => amount)), ...(reward !== undefined && { reward }) }];
    }
    case 'expired':
      return [{ seq, at: event.at, type: 'expired', points: -event.amount }];
    case 'taken_back': {
      const points = sum(event.asked.map(({ taken }) => taken)) + sum(event.others.map(({ amount }) => amount));
      return points === 0 ? [] : [{ seq, at: event.at, type: 'taken_back', points: -points, order: event.order }];
    }
    default:
      return [];
  }
}
