import { download, type SourceFailed, type Download, type Known, type Limits } from './download.js';
import type { Engine, KeyRing, OpenOptions, SnapshotInfo } from './engine.js';
import type { Diagnostic } from './error.js';
import { cacheKeep, type Keep, type Kept } from './keep.js';
import { Tabs } from './tabs.js';

export { cacheKeep, kvKeep, r2Keep, type Keep, type Kept, type KvNamespace, type R2Bucket } from './keep.js';

/** What is followed, and how. */
export interface FollowOptions extends Pick<OpenOptions, 'profile' | 'disclosure' | 'module' | 'peppers'> {
  /** Addresses that serve the same snapshot. Each check asks the next one, and the others if that fails. */
  sources: readonly (string | URL)[];
  /** Whom to believe. Pinned in the build, never fetched from where the snapshot comes from. */
  keyRing: KeyRing;
  /** Address of the shop's root documents: newer keys than the pinned ones, and ceilings. */
  root?: string | URL;
  /** Address of the shop's pulse, best on another host than the sources: confirms what is open and stops campaigns. */
  pulse?: string | URL;
  /** Milliseconds between two checks, give or take a tenth; default 60,000, at least 1,000. */
  every?: number;
  /** `false`: nothing is asked by itself, only by `check` and `checkIfDue`, as in workers. Default `true`. */
  poll?: boolean;
  /** Where the last good snapshot is kept; default the `Cache` storage where there is one. `null`: nowhere. */
  keep?: Keep | null;
  /** The most bytes that are downloaded; default 4 MiB, for the edge profile 64 MiB. */
  maxBytes?: number;
  /** The longest a download may take, milliseconds; default 15,000. */
  timeout?: number;
  /** How a source is downloaded, when not whole: `inParts` of `counterfoil/workshop`. `known` answers with what is there. */
  download?: (source: string, etag: string | undefined, limits: Limits, known: () => Promise<Known>) => Promise<Download>;
}

/**
 * `opening`: nothing to quote with yet, and nothing failed. `ready`: the newest snapshot, as far as the last check could tell.
 * `stale`: a good snapshot, but the last check failed (`error` says why). `error`: nothing to quote with (`error` says why).
 */
export type SyncState = 'opening' | 'ready' | 'stale' | 'error';

/** Who can open a snapshot: the class `Engine` of `counterfoil` or `Workshop` of `counterfoil/workshop`. */
export interface Opener<E extends Engine> {
  /** Verifies a snapshot and makes it ready. */
  open(bytes: Uint8Array, keyRing: KeyRing, options?: OpenOptions): Promise<E>;
}

const LEAST_WAIT = 1_000;
const LONGEST_BACK_OFF = 300_000;
const LONGEST_RETRY_AFTER = 3_600_000;
const MEBIBYTE = 1_048_576;
/** How long the first quote waits for what was downloaded to be stored. */
const STORE_MOMENT = 1_000;
/** A signed body of 64 KiB with its frame. */
const PULSE_BYTES = 66_134;

/**
 * Follows a shop's snapshot: what was kept is opened at once, then the sources are asked, again and again. A bad update changes
 * nothing: the snapshot that is open goes on until its own end, with or without a network.
 *
 * ```ts
 * import { Engine } from 'counterfoil';
 * import { follow } from 'counterfoil/sync';
 *
 * const sync = await follow(Engine, { sources: ['https://shop.example/snapshot'], keyRing });
 * sync.state;                         // 'ready'
 * sync.engine?.quote(request).total;  // 8100
 * sync.onChange(() => render(sync));
 * ```
 *
 * Resolves as soon as there is something to quote with, or when every source has failed. It never rejects for what a network,
 * a store or a source did: `state` and `error` tell.
 */
export async function follow<E extends Engine>(opener: Opener<E>, options: FollowOptions): Promise<Sync<E>> {
  const sync = new Sync(opener, options);
  await sync.start();
  return sync;
}

