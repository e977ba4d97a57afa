import { check, compile, CounterfoilError, sign, signEdge, type Diagnostic, type SecretKey } from 'counterfoil/workshop';
import { Kept } from '../backup/kept';
import { edgeEngine, pagesEngine } from '../edge_engine';
import type { Env } from '../env';
import { keyRing } from '../key_ring';
import { lead } from '../root';
import { log } from '../log';
import { migrate } from '../migrations';
import { pepperOf } from '../pepper';
import { Refusal } from '../problem';
import { publish, publishEdge, type Published } from '../publish';
import { pulseKey, pulseKeyNotSet, pulseTerms, signedPulse } from '../pulse';
import { SnapshotStore } from '../snapshot_store';
import { publishSwitches, type Switches } from '../switches';
import { CodeLists, type Listed } from './code_lists';

/** How long a snapshot is good for; recurring schedules are written out for it. */
const LIFE_MS = 30 * 86_400_000;

/** What diagnostics call the document. */
const NAME = 'catalogue';

export const MIGRATIONS = [
  `CREATE TABLE document (revision INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, value TEXT NOT NULL);
   CREATE TABLE publication (version INTEGER PRIMARY KEY, at INTEGER NOT NULL, revision INTEGER NOT NULL, sha256 TEXT NOT NULL);`,
  `CREATE TABLE switch (campaign TEXT PRIMARY KEY, stopped INTEGER NOT NULL, shards INTEGER NOT NULL) WITHOUT ROWID;`,
  CodeLists.TABLES,
];

/** A campaign document as it is worked on. */
export interface Document {
  campaigns: Record<string, unknown>[];
  [member: string]: unknown;
}

/** A document with the number of its state: whoever changes it says which state was seen. */
export interface Revised {
  revision: number;
  document: Document;
}

/** What was published from here. */
interface Publication extends Record<string, SqlStorageValue> {
  version: number;
  at: number;
  revision: number;
}

/** A campaign that a publish would change for shoppers. */
export interface Change {
  id: string;
  change: 'added' | 'changed' | 'removed';
}

/** What a change has led to, and how it differs from what was there. */
interface Taken {
  revision: number;
  warnings: Diagnostic[];
  changes: Change[];
}

/** What a change or a publish answers; what is refused is told by its problem, as errors lose their kind between objects. */
export type Outcome<T> = { done: T } | { status: number; problem: Refusal['problem'] };

/**
 * The campaigns as they are worked on, with every earlier state, and the one place that publishes them: versions so follow
 * one another whoever asks.
 */
