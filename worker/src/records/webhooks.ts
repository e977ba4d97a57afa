import { fromBase64, toBase64 } from '../base64';
import type { Env } from '../env';
import { allowsPrivate, isPrivate } from './endpoints';

/** When a delivery that failed is tried again; after the last one it is a dead letter. */
const DELAYS_MS = [2_000, 15_000, 60_000, 10 * 60_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000];
/** How long an endpoint may take. */
const PATIENCE_MS = 10_000;
/** Deliveries on their way at once. */
const AT_ONCE = 16;
/** Dead letters are kept so long. */
const KEPT_MS = 35 * 86_400_000;

/** Who wants to hear of what. */
export interface Webhook {
  id: string;
  url: string;
  /** Types of events; `redemption.*` is all of a kind, `*` is all. */
  events: string[];
}

/** A delivery that was given up, or is still tried. */
export interface Letter {
  seq: number;
  webhook: string;
  type: string;
  at: number;
  tries: number;
  /** What the endpoint said last. */
  said: string | null;
  data: unknown;
}

interface Delivery extends Record<string, SqlStorageValue> {
  seq: number;
  id: string;
  hook: string;
  type: string;
  at: number;
  body: string;
  tries: number;
  said: string | null;
}

/**
 * Tells others what happened, as https://www.standardwebhooks.com has it: signed, at least once, again and again when an
 * endpoint fails. What is to be told is written down together with what happened.
 */
export class Webhooks {
  static readonly TABLES = `
    CREATE TABLE hook (id TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT NOT NULL, secret TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE delivery (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, hook TEXT NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL,
      body TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due INTEGER, said TEXT);
    CREATE INDEX delivery_by_due ON delivery (due) WHERE due IS NOT NULL;
    CREATE INDEX delivery_by_hook ON delivery (hook);`;

  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #allowsPrivate: boolean;

  constructor(storage: DurableObjectStorage, env: Env) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#allowsPrivate = allowsPrivate(env);
  }

  list(): Webhook[] {
    const rows = this.#sql.exec<{ id: string; url: string; events: string }>('SELECT id, url, events FROM hook ORDER BY id').toArray();
    return rows.map(({ id, url, events }) => ({ id, url, events: JSON.parse(events) as string[] }));
  }

  /** Creates or changes one. The secret that signs is told when it is made, and never again. */
  put({ id, url, events }: Webhook): Webhook & { secret?: string } {
    const secret = `whsec_${toBase64(crypto.getRandomValues(new Uint8Array(32)))}`;
    const { rowsWritten } = this.#sql.exec('UPDATE hook SET url = ?, events = ? WHERE id = ?', url, JSON.stringify(events), id);
    if (rowsWritten > 0) return { id, url, events };
    this.#sql.exec('INSERT INTO hook VALUES (?, ?, ?, ?)', id, url, JSON.stringify(events), secret);
    return { id, url, events, secret };
  }

  /** Takes one away, with what it has not heard yet. */
  remove(id: string): boolean {
    this.#sql.exec('DELETE FROM delivery WHERE hook = ?', id);
    return this.#sql.exec('DELETE FROM hook WHERE id = ?', id).rowsWritten > 0;
  }

  /** Writes down what is to be told; in the transaction of what happened. */
  enqueue(type: string, at: number, data: object): void {
    const told = this.list().filter(({ events }) => events.some((wanted) => wanted === '*' || wanted === type || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)))));
    if (told.length === 0) return;
    const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
    for (const { id } of told) {
      this.#sql.exec('INSERT INTO delivery (id, hook, type, at, body, due) VALUES (?, ?, ?, ?, ?, ?)', `msg_${crypto.randomUUID()}`, id, type, at, body, Date.now());
    }
    void this.#storage.setAlarm(Date.now());
  }

  /** Dead letters, the newest first. */
  letters(before: number | undefined, limit: number): { letters: Letter[]; next: number | null } {
    const rows = this.#sql.exec<Delivery>('SELECT * FROM delivery WHERE due IS NULL AND seq < ? ORDER BY seq DESC LIMIT ?', before ?? Number.MAX_SAFE_INTEGER, limit).toArray();
    const letters = rows.map(({ seq, hook, type, at, tries, said, body }) => {
      const { data } = JSON.parse(body) as { data: unknown };
      return { seq, webhook: hook, type, at, tries, said, data };
    });
    return { letters, next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
  }

  /** Sends a dead letter once more, with all its tries before it. */
  revive(seq: number): boolean {
    const { rowsWritten } = this.#sql.exec('UPDATE delivery SET due = ?, tries = 0 WHERE seq = ? AND due IS NULL', Date.now(), seq);
    if (rowsWritten > 0) void this.#storage.setAlarm(Date.now());
    return rowsWritten > 0;
  }

  /** Dead letters about a customer go; what is still on its way is told. */
  forget(customer: string): void {
    this.#sql.exec("DELETE FROM delivery WHERE due IS NULL AND json_extract(body, '$.data.customer') = ?", customer);
  }

  /** How many are on their way, and how many were given up. */
  counts(): { waiting: number; dead: number } {
    return this.#sql.exec<{ waiting: number; dead: number }>('SELECT count(due) AS waiting, count(*) - count(due) AS dead FROM delivery').one();
  }

  /** Delivers what is due, and sets the alarm for the rest. */
  async deliver(): Promise<void> {
    const now = Date.now();
    this.#sql.exec('DELETE FROM delivery WHERE due IS NULL AND at < ?', now - KEPT_MS);
    const due = this.#sql.exec<Delivery>('SELECT * FROM delivery WHERE due <= ? ORDER BY due LIMIT ?', now, AT_ONCE).toArray();
    await Promise.all(due.map((delivery) => this.#try(delivery)));
    const { next } = this.#sql.exec<{ next: number | null }>('SELECT min(due) AS next FROM delivery').one();
    if (next !== null) await this.#storage.setAlarm(next);
  }

  async #try(delivery: Delivery): Promise<void> {
    const { seq, hook, tries } = delivery;
    const [to] = this.#sql.exec<{ url: string; secret: string }>('SELECT url, secret FROM hook WHERE id = ?', hook).toArray();
    if (!to) return;
    // an earlier release, or a backup from elsewhere, may have taken any address
    const isRefused = !this.#allowsPrivate && isPrivate(to.url);
    const { status, said } = isRefused ? { status: 410, said: 'webhook_address_private' } : await send(to, delivery);
    if (status >= 200 && status < 300) {
      this.#sql.exec('DELETE FROM delivery WHERE seq = ?', seq);
      return;
    }
    // an endpoint that is gone says so
    const delay = status === 410 ? undefined : DELAYS_MS[tries];
    this.#sql.exec('UPDATE delivery SET tries = ?, due = ?, said = ? WHERE seq = ?', tries + 1, delay === undefined ? null : Date.now() + delay, said, seq);
  }
}

async function send({ url, secret }: { url: string; secret: string }, { id, body }: Delivery): Promise<{ status: number; said: string }> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${await signature(secret, `${id}.${timestamp}.${body}`)}`,
      },
      body,
      // what is signed for one address is not for another
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    return { status: response.status, said: `HTTP ${response.status}` };
  } catch (error) {
    return { status: 0, said: error instanceof Error ? error.message.slice(0, 200) : 'no answer' };
  }
}

async function signature(secret: string, text: string): Promise<string> {
  const bytes = fromBase64(secret.slice('whsec_'.length));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))));
}