/** A snapshot that is followed. */
export class Sync<E extends Engine = Engine> {
  readonly #opener: Opener<E>;
  readonly #options: FollowOptions;
  readonly #sources: readonly string[];
  readonly #keep: Keep | null;
  readonly #every: number;
  readonly #tabs: Tabs;
  readonly #listeners = new Set<() => void>();
  #engine: E | undefined;
  /** What nothing is older than that is used. */
  #floor = { minRootVersion: 0, minVersion: 0 };
  #issuedAt = 0;
  #origin: { source: string; etag: string | undefined } | undefined;
  /** The root documents as far as they are known. */
  #root: Uint8Array<ArrayBuffer> | undefined;
  /** The last pulse that has stopped something. */
  #pulse: Uint8Array<ArrayBuffer> | undefined;
  #rootEtag: string | undefined;
  #error: Diagnostic | undefined;
  #notKept: unknown;
  #checkedAt: number | undefined;
  #turn = 0;
  #failures = 0;
  #asked = Number.NEGATIVE_INFINITY;
  #wait = 0;
  #checking: Promise<void> | undefined;
  #answers!: () => void;
  /** Fulfilled when the sources have been asked once, whatever becomes of what they said in the store. */
  readonly #answered = new Promise<void>((answers) => (this.#answers = answers));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #told: { state: SyncState; engine: E | undefined; changes: number | undefined } = { state: 'opening', engine: undefined, changes: undefined };
  /** Wall clock and running clock when the snapshot was opened: a clock set back revives nothing. */
  #opened = { wall: 0, running: 0 };

  /** @internal */
  constructor(opener: Opener<E>, options: FollowOptions) {
    const { sources, keyRing, every = 60_000, profile = 'storefront' } = options;
    if (sources.length === 0) throw new TypeError('counterfoil: follow needs at least one source');
    const base = (globalThis as { location?: Location }).location?.href;
    this.#opener = opener;
    this.#options = options;
    this.#sources = sources.map((source) => new URL(source, base).href);
    this.#every = Math.max(every, LEAST_WAIT);
    // Other keys are another history: their versions say nothing of these.
    const keys = keyRing.roles.publisher.keys.map(({ publicKey }) => publicKey).sort();
    const name = [keyRing.audience, keyRing.environment, profile, ...keys].join('|');
    this.#keep = options.keep === undefined ? ('caches' in globalThis ? cacheKeep(name) : null) : options.keep;
    this.#tabs = new Tabs(name);
  }

  /** What to quote with; nothing before the first good snapshot and after the end of the last one. */
  get engine(): E | undefined {
    return this.#engine !== undefined && this.#now() < this.#engine.snapshot.expiresAt ? this.#engine : undefined;
  }

  /** How it stands. */
  get state(): SyncState {
    if (this.engine) return this.#error ? 'stale' : 'ready';
    return this.#error || this.#engine ? 'error' : 'opening';
  }

  /** Why the last check brought nothing, or why there is nothing to quote with. */
  get error(): Diagnostic | undefined {
    return this.#engine && !this.engine ? expired(this.#engine, this.#now()) : this.#error;
  }

  /** When a source last confirmed what is open, UTC milliseconds. */
  get checkedAt(): number | undefined {
    return this.#checkedAt;
  }

  /** What kept the last good snapshot from being stored (the store is full, say); it is used all the same. */
  get notKept(): unknown {
    return this.#notKept;
  }