export class Catalogue extends Kept {
  readonly #sql: SqlStorage;
  readonly #codes: CodeLists;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, MIGRATIONS);
    this.#sql = ctx.storage.sql;
    this.#codes = new CodeLists(ctx.storage);
  }

  /** The newest state, and how it differs from what was published last. */
  read(): string {
    const newest = this.#newest();
    const [published = null] = this.#sql
      .exec<Publication>('SELECT version, at, revision FROM publication ORDER BY version DESC LIMIT 1').toArray();
    const before = published ? this.#at(published.revision) : undefined;
    return JSON.stringify({ ...newest, published, changes: changes(before, newest.document) });
  }

  /** Replaces the document, as long as nobody else has changed it. */
  replace(text: string, seen: readonly string[] | undefined): Promise<Outcome<Taken>> {
    return this.#inTurn(() => {
      this.#assertSeen(seen);
      return this.#keep(JSON.parse(text) as Document);
    });
  }

  /** Creates or changes one campaign, as long as nobody else has changed anything since `seen`. */
  put(id: string, text: string, seen: readonly string[] | undefined): Promise<Outcome<Taken>> {
    return this.#inTurn(() => {
      this.#assertSeen(seen);
      const { document } = this.#newest();
      const told = JSON.parse(text) as Record<string, unknown>;
      if (told['id'] !== undefined && told['id'] !== id) throw otherCampaign(id);
      const campaign = { ...told, id };
      const at = document.campaigns.findIndex((known) => known['id'] === id);
      const campaigns = at < 0 ? [...document.campaigns, campaign] : document.campaigns.with(at, campaign);
      return this.#keep({ ...document, campaigns });
    });
  }

  /** Takes one campaign out, as long as nobody else has changed anything since `seen`. */
  remove(id: string, seen: readonly string[] | undefined): Promise<Outcome<Taken>> {
    return this.#inTurn(async () => {
      this.#assertSeen(seen);
      const { document } = this.#newest();
      const campaigns = document.campaigns.filter((known) => known['id'] !== id);
      if (campaigns.length === document.campaigns.length) throw campaignUnknown();
      const kept = await this.#keep({ ...document, campaigns });
      this.#codes.remove(id);
      return kept;
    });
  }

  /** Whether codes of a campaign may have balances; refused where its codes are not listed. */
  listOf(campaign: string): Promise<Outcome<{ hasCurrency: boolean }>> {
    return told(async () => {
      const list = this.#campaign(campaign)['codeList'] as { currency?: string } | undefined;
      if (!list) throw codesNotListed(campaign);
      return { hasCurrency: list.currency !== undefined };
    });
  }

  /** Takes a part of an upload of codes. */
  takeCodes(campaign: string, upload: string, codes: string): Promise<Outcome<null>> {
    return told(async () => {
      this.#codes.take(campaign, upload, codes);
      return null;
    });
  }

  /** Puts an upload that is whole in the place of the campaign's codes, or adds it to them. They are published with the catalogue. */
  keepCodes(campaign: string, upload: string, takesPlace: boolean): Promise<Outcome<Listed>> {
    return told(async () => this.#codes.keep(campaign, upload, takesPlace));
  }

  /** Forgets an upload that came to nothing. */
  dropCodes(campaign: string, upload: string): void {
    this.#codes.drop(campaign, upload);
  }

  /** How many codes of a campaign there are. */
  countCodes(campaign: string): Promise<Outcome<Listed>> {
    return told(async () => (this.#campaign(campaign), this.#codes.count(campaign)));
  }

  /** Takes the codes of a campaign out of the next publication. */
  removeCodes(campaign: string): Promise<Outcome<Listed>> {
    return told(async () => (this.#campaign(campaign), this.#codes.remove(campaign)));
  }

  #campaign(id: string): Record<string, unknown> {
    const campaign = this.#newest().document.campaigns.find((known) => known['id'] === id);
    if (!campaign) throw campaignUnknown();
    return campaign;
  }

  /**
   * Signs the newest state with the online key, and makes it the snapshot in force.
   *
   * @param allowed the grave lints that are meant so
   */
  publish(allowed: readonly string[]): Promise<Outcome<Published>> {
    return this.#inTurn(() => this.#publish(this.#newest(), (lint) => allowed.includes(lint)));
  }

  /** Publishes a state; campaigns that were stopped are paused in it, whatever it says. */
  async #publish({ revision, document }: Revised, isAllowed: (lint: string) => boolean): Promise<Published> {
    const { env } = this;
    const ring = keyRing(env);
    const key = publisherKey(env);
    const store = new SnapshotStore(env);
    const now = Date.now();
    const life = { from: now, until: now + LIFE_MS };
    const { stopped } = this.switches();
    const campaigns = document.campaigns.map((campaign) => (stopped.includes(String(campaign['id'])) ? { ...campaign, status: 'paused' } : campaign));
    const rootVersion = (await lead(env, now)).keyRing.version ?? 0;
    const current = await store.current();
    // versions count from the root document on that they are under
    const earlier = (current?.rootVersion ?? 0) === rootVersion ? (current?.version ?? 0) : 0;
    const version = Math.max(earlier, this.#published()) + 1;
    const terms = { audience: ring.audience, environment: ring.environment, rootVersion, version, issuedAt: life.from, expiresAt: life.until };
    const compiled = await compile({ [NAME]: { ...document, campaigns } }, life);
    const grave = compiled.grave.filter((lint) => !isAllowed(lint));
    if (grave.length > 0) throw notAllowed(grave, compiled.warnings);
    if (compiled.edge) {
      const codes = compiled.codeLists.length > 0 ? await this.#codes.table(compiled.codeLists, pepperOf(env)) : new Uint8Array();
      const half = await signEdge(compiled, codes, terms, [key]);
      await publishEdge(env, half.buffer, edgeEngine, now);
    }
    const bytes = await sign(compiled, terms, [key]);
    const { published } = await publish(env, bytes.buffer, edgeEngine, now);
    pagesEngine.lookAgain();
    this.#sql.exec('INSERT INTO publication VALUES (?, ?, ?, ?)', version, now, revision, published.sha256);
    return published;
  }

  /** Turns a campaign on or off at once, or spreads its uses; and tells the edge. */
  switch(campaign: string, { stopped, shards }: { stopped?: boolean; shards?: number }): Promise<Outcome<Switches>> {
    return this.#inTurn(async () => {
      this.#sql.exec(
        `INSERT INTO switch VALUES (?1, coalesce(?2, 0), coalesce(?3, 0))
         ON CONFLICT DO UPDATE SET stopped = coalesce(?2, stopped), shards = coalesce(?3, shards)`,
        campaign, stopped === undefined ? null : Number(stopped), shards ?? null);
      const switches = this.switches();
      await publishSwitches(this.env, switches);
      // a pulse stops, and only another snapshot brings back
      if (stopped === false || (stopped && !this.env.PULSE_KEY)) await this.#publishAgain();
      return switches;
    });
  }

  /**
   * Word for pages that the snapshot in force is current, and of what is stopped. Signed here alone, so that no pulse speaks
   * of a new snapshot and of the stops before it.
   */
  pulse(): Promise<Outcome<ArrayBuffer>> {
    return told(async () => {
      const key = pulseKey(this.env);
      if (!key) throw pulseKeyNotSet();
      const now = Date.now();
      const { engine, pointer } = await pagesEngine.held(this.env, now);
      const terms = pulseTerms(pointer, this.switches().stopped, now);
      return signedPulse(engine, terms, key, now).buffer;
    });
  }

  /** What acts without a publish. */
  switches(): Switches {
    const rows = this.#sql.exec<{ campaign: string; stopped: number; shards: number }>('SELECT * FROM switch ORDER BY campaign').toArray();
    return {
      stopped: rows.filter((row) => row.stopped === 1).map((row) => row.campaign),
      shards: Object.fromEntries(rows.filter((row) => row.shards > 0).map((row) => [row.campaign, row.shards])),
    };
  }

  /** What is in force shows a stop, or its end, at once where it was published from here: the same state, signed anew. */
  async #publishAgain(): Promise<void> {
    const [last] = this.#sql.exec<{ version: number; revision: number; value: string }>(
      'SELECT version, revision, value FROM publication JOIN document USING (revision) ORDER BY version DESC LIMIT 1').toArray();
    const inForce = await new SnapshotStore(this.env).current();
    if (!last || !this.env.PUBLISHER_KEY || inForce?.version !== last.version) return;
    try {
      // what is in force was meant so
      await this.#publish({ revision: last.revision, document: JSON.parse(last.value) as Document }, () => true);
    } catch (error) {
      // the books have stopped it already
      log('error', 'stop_not_published', { cause: error instanceof Error ? error.message : String(error) });
    }
  }

  override async wake(): Promise<void> {
    // nothing waits here
  }

  async #keep(document: Document): Promise<Taken> {
    const now = Date.now();
    const found = await check({ [NAME]: document }, { from: now, until: now + LIFE_MS });
    const errors = found.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw faulty(errors);
    const before = this.#newest().document;
    this.#sql.exec('INSERT INTO document (at, value) VALUES (?, ?)', now, JSON.stringify(document));
    return { revision: this.#newest().revision, warnings: found, changes: changes(before, document) };
  }

  #newest(): Revised {
    const [row] = this.#sql.exec<{ revision: number; value: string }>('SELECT revision, value FROM document ORDER BY revision DESC LIMIT 1').toArray();
    return row ? { revision: row.revision, document: JSON.parse(row.value) as Document } : { revision: 0, document: { campaigns: [] } };
  }

  #at(revision: number): Document | undefined {
    const [row] = this.#sql.exec<{ value: string }>('SELECT value FROM document WHERE revision = ?', revision).toArray();
    return row && (JSON.parse(row.value) as Document);
  }

  #published(): number {
    return this.#sql.exec<{ version: number | null }>('SELECT max(version) AS version FROM publication').one().version ?? 0;
  }

  #assertSeen(seen: readonly string[] | undefined): void {
    const { revision } = this.#newest();
    if (seen === undefined || seen.includes(`"${revision}"`)) return;
    const [first = ''] = seen.map((tag) => /^"(\d{1,15})"$/.exec(tag)?.[1] ?? tag);
    throw new Refusal(412, {
      code: 'revision_outdated',
      message: `The catalogue is at revision ${revision}, not ${first}.`,
      help: 'Read the catalogue again, and make the change there.',
      at: { document: 'header', pointer: '/if-match' },
      params: { revision, seen: /^\d+$/.test(first) ? Number(first) : first },
      fixBy: 'merchant',
    });
  }

  /** One after another, also across what is waited for; a refusal is an answer. */
  #inTurn<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    const turn = this.#last.then(() => told(work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** What came of it. */
