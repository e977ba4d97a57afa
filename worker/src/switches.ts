import type { Env } from './env';

/** What acts without a publish. The books decide; this is what the edge knows of it, a few seconds later. */
export interface Switches {
  /** Campaigns that were stopped. */
  stopped: string[];
  /** Over how many shards the uses of a campaign are spread. */
  shards: Record<string, number>;
}

const KEY = 'switches';

/** The shortest time that KV may answer from a location's cache. */
const CACHE_SECONDS = 30;

/** How long an isolate goes without looking. */
const LOOK_EVERY_MS = 3_000;

let known: { lookedAt: number; read: Promise<Switches> } | undefined;

/** As this isolate knows them; an empty namespace has none. */
export function switchesOf(env: Env, now: number): Promise<Switches> {
  if (known && now - known.lookedAt < LOOK_EVERY_MS) return known.read;
  const earlier = known?.read;
  const read = env.SNAPSHOTS.get<Switches>(KEY, { type: 'json', cacheTtl: CACHE_SECONDS })
    .then((found) => found ?? { stopped: [], shards: {} })
    // what was known goes on to hold while the namespace fails
    .catch((error: unknown) => earlier ?? Promise.reject(error as Error));
  known = { lookedAt: now, read };
  return read;
}

let stops: { lookedAt: number; read: Promise<string[]> } | undefined;

/** The campaigns that are stopped, as the catalogue knows them: no cache on the way delays a stop. */
export function stoppedIn(env: Env, now: number): Promise<string[]> {
  if (stops && now - stops.lookedAt < LOOK_EVERY_MS) return stops.read;
  const read = env.CATALOGUE.getByName('catalogue').switches()
    .then(({ stopped }) => stopped)
    // what the edge was told goes on to hold while the catalogue cannot be asked
    .catch(async () => (await switchesOf(env, now)).stopped);
  stops = { lookedAt: now, read };
  return read;
}

/** What this isolate has heard of a stop is behind. */
export function forgetStops(): void {
  stops = undefined;
}

/** Tells the edge. */
export async function publishSwitches(env: Env, switches: Switches): Promise<void> {
  await env.SNAPSHOTS.put(KEY, JSON.stringify(switches));
  known = { lookedAt: Date.now(), read: Promise.resolve(switches) };
}
