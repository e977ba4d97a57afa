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
  await note.write(env, switches);
}