async function told<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { done: await work() };
  } catch (error) {
    const refusal = error instanceof CounterfoilError ? faulty(error.diagnostics) : error;
    if (refusal instanceof Refusal) return { status: refusal.status, problem: refusal.problem };
    throw error;
  }
}

/** By campaign; a change of anything else, of segments say, is one of the document. */
function changes(before: Document | undefined, now: Document): Change[] {
  const known = new Map(before?.campaigns.map((campaign) => [String(campaign['id']), JSON.stringify(campaign)]));
  const found: Change[] = [];
  for (const campaign of now.campaigns) {
    const id = String(campaign['id']);
    const was = known.get(id);
    known.delete(id);
    if (was !== JSON.stringify(campaign)) found.push({ id, change: was === undefined ? 'added' : 'changed' });
  }
  return [...found, ...[...known.keys()].map((id): Change => ({ id, change: 'removed' }))];
}

export function campaignUnknown(): Refusal {
  return new Refusal(404, {
    code: 'campaign_unknown',
    message: 'The catalogue has no campaign of this id.',
    help: 'Take the id from GET /admin/catalogue.',
    at: { document: 'path', pointer: '/id' },
    fixBy: 'merchant',
  });
}

function otherCampaign(id: string): Refusal {
  return new Refusal(422, {
    code: 'field_invalid',
    message: 'The document is that of another campaign than the address names.',
    help: `Send it to the address of its own \`id\`, or leave that out for it to become \`${id}\`.`,
    at: { document: 'request', pointer: '/id' },
    fixBy: 'merchant',
  });
}

