import type { Customer, LoyaltyAccount } from 'counterfoil/workshop';
import { pseudonym } from '../customer';
import type { Opened } from '../edge_engine';
import type { Env } from '../env';
import { Note } from '../note';
import { accountsOf, loyaltyIn, statementsOf } from './following';
import { customerOf, withoutConsents, type Profile } from './profile';

const note = new Note<boolean>('customers', false);

/** Tells the edge that there are customers to be asked for. */
export async function keepCustomers(env: Env): Promise<void> {
  if (!(await note.read(env, Date.now()))) await note.write(env, true);
}

/** A request with what is known of its customer, and what their accounts hold. */
export interface Known {
  request: Record<string, unknown>;
  accounts: LoyaltyAccount[];
}

/**
 * A request with what is kept of its customer, in place of what it says of the same, and with what their accounts hold, where neither
 * says it; itself where nothing is. For callers who have shown the check-out token.
 */
export async function withKnownCustomer(env: Env, opened: Opened, said: Record<string, unknown>, id: string | undefined, now: number): Promise<Known> {
  const request = withoutConsents(said);
  const nothing = { request, accounts: [] };
  if (id === undefined) return nothing;
  const isMember = loyaltyIn(opened).isThere;
  if (!isMember && !(await note.read(env, now))) return nothing;
  const name = await pseudonym(env, id);
  const kept = await env.CUSTOMERS.getByName(name).read();
  const profile = (kept?.profile ?? {}) as Profile;
  const accounts = isMember ? await statementsOf(env, opened, accountsOf(opened, name, profile.accounts)) : [];
  if (!kept && accounts.length === 0) return nothing;
  const customer = objectIn(request, 'customer');
  const attributes = { ...held(accounts, now), ...objectIn(customer, 'attributes') };
  return { request: { ...request, customer: customerOf(profile, { ...customer, attributes } as Customer) }, accounts };
}

/** What accounts hold, by the names by which conditions ask for it. */
function held(accounts: readonly LoyaltyAccount[], now: number): NonNullable<Profile['attributes']> {
  const attributes: Record<string, string | number | string[]> = {};
  for (const { scheme, available = 0, progress, entitlements = [] } of accounts) {
    attributes[scheme] = available;
    if (progress?.level !== undefined) attributes[`${scheme}.level`] = progress.level;
    const held = entitlements.filter(({ from = 0, until = Infinity }) => from <= now && now < until).map(({ entitlement }) => entitlement);
    if (held.length > 0) attributes[`${scheme}.entitlements`] = [...new Set(held)];
  }
  return attributes;
}

function objectIn(of: Record<string, unknown>, member: string): Record<string, unknown> {
  const value = of[member];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
