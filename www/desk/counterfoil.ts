import { CounterfoilError, Engine, type KeyRing } from 'counterfoil/workshop';
import type { Env } from './env';

/** Something that the worker, or the desk itself, refuses. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: { code: string; message: string; help: string; [member: string]: unknown },
  ) {
    super(problem.message);
  }

  /** Whether asking again would be answered alike. */
  get isDecided(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 429;
  }
}

/** What the engine refuses is told as any refusal. */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CounterfoilError)) throw error;
    const { code, message, help } = error;
    throw new Refusal(422, { code, message, help });
  }
}

/** How many snapshots an isolate keeps open. */
const MOST_OPEN = 4;

const opened = new Map<string, Promise<Engine>>();

type Json = Record<string, unknown>;

/** The worker, asked with the check-out's token, which no page ever sees. */
export class Counterfoil {
  constructor(private readonly env: Env) {}

  get<T = Json>(path: string): Promise<T> {
    return this.#ask<T>(path, { method: 'GET' });
  }

  put<T = Json>(path: string, body: object): Promise<T> {
    return this.#ask<T>(path, { method: 'PUT', body: JSON.stringify(body) });
  }

  /** `key` makes the repeat of a request the same request. */
  post<T = Json>(path: string, body: object, key: string): Promise<T> {
    return this.#ask<T>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'idempotency-key': key } });
  }

  /** A signed quote. The shopper's address goes along: the worker slows down who tries codes, and knows them by it. */
  quote<T = Json>(request: object, address: string | undefined): Promise<T> {
    const headers: Record<string, string> = address === undefined ? {} : { 'cf-connecting-ip': address };
    return this.#ask<T>('/quote/signed', { method: 'POST', body: JSON.stringify(request), headers });
  }

  /** The engine of a published snapshot that was in force at a moment: an order is returned by what it was bought by. */
  engine(sha256: string, at: number): Promise<Engine> {
    const known = opened.get(sha256);
    if (known) return known;
    const engine = this.#open(sha256, at);
    opened.set(sha256, engine);
    engine.catch(() => opened.delete(sha256));
    for (const oldest of opened.keys()) {
      if (opened.size <= MOST_OPEN) break;
      opened.delete(oldest);
    }
    return engine;
  }

  async #open(sha256: string, at: number): Promise<Engine> {
    const answer = await this.env.COUNTERFOIL.fetch(`https://counterfoil/snapshots/${sha256}`);
    if (!answer.ok) throw new Refusal(503, await answer.json());
    // it may have ended meanwhile
    return Engine.open(await answer.arrayBuffer(), JSON.parse(this.env.KEY_RING) as KeyRing, { now: at });
  }

  async #ask<T>(path: string, init: { method: string; body?: string; headers?: Record<string, string> }): Promise<T> {
    const headers = { authorization: `Bearer ${this.env.CHECKOUT_TOKEN}`, ...init.headers };
    const answer = await this.env.COUNTERFOIL.fetch(`https://counterfoil${path}`, { ...init, headers });
    const told = await answer.json<T>();
    if (!answer.ok) throw new Refusal(answer.status, told as Refusal['problem']);
    return told;
  }
}