function codesNotListed(campaign: string): Refusal {
  return new Refusal(409, {
    code: 'codes_not_listed',
    message: `The campaign \`${campaign}\` has no list of codes.`,
    help: 'Give the campaign a `codeList` first.',
    at: { document: 'campaign', id: NAME, pointer: '/campaigns' },
    params: { campaign },
    fixBy: 'merchant',
  });
}

/** The first fault, with all of them. */
function faulty(found: readonly Diagnostic[]): Refusal {
  const [first] = found as [Diagnostic, ...Diagnostic[]];
  const { code, message, help, at, params, fixBy } = first;
  return new Refusal(422, { code, message, help, ...(at && { at }), params: params ?? {}, fixBy, diagnostics: found });
}

/** What was found that nobody has said to mean. */
function notAllowed(grave: readonly string[], warnings: readonly Diagnostic[]): Refusal {
  const diagnostics = warnings.filter(({ code }) => grave.includes(code));
  const names = grave.map((lint) => `\`${lint}\``).join(', ');
  return new Refusal(422, {
    code: 'lint_not_allowed',
    message: `The campaigns are not published as they are: ${names}.`,
    help: 'Mend what the diagnostics name. If it is meant so, publish with their codes in `allow`.',
    at: diagnostics[0]?.at ?? { document: 'campaign', id: NAME, pointer: '/campaigns' },
    params: { lints: grave.join(' ') },
    fixBy: 'merchant',
    diagnostics,
  });
}

function publisherKey(env: Env): SecretKey {
  try {
    return JSON.parse(env.PUBLISHER_KEY ?? '') as SecretKey;
  } catch {
    throw new Refusal(503, {
      code: 'publisher_key_not_set',
      message: 'The worker has no key to publish with.',
      help: 'Set the secret PUBLISHER_KEY to the text of the key file that `counterfoil keygen` wrote, or publish from the command line.',
      fixBy: 'developer',
    });
  }
}
