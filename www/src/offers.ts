import { CounterfoilError, Engine, type KeyRing } from 'counterfoil';
import { cacheKeep, follow, type Keep, type Kept, type Sync } from 'counterfoil/sync';

/**
 * The shop's offers: one signed snapshot, followed by `counterfoil/sync`. The last good one is kept across reloads and shared
 * by tabs, so that the next visit prices at once and also without a network. What cannot be verified never replaces it.
 */

export interface Refusal {
  code: string;
  message: string;
  /** The engine's advice, where it is the engine that refuses. */
  help?: string;
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof CounterfoilError) return { code: error.code, message: error.message, help: error.help };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}

const ringShelf = 'tern-and-kettle/key-ring';

// The key ring says whom to believe, so a real shop pins it in its build. The demo meets a new shop on every machine:
// it takes the ring it is given on the first visit and believes only that one from then on.
async function keyRing(): Promise<KeyRing> {
  const kept = read(ringShelf);
  if (kept !== null) return JSON.parse(kept) as KeyRing;
  const response = await fetch('/keyring.json');
  if (!response.ok) throw new Error(`the shop answered ${response.status} for its key ring`);
  const text = await response.text();
  const ring = JSON.parse(text) as KeyRing;
  keep(ringShelf, text);
  return ring;
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // then it is asked for again
  }
}

const stored = 'caches' in globalThis ? cacheKeep('tern-and-kettle') : undefined;
let latest: Kept | undefined;
let ring: KeyRing | undefined;

/** Remembers what is stored, for the engine that tells how prices came about: it opens the same bytes. */
const keeping: Keep = {
  read: async () => (latest = await stored?.read()),
  async write(kept) {
    latest = kept;
    await stored?.write(kept);
  },
};

/** The snapshot that is open and the key ring that it was verified with. */
export const openedBytes = () => (latest && ring ? { bytes: latest.bytes, keyRing: ring } : undefined);

/** The shop itself, and where else its snapshot lies. */
const sources = ['/snapshot', ...(import.meta.env.VITE_MIRRORS ?? '').split(' ').filter((mirror: string) => mirror !== '')];

/** Where the shop signs pulses, a campaign that it stops leaves the page within twenty seconds. */
const checking = ({ roles }: KeyRing) => (roles.pulse ? { every: 20_000, pulse: '/pulse' } : { every: 300_000 });

export class Offers {
  #sync: Sync<Engine> | undefined;
  #notFound: Refusal | undefined;

  /** Opens what is kept and asks for what is newer; `changed` hears of each change from then on. */
  async open(changed: () => void): Promise<void> {
    try {
      ring = await keyRing();
    } catch (error) {
      this.#notFound = refusalOf(error);
      return;
    }
    this.#notFound = undefined;
    this.#sync ??= await follow(Engine, { sources, keyRing: ring, keep: keeping, ...checking(ring) });
    this.#sync.onChange(changed);
    // what was kept is there at once; whether it is still the newest is being asked
    changed();
    if (this.#sync.checkedAt === undefined && !this.#sync.error) await this.#sync.check();
  }

  /** Asks now. */
  async refresh(changed: () => void): Promise<void> {
    if (this.#sync) await this.#sync.check();
    else await this.open(changed);
  }

  get engine(): Engine | undefined {
    return this.#sync?.engine;
  }

  /** `opening`, `ready`, `stale` or `error`, as the package tells it. */
  get state(): 'opening' | 'ready' | 'stale' | 'error' {
    return this.#sync?.state ?? (this.#notFound ? 'error' : 'opening');
  }

  /** When the shop last confirmed that this is the newest. */
  get checkedAt(): number | undefined {
    return this.#sync?.checkedAt;
  }

  /** Why the newest was not taken. */
  get refused(): Refusal | undefined {
    const error = this.#sync?.error;
    return error && !isOfNetwork(error) ? error : undefined;
  }

  /** The shop could not be asked. */
  get unreachable(): string | undefined {
    const error = this.#sync?.error;
    return this.#notFound?.message ?? (error && isOfNetwork(error) ? error.message : undefined);
  }
}

const isOfNetwork = ({ code }: Refusal) => code.startsWith('source_');

/** Forgets the kept snapshot and the key ring, so that the next load meets the shop anew. */
export async function forget(): Promise<void> {
  localStorage.removeItem(ringShelf);
  if ('caches' in globalThis) await caches.delete('counterfoil');
}
