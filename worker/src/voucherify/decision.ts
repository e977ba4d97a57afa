import { voucherify } from 'counterfoil/workshop';
import type { Answer, Call, Json } from './call';
import { foldsCodes, randomHex, settings } from './desk';
import { knownKind } from './kinds';
import type { Rows } from './rows';
import { equals } from './selection';

/** More rounds than any endpoint has kinds of rows to follow. */
const MOST_ROUNDS = 24;

/** A row by a name; all rows of a kind; or those of which members are so, at most `limit`, oldest first. */
type Need = { object: string } & ({ id: string } | { all: true } | { where: Json; limit?: number });

interface Decision {
  readonly needs?: readonly Need[];
  readonly status?: number;
  readonly body?: unknown;
  readonly store?: readonly { object: string; id: string; value: Json }[];
  readonly delete?: readonly { object: string; id: string }[];
}

/**
 * Asks the engine, which names the rows it lacks until it can decide; stores what it says in one transaction. The
 * caller lets nothing else run meanwhile, so what the engine was shown is what is there when its answer is stored.
 */
export async function decide(rows: Rows, endpoint: string, call: Call): Promise<Answer> {
  const { now, path, query, body, clientSide, requestId } = call;
  const random = randomHex(64);
  const project: Record<string, unknown> = { settings: settings(rows) };
  const loaded: Need[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const asked = { endpoint, now, path, query, body, random, clientSide, requestId, project: { ...project, loaded } };
    const decision = JSON.parse(await voucherify(JSON.stringify(asked))) as Decision;
    if (!decision.needs) return stored(rows, decision);
    for (const need of decision.needs) load(rows, need, project);
    loaded.push(...decision.needs);
  }
  throw new Error(`The engine came to no decision about ${endpoint}; it last asked for ${JSON.stringify(loaded.at(-1))}`);
}

/** Puts rows beside those loaded before, under the name that the engine asked for; null where there is none. */
function load(rows: Rows, need: Need, project: Record<string, unknown>): void {
  const kind = knownKind(need.object);
  const held = (project[kind] ??= {}) as Record<string, Json | null>;
  if ('id' in need) {
    held[need.id] = rows.find(kind, need.id, kind === 'vouchers' && foldsCodes(rows)) ?? null;
    return;
  }
  const { where = {}, limit } = 'where' in need ? need : {};
  const all = Object.entries(where).map(([field, value]) => equals(field, ...[value].flat()));
  for (const [id, row] of rows.entries(kind, { all, ...(limit !== undefined && { limit }) })) held[id] = row;
}

function stored(rows: Rows, { status = 200, body, store = [], delete: gone = [] }: Decision): Answer {
  rows.transaction(() => {
    for (const { object, id } of gone) rows.remove(knownKind(object), id);
    for (const { object, id, value } of store) rows.put(knownKind(object), value, id);
  });
  return { status, body };
}
