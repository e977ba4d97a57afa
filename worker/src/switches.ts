import type { Env } from './env';
import { LOOK_EVERY_MS, Note } from './note';

/** What acts without a publish. The books decide; this is what the edge knows of it, a few seconds later. */
export interface Switches {
  /** Campaigns that were stopped. */
  stopped: string[];
  /** Over how many shards the uses of a campaign are spread. */
  shards: Record<string, number>;
}

const note = new Note<Switches>('switches', { stopped: [], shards: {} });

/** As this isolate knows them. */
export function switchesOf(env: Env, now: number): Promise<Switches> {
  return note.read(env, now);
}

let stops: { lookedAt: number; stopped: string[] } | undefined;
/** How often that was forgotten. */
let forgotten = 0;

/** The campaigns that are stopped, as the catalogue knows them: no cache on the way delays a stop. Requests share no reading, as with a note. */
export async function stoppedIn(env: Env, now: number): Promise<string[]> {
  const known = stops;
  if (known && now - known.lookedAt < LOOK_EVERY_MS) return known.stopped;
  const looking = known && { ...known, lookedAt: now };
  stops = looking;
  const before = forgotten;
  // what the edge was told goes on to hold while the catalogue cannot be asked
  const { stopped } = await env.CATALOGUE.getByName('catalogue').switches().catch(() => switchesOf(env, now));
  if (stops === looking && forgotten === before) stops = { lookedAt: now, stopped };
  return stopped;
}

/** What this isolate has heard of a stop is behind. */
export function forgetStops(): void {
  stops = undefined;
  forgotten += 1;
}

/** Tells the edge. */
export async function publishSwitches(env: Env, switches: Switches): Promise<void> {
  await note.write(env, switches);
}
