import { CounterfoilError, Engine, type KeyRing } from 'counterfoil/workshop';
import type { Env } from './env';
import { keyRing } from './key_ring';
import { log } from './log';
import { noSnapshot, Refusal, snapshotUnavailable } from './problem';
import { pulseKey, pulseTerms, signedPulse } from './pulse';
import { SnapshotStore, type Pointer } from './snapshot_store';
import { stoppedIn } from './switches';

/** How long an isolate goes without looking at the pointer. KV's own delay (see SnapshotStore) comes on top. */
const LOOK_EVERY_MS = 3_000;

/** How long an engine goes without another pulse where nothing was stopped. */
const PULSE_EVERY_MS = 60_000;

/** A snapshot that is open here. */
export interface Opened {
  pointer: Pointer;
  engine: Engine;
  /** What the last pulse said that it has taken. */
  pulse?: { at: number; stopped: readonly string[] };
}

/**
 * The engine of this isolate: opened once, opened again when the pointer moves on.
 *
 * A bad update changes nothing: the snapshot that is open goes on answering until it expires.
 */
export class EdgeEngine {
  #opened: Opened | undefined;
  #failure: Refusal | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

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
    await this.current(new SnapshotStore(env.SNAPSHOTS), keyRing(env), now);
    return this.#opened as Opened;
  }

  async current(store: SnapshotStore, keyRing: KeyRing, now: number): Promise<Engine> {
    const due = now - this.#lookedAt >= LOOK_EVERY_MS;
    const inForce = this.#inForce(now);
    if (inForce && !due) return inForce.engine;
    if (this.#failure && !due) throw this.#failure;
    // Set before the first await: requests that arrive meanwhile use what is open.
    this.#lookedAt = now;
    try {
      return await this.#look(store, keyRing, now);
    } catch (error) {
      return this.#keepAnswering(error, now);
    }
  }

  /** Takes over a snapshot that was just opened, here or by a publish, unless it is behind. Answers what is held. */
  adopt(opened: Opened): Engine {
    if (this.#opened && opened.pointer.version < this.#opened.pointer.version) return this.#opened.engine;
    this.#opened = opened;
    this.#failure = undefined;
    return opened.engine;
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
    const fresh = isBack ? await open(new SnapshotStore(env.SNAPSHOTS), opened.pointer, opened.pointer.version, keyRing(env), now) : opened.engine;
    const terms = pulseTerms(opened.pointer, stopped, now);
    try {
      signedPulse(fresh, terms, key, now);
    } catch (error) {
      // the books have stopped it; an edge that needs a pulse refuses by itself
      log('error', 'pulse_not_taken', { cause: error instanceof Error ? error.message : String(error) });
    }
    // a publish may have come in between
    if (this.#opened?.pointer.sha256 !== opened.pointer.sha256) return;
    this.#opened = { pointer: opened.pointer, engine: fresh, pulse: { at: now, stopped } };
  }

  /** Something was published: the next one who asks looks at the pointer. */
  lookAgain(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  #inForce(now: number): Opened | undefined {
    return this.#opened && now < this.#opened.engine.snapshot.expiresAt ? this.#opened : undefined;
  }

  async #look(store: SnapshotStore, keyRing: KeyRing, now: number): Promise<Engine> {
    const pointer = await store.current();
    if (!pointer) throw noSnapshot();
    const inForce = this.#inForce(now);
    if (inForce && (pointer.sha256 === inForce.pointer.sha256 || pointer.version < inForce.pointer.version)) {
      this.#failure = undefined;
      return inForce.engine;
    }
    const floor = Math.max(pointer.version, this.pointer?.version ?? 0);
    return this.adopt({ pointer, engine: await open(store, pointer, floor, keyRing, now) });
  }

  #keepAnswering(error: unknown, now: number): Engine {
    const refusal = error instanceof Refusal ? error : snapshotUnavailable();
    this.#failure = refusal;
    const inForce = this.#inForce(now);
    if (!inForce && refusal === error) throw refusal;
    log('error', 'snapshot_not_opened', {
      code: refusal.problem.code,
      cause: error instanceof Error ? error.message : String(error),
      heldVersion: inForce?.pointer.version,
    });
    if (inForce) return inForce.engine;
    throw refusal;
  }
}

/** The one of this isolate, which quotes. */
export const edgeEngine = new EdgeEngine();

/** What pages have open, as the one who signs pulses for them sees it. */
export const pagesEngine = new EdgeEngine();

async function open(
  store: SnapshotStore,
  pointer: Pointer,
  minVersion: number,
  keyRing: KeyRing,
  now: number,
): Promise<Engine> {
  const bytes = await store.bytes(pointer.sha256);
  if (!bytes) throw snapshotUnavailable();
  try {
    return await Engine.open(bytes, keyRing, { now, minVersion });
  } catch (error) {
    throw error instanceof CounterfoilError ? Refusal.from(error, 503) : error;
  }
}
