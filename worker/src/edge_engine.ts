import { CounterfoilError, Engine } from 'counterfoil/workshop';
import type { Env } from './env';
import { keyRing } from './key_ring';
import { log } from './log';
import { noSnapshot, Refusal, snapshotUnavailable } from './problem';
import { peppers } from './pepper';
import { pulseKey, pulseKeyNotSet, pulseTerms, signedPulse } from './pulse';
import { isBefore, SnapshotStore, type Pointer } from './snapshot_store';
import { stoppedIn } from './switches';

/** How long an isolate goes without looking at the pointer. KV's own delay (see SnapshotStore) comes on top. */
const LOOK_EVERY_MS = 3_000;

/** How long an engine goes without another pulse where nothing was stopped. */
const PULSE_EVERY_MS = 60_000;

/** A snapshot that is open here. */
export interface Opened {
  pointer: Pointer;
  engine: Engine;
  /** Bytes of the root documents that it was opened with: where there are more by now, it is opened anew. */
  root: number;
  /** What the last pulse said that it has taken. */
  pulse?: { at: number; stopped: readonly string[] };
}

/**
 * An engine of this isolate: opened once, opened again when the pointer moves on.
 *
 * A bad update changes nothing: the snapshot that is open goes on answering until it expires.
 */
export class EdgeEngine {
  readonly #half: 'edge' | 'storefront';
  #opened: Opened | undefined;
  #failure: Refusal | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @param half `edge`: the private half, where a publication has one, which knows unique codes */
  constructor(half: 'edge' | 'storefront') {
    this.#half = half;
  }

  /** What this isolate has open. */
  get pointer(): Pointer | undefined {
    return this.#opened?.pointer;
  }

  /** The snapshot in force, without the campaigns that are stopped. */
  async opened(env: Env, now: number): Promise<Opened> {
    await this.held(env, now);
    await this.#obey(env, now);
    // what was just answered is what is held
    return this.#opened as Opened;
  }

  /** The same as it was published. */
  async held(env: Env, now: number): Promise<Opened> {
    const due = now - this.#lookedAt >= LOOK_EVERY_MS;
    const inForce = this.#inForce(now);
    if (inForce && !due) return inForce;
    if (this.#failure && !due) throw this.#failure;
    // Set before the first await: requests that arrive meanwhile use what is open.
    this.#lookedAt = now;
    try {
      return await this.#look(env, now);
    } catch (error) {
      return this.#keepAnswering(error, now);
    }
  }

  /** Takes over a snapshot that was just opened, here or by a publish, unless it is behind. Answers what is held. */
  adopt(opened: Opened): Opened {
    if (this.#opened && isBefore(opened.pointer, this.#opened.pointer)) return this.#opened;
    this.#opened = opened;
    this.#failure = undefined;
    return opened;
  }

  /** Takes a pulse of its own making: who signs those of pages needs no network to hear them. */
  async #obey(env: Env, now: number): Promise<void> {
    const key = pulseKey(env);
    if (!key) return;
    const stopped = await stoppedIn(env, now);
    const { pulse, ...opened } = this.#opened as Opened;
    const isBack = pulse?.stopped.some((id) => !stopped.includes(id)) ?? false;
    const isSame = !isBack && pulse?.stopped.length === stopped.length;
    if (isSame && now - pulse.at < PULSE_EVERY_MS) return;
    // no pulse takes a stop back, so what runs again needs the snapshot anew
    const { engine: fresh, root } = isBack ? await this.#open(env, opened.pointer, opened.pointer, await new SnapshotStore(env).root(), now) : opened;
    const terms = pulseTerms(opened.pointer, stopped, now);
    try {
      signedPulse(fresh, terms, key, now);
    } catch (error) {
      // the books have stopped it; an edge that needs a pulse refuses by itself
      log('error', 'pulse_not_taken', { cause: error instanceof Error ? error.message : String(error) });
    }
    // a publish may have come in between
    if (this.#opened?.pointer.sha256 !== opened.pointer.sha256) return;
    this.#opened = { pointer: opened.pointer, engine: fresh, root, pulse: { at: now, stopped } };
  }

  /** Something was published: the next one who asks looks at the pointer. */
  lookAgain(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  #inForce(now: number): Opened | undefined {
    return this.#opened && now < this.#opened.engine.snapshot.expiresAt ? this.#opened : undefined;
  }

  async #look(env: Env, now: number): Promise<Opened> {
    const store = new SnapshotStore(env);
    const [pointer, root] = await Promise.all([store.current(), store.root()]);
    if (!pointer) throw noSnapshot();
    const inForce = this.#inForce(now);
    const isKnown = inForce && (pointer.sha256 === inForce.pointer.sha256 || isBefore(pointer, inForce.pointer));
    if (isKnown && root.length <= inForce.root) {
      this.#failure = undefined;
      return inForce;
    }
    const held = this.pointer;
    const floor = held && isBefore(pointer, held) ? held : pointer;
    return this.adopt({ pointer, ...(await this.#open(env, pointer, floor, root, now)) });
  }

  async #open(env: Env, { sha256, edge }: Pointer, floor: Pointer, root: Uint8Array<ArrayBuffer>, now: number): Promise<Pick<Opened, 'engine' | 'root'>> {
    const store = new SnapshotStore(env);
    const isPrivate = this.#half === 'edge' && edge !== undefined;
    const bytes = isPrivate ? await store.edge(edge) : await store.bytes(sha256);
    if (!bytes) throw snapshotUnavailable();
    const engine = isPrivate ? await openEdge(env, bytes, root, floor, now) : await openPublic(env, bytes, root, floor, now);
    return { engine, root: root.length };
  }

  #keepAnswering(error: unknown, now: number): Opened {
    const refusal = error instanceof Refusal ? error : snapshotUnavailable();
    this.#failure = refusal;
    const inForce = this.#inForce(now);
    if (!inForce && refusal === error) throw refusal;
    log('error', 'snapshot_not_opened', {
      code: refusal.problem.code,
      cause: error instanceof Error ? error.message : String(error),
      heldVersion: inForce?.pointer.version,
    });
    if (inForce) return inForce;
    throw refusal;
  }
}

/** The one that quotes. */
export const edgeEngine = new EdgeEngine('edge');

/** What pages have open, as the one who signs pulses for them sees it. */
export const pagesEngine = new EdgeEngine('storefront');

/** Opens a snapshot as pages do that follow the root documents; none that comes before `floor`. */
export function openPublic(env: Env, bytes: ArrayBuffer | Uint8Array, root: Uint8Array, floor: Pointer | undefined, now: number): Promise<Engine> {
  return opening(Engine.open(bytes, keyRing(env), { now, root, ...floorOf(floor) }));
}

/** Opens a private half, which needs the pepper of its codes, and pulses where the key ring has keys for them. */
export function openEdge(env: Env, bytes: ArrayBuffer | Uint8Array, root: Uint8Array, floor: Pointer | undefined, now: number): Promise<Engine> {
  const ring = keyRing(env);
  if (ring.roles.pulse && !pulseKey(env)) throw pulseKeyNotSet();
  return opening(Engine.open(bytes, ring, { profile: 'edge', peppers: peppers(env), now, root, ...floorOf(floor) }));
}

function floorOf(pointer: Pointer | undefined): { minVersion?: number; minRootVersion?: number } {
  return pointer ? { minVersion: pointer.version, minRootVersion: pointer.rootVersion ?? 0 } : {};
}

async function opening(engine: Promise<Engine>): Promise<Engine> {
  try {
    return await engine;
  } catch (error) {
    throw error instanceof CounterfoilError ? Refusal.from(error, 503) : error;
  }
}
