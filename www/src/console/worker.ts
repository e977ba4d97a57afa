/** What the console asks of the worker, with the token of who signed in. The token stays in this tab. */

export interface Budget {
  spent: number;
  heldAmount: number;
}

/** How much of a campaign is used, live. */
export interface Used {
  id: string;
  stopped: boolean;
  uses: number;
  heldUses: number;
  budgets: Record<string, Budget>;
}

export interface Campaign {
  id: string;
  name?: string;
  status?: 'active' | 'paused';
  schedule?: { from?: string; until?: string; timeZone?: string; weekdays?: string[]; hours?: { from: string; until: string } };
  [member: string]: unknown;
}

export interface Document {
  campaigns: Campaign[];
  experiments?: { id: string }[];
  [member: string]: unknown;
}

export interface Change {
  id: string;
  change: 'added' | 'changed' | 'removed';
}

export interface Catalogue {
  revision: number;
  document: Document;
  published: { version: number; at: number; revision: number } | null;
  changes: Change[];
}

interface Limit {
  per?: 'all' | 'customer';
  every?: string;
  uses?: number;
  budget?: number;
}

/** What the ledger counts by. */
export interface Programme {
  allowances: Record<string, { limits?: Limit[] }>;
}

export interface Sum {
  orders: number;
  total: number;
  discount: number;
}

export interface Variant extends Sum {
  experiment: string;
  variant: string;
  begun: number;
  mean: number;
  interval: number | null;
  against: { variant: string; difference: number; interval: number } | null;
}

export interface Statistics {
  currency: string;
  currencies: string[];
  from: number;
  to: number;
  all: Sum;
  rolledBack: number;
  refused: number;
  days: (Sum & { day: string; refused: number })[];
  campaigns: (Sum & { id: string })[];
  refusals: { code: string; count: number }[];
  customers: (Sum & { customer: string })[];
  variants: Variant[];
}

export interface Entry {
  id: string;
  at: number;
  outcome: string;
  redemption: string;
  order: string | null;
  customer: string | null;
  campaigns: string[];
  currency: string;
  total: number;
  discount: number;
  code: string | null;
  message: string | null;
  params?: Record<string, unknown>;
  /** Codes that were entered and took nothing off; absent in records of earlier versions. */
  failed?: Failed[];
}

/** Of a code that a quote token told of, only its campaign is known. */
export interface Failed {
  code: string | null;
  campaign: string | null;
  reason: string | null;
  message: string | null;
}

export interface Audited {
  seq: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  /** What was changed in it; empty where the rest says all. */
  detail: string;
}

export interface Statement {
  account: string;
  unit: string;
  available: number;
  pending: number;
  held: number;
  expiring: { at: number; amount: number }[];
  progress?: { level?: string; next?: string; missing?: number };
}

/** Who brings friends, and what comes back of the rewards; rates are decimals, null where nothing is to divide by. */
export interface Referrals {
  currency: string;
  currencies: string[];
  leaders: { referrer: string; conversions: number }[];
  customers: number;
  paid: number;
  invitations: number;
  conversions: number;
  lifetimeValue: number | null;
  invitationsPerCustomer: string | null;
  conversionRate: string | null;
  k: string | null;
  reward: number | null;
  returnOnReward: string | null;
}

/** Why the worker refused, and what to do about it. */
/** One thing that is odd about a campaign. */
export interface Diagnostic {
  code: string;
  message: string;
  help: string;
  /** Where it stands: `/campaigns/3/codes/0`. */
  at?: { pointer: string };
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly help: string,
    readonly diagnostics: readonly Diagnostic[] = [],
  ) {
    super(message);
  }
}

type Query = Record<string, string | number | undefined>;

const kept = 'counterfoil/console';

export interface Keeper {
  token: string;
  name: string;
}

/** Who signed in in this tab. */
export function keeper(): Keeper | undefined {
  const text = sessionStorage.getItem(kept);
  return text === null ? undefined : (JSON.parse(text) as Keeper);
}

export const signIn = (who: Keeper): void => sessionStorage.setItem(kept, JSON.stringify(who));
export const signOut = (): void => sessionStorage.removeItem(kept);

function address(path: string, query: Query): string {
  const asked = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
  return asked.length === 0 ? path : `${path}?${new URLSearchParams(asked)}`;
}

