import { CounterfoilError, Engine } from 'counterfoil';

/**
 * The shop's offers: one signed snapshot, opened here with the key ring. A copy of the last good one is kept with its
 * key ring, so that the next visit prices at once and also without a network. What cannot be verified is never kept,
 * and never replaces what is.
 */

export interface Refusal {
  code: string;
  message: string;
  help: string;
}

export interface Offers {
  engine?: Engine;
  /** When the shop last confirmed that this is the newest. */
  checkedAt?: number;
  /** Why the newest was not taken. */
  refused?: Refusal;
  /** The shop could not be asked. */
  unreachable?: string;
}

const shelf = 'counterfoil-offers';
const storage = () => ('caches' in globalThis ? caches.open(shelf) : Promise.resolve(undefined));

export function refusalOf(error: unknown): Refusal {
  if (error instanceof CounterfoilError) return { code: error.code, message: error.message, help: error.help };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error), help: 'Reload the page; if it stays, tell the shop.' };
}

type KeyRing = Parameters<typeof Engine.open>[1];

async function keptKeyRing(): Promise<KeyRing | undefined> {
  return (await (await storage())?.match('/keyring.json'))?.json();
}

// The key ring says whom to believe, so a real shop pins it in its build. The demo meets a new shop on every machine:
// it takes the ring it is given on the first visit and believes only that one from then on.
async function keyRing(): Promise<KeyRing> {
  const kept = await keptKeyRing();
  if (kept) return kept;
  const response = await fetch('/keyring.json');
  if (!response.ok) throw new Error(`the shop answered ${response.status} for its key ring`);
  return response.json();
}

const keptSnapshot = async () => (await storage())?.match('/snapshot');

async function keep(snapshot: ArrayBuffer, version: number, etag: string | null, ring: KeyRing): Promise<void> {
  const cache = await storage();
  await cache?.put('/keyring.json', Response.json(ring));
  await cache?.put('/snapshot', new Response(snapshot, { headers: { 'snapshot-version': String(version), ...(etag && { etag }) } }));
}

/** The last good snapshot and the key ring that it was verified with. */
export async function keptOffers(): Promise<{ snapshot: Response; keyRing: KeyRing } | undefined> {
  const keyRing = await keptKeyRing();
  const snapshot = await keptSnapshot();
  return keyRing && snapshot && { snapshot, keyRing };
}

/** The last good snapshot, verified again. */
export async function openKept(): Promise<Offers> {
  const kept = await keptOffers();
  if (!kept) return {};
  try {
    return { engine: await Engine.open(await kept.snapshot.arrayBuffer(), kept.keyRing) };
  } catch (error) {
    return { refused: refusalOf(error) };
  }
}

/** Asks for something newer than `now` holds and opens it. Answers what to go on with; `now` itself when nothing changed. */
export async function refresh(now: Offers): Promise<Offers> {
  const standing: Offers = { ...(now.engine && { engine: now.engine }), ...(now.checkedAt !== undefined && { checkedAt: now.checkedAt }) };
  const kept = (await keptSnapshot())?.headers;
  // A kept copy that no longer opens (it expired, say) must be replaced, so only a working one may be confirmed.
  const etag = now.engine && kept?.get('etag');
  let ring: KeyRing;
  let response: Response;
  try {
    ring = await keyRing();
    response = await fetch('/snapshot', { cache: 'no-store', headers: etag ? { 'if-none-match': etag } : {} });
    if (!response.ok && response.status !== 304) throw new Error(`the shop answered ${response.status} for its offers`);
  } catch (error) {
    return { ...standing, ...(now.refused && { refused: now.refused }), unreachable: refusalOf(error).message };
  }
  if (response.status === 304) return { ...standing, checkedAt: Date.now() };
  try {
    const bytes = await response.arrayBuffer();
    // An older snapshot with a good signature would bring back offers that were stopped: the version may only grow.
    const engine = await Engine.open(bytes, ring, { minVersion: Number(kept?.get('snapshot-version') ?? 0) });
    await keep(bytes, engine.snapshot.version, response.headers.get('etag'), ring);
    return { engine, checkedAt: Date.now() };
  } catch (error) {
    return { ...standing, refused: refusalOf(error) };
  }
}

/** Forgets the kept snapshot and the key ring, so that the next load meets the shop anew. */
export async function forget(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(shelf);
}