  /** Calls `listener` whenever the engine, the campaigns that it runs or the state have changed. Answers how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks the sources now. */
  check(): Promise<void> {
    this.#checking ??= this.#ask().finally(() => {
      this.#checking = undefined;
      this.#schedule();
    });
    return this.#checking;
  }

  /**
   * Asks the sources if it is time to. For workers, which have no timers between requests:
   * `ctx.waitUntil(sync.checkIfDue())` answers this request with what is there and the next one with what is newer.
   */
  async checkIfDue(): Promise<void> {
    // A check that another request has begun may have died with it, so it is neither waited for nor taken to be alive for ever.
    if (performance.now() - this.#asked < this.#wait) return;
    this.#checking = undefined;
    await this.check();
  }

  /** Stops asking; the engine stays. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#tabs.leave();
    if (typeof document === 'object') document.removeEventListener('visibilitychange', this.#wake);
    globalThis.removeEventListener?.('online', this.#wake);
  }

  /** @internal */
  async start(): Promise<void> {
    await this.#openKept();
    const poll = this.#options.poll ?? true;
    if (poll) {
      if (this.#keep) this.#tabs.join(() => void this.#heard());
      if (typeof document === 'object') document.addEventListener('visibilitychange', this.#wake);
      globalThis.addEventListener?.('online', this.#wake);
    }
    const checked = this.check();
    // what was found is quoted with while a slow store is still writing it
    if (!this.engine) await Promise.race([checked, this.#answered.then(() => new Promise((over) => setTimeout(over, STORE_MOMENT)))]);
  }

  readonly #wake = () => {
    const visible = typeof document !== 'object' || !document.hidden;
    if (visible && (this.#error !== undefined || performance.now() - this.#asked >= this.#wait)) void this.check();
  };

  #now(): number {
    const since = Math.floor(performance.now() - this.#opened.running);
    return Math.max(Date.now(), this.#issuedAt, this.#opened.wall + since);
  }

  /** What is in the store. One that does not answer is as good as none. */
  #kept(): Promise<Kept | undefined> {
    return this.#within(this.#keep?.read());
  }

  /** What a store has to say, unless it takes longer than a download may. */
  #within<T>(asked: Promise<T> | undefined): Promise<T | undefined> {
    let timer: ReturnType<typeof setTimeout>;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error('the store does not answer')), this.#timeout);
    });
    return Promise.race([asked, late]).finally(() => clearTimeout(timer));
  }

  async #openKept(): Promise<void> {
    try {
      const kept = await this.#kept();
      if (kept) await this.#take(kept);
    } catch (error) {
      this.#error = diagnosticOf(error);
    }
    this.#tell();
  }

  /** What another tab has found out lies in the store. */
  async #heard(): Promise<void> {
    this.#asked = performance.now();
    this.#checkedAt = Date.now();
    try {
      const kept = await this.#kept();
      const roots = (of: Uint8Array | undefined): number => of?.length ?? 0;
      const isKnown = kept?.version === this.#engine?.snapshot.version && roots(kept?.root) === roots(this.#root);
      if (kept && !isKnown && roots(kept.root) >= roots(this.#root)) await this.#take(kept);
      await this.#askPulse();
      if (this.engine) this.#error = undefined;
    } catch {
      // what does not open here is no news; this tab's own check will say what is wrong
    }
    this.#schedule();
    this.#tell();
  }

  async #ask(): Promise<void> {
    this.#asked = performance.now();
    this.#wait = this.#timeout;
    let failure: unknown;
    let patience = 0;
    let fresh: Kept | undefined;
    const first = this.#turn++;
    for (let tried = 0; tried < this.#sources.length; tried += 1) {
      const source = this.#sources[(first + tried) % this.#sources.length]!;
      try {
        fresh = (await this.#askOne(source, await this.#askRoot())) ?? fresh;
        const isStopped = await this.#askPulse();
        this.#failures = 0;
        this.#error = undefined;
        this.#checkedAt = Date.now();
        this.#wait = this.#every * (0.9 + Math.random() * 0.2);
        this.#tell();
        this.#answers();
        await this.#write(fresh, isStopped);
        this.#tabs.tell();
        return;
      } catch (error) {
        failure = error;
        patience = Math.max(patience, (error as SourceFailed | undefined)?.retryAfter ?? 0);
      }
    }
    this.#failures += 1;
    this.#error = diagnosticOf(failure);
    // Half of it by chance, so that a shop that comes back is not asked by all pages at once.
    const backOff = Math.min(LEAST_WAIT * 2 ** Math.min(this.#failures, 20), Math.max(this.#every, LONGEST_BACK_OFF));
    this.#wait = Math.max(backOff * (0.5 + Math.random() * 0.5), Math.min(patience, LONGEST_RETRY_AFTER));
    this.#tell();
    this.#answers();
    await this.#write(fresh, false);
  }

  get #timeout(): number {
    return this.#options.timeout ?? 15_000;
  }

  /** Asks a source, for the whole where the keys are newer than what is open, which was trusted under older ones. Answers what to keep. */
  async #askOne(source: string, news: RootNews | undefined): Promise<Kept | undefined> {
    const { maxBytes = (this.#options.profile === 'edge' ? 64 : 4) * MEBIBYTE } = this.#options;
    const etag = this.engine && !news && this.#origin?.source === source ? this.#origin.etag : undefined;
    const fetched = this.#options.download ?? download;
    const root = news?.bytes ?? this.#root;
    const answer = await fetched(source, etag, { maxBytes, timeout: this.#timeout }, async () => ({ bytes: (await this.#kept())?.bytes, root }));
    if (answer.unchanged) return undefined;
    const { bytes, etag: tag } = answer;
    const engine = await this.#open(bytes, root, this.#now());
    if (news) this.#rootEtag = news.etag;
    this.#use(engine, root, { source, etag: tag });
    const { version, rootVersion } = engine.snapshot;
    return { bytes, version, rootVersion, source, ...(tag !== undefined && { etag: tag }), ...(root && { root }) };
  }

  /** Keeps what is new: a snapshot, or a stop, which outlives the page too, since its next visit may not reach whom it came from. */
  async #write(fresh: Kept | undefined, isStopped: boolean): Promise<void> {
    const kept = fresh ?? (isStopped ? await this.#kept().catch(() => undefined) : undefined);
    if (!kept) return;
    try {
      await this.#within(this.#keep?.write({ ...kept, ...(this.#pulse && { pulse: this.#pulse }) }));
      this.#notKept = undefined;
    } catch (error) {
      this.#notKept = error;
    }
  }

  async #news(address: string | URL | undefined, etag: string | undefined, maxBytes: number): Promise<{ bytes?: Uint8Array<ArrayBuffer>; etag?: string | undefined }> {
    if (address === undefined) return {};
    const answer = await download(new URL(address, this.#sources[0]).href, etag, { maxBytes, timeout: this.#timeout });
    return answer.unchanged ? { etag } : answer;
  }

  /**
   * Root documents are only ever added: a chain that does not begin with the known one is an older one, or another's. A longer
   * one is believed when a snapshot has opened with it, since an address may answer with anything.
   */
  async #askRoot(): Promise<RootNews | undefined> {
    const { bytes: chain, etag } = await this.#news(this.#options.root, this.#rootEtag, MEBIBYTE);
    const known = this.#root ?? new Uint8Array();
    if (chain && chain.length > known.length && known.every((byte, at) => byte === chain[at])) return { bytes: chain, etag };
    this.#rootEtag = etag;
    return undefined;
  }

  /** Whether it has stopped something. */
  async #askPulse(): Promise<boolean> {
    const { engine } = this;
    const { bytes: pulse } = await this.#news(this.#options.pulse, undefined, PULSE_BYTES);
    if (!engine || !pulse) return false;
    const { changes } = engine;
    engine.takePulse(pulse, { now: this.#now() });
    if (engine.changes === changes) return false;
    this.#pulse = pulse;
    return true;
  }

  /** Uses what lies in a store. What is signed is believed of it, also how old it is; what it is called counts where that does not open. */
  async #take(kept: Kept): Promise<void> {
    const { bytes, root, pulse, source, etag } = kept;
    const open = (now: number): Promise<E> => this.#open(bytes, root, now);
    const use = (engine: E): void => {
      this.#pulse ??= pulse;
      this.#use(engine, root, { source, etag });
    };
    try {
      use(await open(this.#now()));
    } catch (error) {
      const { code, params } = diagnosticOf(error);
      // it was good when it was kept, so the clock went back
      if (code === 'snapshot_not_yet_valid') return use(await open(Number(params?.issuedAt)));
      // what has ended is of no use, and still nothing older is taken
      if (code === 'snapshot_expired') this.#raise((await open(Number(params?.expiresAt) - 1)).snapshot, root);
      else this.#raise({ ...kept, issuedAt: 0 }, this.#root);
      throw error;
    }
  }

  #open(bytes: Uint8Array, root: Uint8Array | undefined, now: number): Promise<E> {
    const { profile, disclosure, module, peppers, keyRing } = this.#options;
    const options = { ...(profile && { profile }), ...(disclosure && { disclosure }), ...(module && { module }), ...(peppers && { peppers }) };
    return this.#opener.open(bytes, keyRing, { ...options, ...this.#floor, now, root });
  }

  #use(engine: E, root: Uint8Array<ArrayBuffer> | undefined, origin: { source: string; etag: string | undefined }): void {
    const { version } = engine.snapshot;
    // The same one again, from another mirror: what is open may be in use. Under newer keys its ceilings may be others.
    if (root?.length !== this.#root?.length || !this.engine || this.#engine?.snapshot.revision !== engine.snapshot.revision || version > this.#engine.snapshot.version) {
      this.#engine = engine;
      // a stop holds for the next snapshot too, until a pulse that speaks of it
      if (this.#pulse) this.#stop(engine, this.#pulse, this.#now());
    }
    this.#origin = origin;
    this.#raise(engine.snapshot, root);
    this.#opened = { wall: Date.now(), running: performance.now() };
  }

  /** From here on nothing older is used. */
  #raise({ rootVersion, version, issuedAt }: Pick<SnapshotInfo, 'rootVersion' | 'version' | 'issuedAt'>, root: Uint8Array<ArrayBuffer> | undefined): void {
    this.#root = root;
    const { minRootVersion, minVersion } = this.#floor;
    const isNewer = rootVersion > minRootVersion || (rootVersion === minRootVersion && version > minVersion);
    if (isNewer) this.#floor = { minRootVersion: rootVersion, minVersion: version };
    this.#issuedAt = Math.max(this.#issuedAt, issuedAt);
  }

  /** What a pulse has stopped stays so when the pulse has ended, for a storefront, which needs none. */
  #stop(engine: E, pulse: Uint8Array, now: number): void {
    try {
      engine.takePulse(pulse, { now });
    } catch (error) {
      const { code, params } = diagnosticOf(error);
      // else it does not speak of this one; the next one is on its way
      if (code === 'pulse_expired' && now !== Number(params?.expiresAt) - 1) this.#stop(engine, pulse, Number(params?.expiresAt) - 1);
    }
  }

  #tell(): void {
    const { state, engine } = this;
    const changes = engine?.changes;
    if (state === this.#told.state && engine === this.#told.engine && changes === this.#told.changes) return;
    this.#told = { state, engine, changes };
    for (const listener of [...this.#listeners]) listener();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed || !(this.#options.poll ?? true)) return;
    const untilDue = Math.max(this.#asked + this.#wait - performance.now(), 0);
    // A tab that does not lead steps in only when the one that does has gone quiet.
    const patience = this.#tabs.leads ? untilDue : untilDue + this.#every;
    const untilEnd = this.engine ? this.engine.snapshot.expiresAt - this.#now() : Number.POSITIVE_INFINITY;
    this.#timer = setTimeout(() => this.#ring(), Math.min(patience, untilEnd, 2 ** 31 - 1));
    // Node must not stay alive for it.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #ring(): void {
    this.#tell();
    const due = performance.now() - this.#asked >= this.#wait;
    if (due) void this.check();
    else this.#schedule();
  }
}

/** A chain of root documents that is longer than the known one. */
interface RootNews {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string | undefined;
}

function diagnosticOf(error: unknown): Diagnostic {
  // of this entry, or of the one that brought its own way to download
  const told = (error as SourceFailed | undefined)?.diagnostic;
  if (told) return told;
  // a CounterfoilError of whichever entry the opener came from
  if (typeof (error as { toJSON?: unknown })?.toJSON === 'function' && 'code' in (error as object)) return (error as { toJSON(): Diagnostic }).toJSON();
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'sync_failed', severity: 'error', message, help: 'report it with what the host was doing', fixBy: 'developer' };
}

function expired(engine: Engine, now: number): Diagnostic {
  const { expiresAt, version } = engine.snapshot;
  const message = `the snapshot of version ${version} has ended and no newer one could be had`;
  const help = 'publish again, or find out why the new one does not arrive';
  return { code: 'snapshot_expired', severity: 'error', message, help, params: { expiresAt, now, version }, fixBy: 'merchant' };
}