/** What tells the worker who asks. */
function ours(): Record<string, string> {
  const who = keeper();
  return { authorization: `Bearer ${who?.token ?? ''}`, ...(who?.name && { 'x-actor': who.name }) };
}

const unreachable = () => new Refused(0, 'no_network', 'The worker cannot be reached.', 'Look at the network, and try again.');

/** Why it was refused, whatever stands in the answer. */
function problemOf(status: number, text: string): Refused {
  let problem: { code?: string; message?: string; help?: string; diagnostics?: Diagnostic[] } = {};
  try {
    problem = JSON.parse(text);
  } catch {
    // what is no problem of the worker's is told by its status
  }
  return new Refused(status, problem.code ?? 'unknown', problem.message ?? `The worker answered ${status}.`, problem.help ?? '', problem.diagnostics);
}

async function asked(method: string, path: string, { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      cache: 'no-store',
      headers: {
        ...ours(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch {
    throw unreachable();
  }
  if (response.ok) return response;
  throw problemOf(response.status, await response.text().catch(() => ''));
}

/** Sends a large document, telling how much of it is out: `fetch` does not say. */
async function sent(path: string, body: unknown, headers: Record<string, string>, out: (share: number) => void): Promise<void> {
  const request = new XMLHttpRequest();
  request.open('PUT', path);
  for (const [name, value] of Object.entries({ ...ours(), 'content-type': 'application/json', ...headers })) request.setRequestHeader(name, value);
  request.upload.addEventListener('progress', ({ loaded, total }) => out(loaded / total));
  await new Promise<void>((resolve) => {
    request.addEventListener('loadend', () => resolve());
    request.send(JSON.stringify(body));
  });
  if (request.status === 0) throw unreachable();
  if (request.status >= 300) throw problemOf(request.status, request.responseText);
}

const read = async <T>(path: string, query: Query = {}): Promise<T> => (await asked('GET', address(path, query))).json();
const named = encodeURIComponent;

export const worker = {
  catalogue: () => read<Catalogue>('/admin/catalogue'),
  used: async () => (await read<{ campaigns: Used[] }>('/campaigns')).campaigns,
  programme: () => read<Programme>('/programme'),
  statistics: (query: { from?: number; to?: number; currency?: string }) => read<Statistics>('/admin/statistics', query),
  referrals: (query: Query) => read<Referrals>('/admin/referrals', query),
  records: (query: Query) => read<{ records: Entry[]; next: number | null }>('/records', query),
  audit: (after?: number) => read<{ entries: Audited[]; next: number | null }>('/admin/audit', { after }),
  statement: (account: string) => read<Statement>(`/accounts/${named(account)}`),
  switch: async (id: string, verb: 'stop' | 'resume'): Promise<Used> => (await asked('POST', `/admin/campaigns/${named(id)}/${verb}`, { body: {} })).json(),
  save: (campaign: Campaign, revision?: number) =>
    asked('PUT', `/admin/catalogue/campaigns/${named(campaign.id)}`, { body: campaign, headers: revision === undefined ? {} : { 'if-match': `"${revision}"` } }),
  /** All campaigns, in the place of those that were there at a revision. */
  replace: (document: Document, revision: number, out: (share: number) => void) => sent('/admin/catalogue', document, { 'if-match': `"${revision}"` }, out),
  remove: (id: string) => asked('DELETE', `/admin/catalogue/campaigns/${named(id)}`),
  /** Signs the catalogue and puts it in force; `allow` names what it would be refused for. */
  publish: async (allow: readonly string[] = []): Promise<{ version: number }> => (await asked('POST', '/admin/publish', { body: { allow } })).json(),
  forget: async (customer: string): Promise<{ records: number }> => (await asked('DELETE', `/admin/customers/${named(customer)}`)).json(),
  /** A file as it comes, telling how many bytes have come. */
  async file(path: string, query: Query, came: (bytes: number) => void): Promise<Blob> {
    const response = await asked('GET', address(path, query));
    const parts: BlobPart[] = [];
    let bytes = 0;
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
      parts.push(part);
      came((bytes += part.byteLength));
    }
    return new Blob(parts, { type: response.headers.get('content-type') ?? '' });
  },
};
