import { Engine, Ledger } from 'counterfoil/workshop';
import type { Env } from '../env';
import { Kept } from '../kept';
import { keyRing } from '../key_ring';
import { snapshotUnavailable } from '../problem';
import { SnapshotStore } from '../snapshot_store';

/** How many programmes an isolate keeps; objects may be a publish behind or ahead of each other. */
const MOST_KEPT = 8;

const texts = new Kept<string>(MOST_KEPT);

const opened = new Kept<Ledger>(1);

/** The ledger of this isolate. */
export function ledger(): Promise<Ledger> {
  return opened.of('ledger', () => Ledger.open());
}

/** The programme of a published snapshot, by its hash. What was once signed and accepted stays valid for what began under it. */
export function programmeOf(env: Env, sha256: string): Promise<string> {
  return texts.of(sha256, () => readProgramme(env, sha256));
}

/** Remembers the programme of a snapshot that is open here. */
export function keepProgramme(sha256: string, programme: string): void {
  texts.keep(sha256, programme);
}

async function readProgramme(env: Env, sha256: string): Promise<string> {
  const store = new SnapshotStore(env);
  const programme = await store.programme(sha256);
  if (programme !== null) return programme;
  // written to the namespace by another publisher than this worker
  const bytes = await store.bytes(sha256);
  if (!bytes) throw snapshotUnavailable();
  return (await Engine.open(bytes, keyRing(env), { root: await store.root() })).programme();
}

/**
 * What one book needs of a programme. A book of a campaign, or of one of its shards, counts that campaign and its own
 * budgets; to read all others with each command would cost more than to decide.
 */
export function ofBook(programme: string, book: string, stopped: boolean): string {
  const [kind, own] = split(book);
  if (kind !== 'allowance' && kind !== 'lease') return programme;
  const name = kind === 'lease' ? own.slice(0, own.lastIndexOf('/')) : own;
  const { allowances, zone, weekStart } = JSON.parse(programme) as { allowances: Record<string, unknown>; zone?: string; weekStart?: string };
  // what everybody's ceilings of rules are called after: rules may be called as they like
  const isOwn = (rest: string): boolean => name.startsWith(CEILINGS) || !rest.includes('/');
  const counted = Object.entries(allowances).filter(([id]) => id === name || (id.startsWith(`${name}/`) && isOwn(id.slice(name.length + 1))));
  return JSON.stringify({ zone, weekStart, allowances: Object.fromEntries(counted), ...(stopped && { stopped: [name] }) });
}

/** A programme with allowances that it does not name. */
export function withAllowances(programme: string, own: Record<string, object> | undefined): string {
  if (!own) return programme;
  const known = JSON.parse(programme) as { allowances?: object };
  return JSON.stringify({ ...known, allowances: { ...known.allowances, ...own } });
}

/** What the names of allowances begin with that are ceilings of rules for all members together. */
const CEILINGS = 'earn:';

/** A ceiling that counts all members together, and of what. */
export interface Ceiling {
  name: string;
  currency: string;
}

const ceilings = new Kept<ReadonlyMap<string, Ceiling>>(MOST_KEPT);

/** Those of what a rule earns: its own, and that of all rules of the scheme. */
export async function sharedCeilings(env: Env, sha256: string, scheme: string, rule: string | undefined): Promise<Ceiling[]> {
  const byName = await ceilings.of(sha256, async () => ceilingsIn(await programmeOf(env, sha256)));
  return [...(rule === undefined ? [] : [ceilingOf(scheme, rule)]), ceilingOf(scheme)].flatMap((name) => byName.get(name) ?? []);
}

/** The allowance that counts what a rule earns all members; without a rule, what all rules do. */
export function ceilingOf(scheme: string, rule?: string): string {
  return rule === undefined ? `${CEILINGS}${scheme}` : `${CEILINGS}${scheme}/${rule}`;
}

function ceilingsIn(programme: string): ReadonlyMap<string, Ceiling> {
  const { allowances } = JSON.parse(programme) as { allowances: Record<string, { currency: string }> };
  const own = Object.entries(allowances).filter(([name]) => name.startsWith(CEILINGS));
  return new Map(own.map(([name, { currency }]) => [name, { name, currency }]));
}

const forAll = new Kept<ReadonlySet<string>>(MOST_KEPT);

/** Whether shards may count an allowance: one that counts each customer apart is counted in one place. */
export async function countsForAll(env: Env, sha256: string, allowance: string): Promise<boolean> {
  const names = await forAll.of(sha256, async () => allowancesForAll(await programmeOf(env, sha256)));
  return names.has(allowance);
}

function allowancesForAll(programme: string): ReadonlySet<string> {
  const { allowances } = JSON.parse(programme) as { allowances: Record<string, { zone?: string; limits?: { per?: string }[] }> };
  const isForAll = ({ zone, limits = [] }: (typeof allowances)[string]): boolean => zone !== 'customer' && limits.every(({ per }) => per !== 'customer');
  return new Set(Object.entries(allowances).filter(([, rules]) => isForAll(rules)).map(([name]) => name));
}

/** The kind of a book and the name of what it keeps. */
export function split(book: string): [kind: string, name: string] {
  const colon = book.indexOf(':');
  return [book.slice(0, colon), book.slice(colon + 1)];
}
