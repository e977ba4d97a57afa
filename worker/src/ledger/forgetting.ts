/** Answers, and reservations that were given up, are forgotten so long after; keys are good for as long. */
export const ANSWERS_KEPT_MS = 35 * 86_400_000;

/** What was used can be given back for so long: a return comes late. */
const USES_KEPT_MS = 730 * 86_400_000;

/** How often it is looked for what is over. */
export const FORGET_EVERY_MS = 7 * 86_400_000;

/** Rows that are forgotten at once. */
const AT_ONCE = 500;

/** Who stands where somebody was taken out: no id that a shop gives. */
export const NOBODY = '(nobody)';

/** What somebody who invites and was invited left in the book of invitations. */
export interface Invitations {
  /** The codes that they hand out. */
  codes: string[];
  invitedBy: string | null;
  friends: string[];
}

const OVER = {
  answers: `kind = 'answers' AND value ->> '$.at' < ?`,
  undone: `kind = 'reservations' AND value ->> '$.standing' NOT IN ('held', 'confirmed') AND value ->> '$.since' < ?`,
  used: `kind = 'reservations' AND value ->> '$.standing' = 'confirmed' AND value ->> '$.since' < ?`,
  // an account names lots that reservations name: it comes when all of these are gone
  accounts: `kind = 'accounts' AND ?1 > 0 AND EXISTS (SELECT 1 FROM json_each(value, '$.lots') AS lot WHERE lot.value ->> '$.touched' < ?1
    AND coalesce(lot.value ->> '$.left', 0) = 0 AND coalesce(lot.value ->> '$.held', 0) = 0)`,
} as const;

/** What a book leaves behind: what is long over, and persons who are taken out. */
export class Forgetting {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Some of the rows that are over, as the text of a state, before when they ended, and whether there may be more; undefined where there are none. */
  over(now: number): { state: string; before: number; isAll: boolean } | undefined {
    const kinds = [['answers', ANSWERS_KEPT_MS], ['undone', ANSWERS_KEPT_MS], ['used', USES_KEPT_MS], ['accounts', USES_KEPT_MS]] as const;
    for (const [what, kept] of kinds) {
      const before = now - kept;
      const rows = this.#sql.exec<{ kind: string; key: string; value: string }>(`SELECT kind, key, value FROM row WHERE ${OVER[what]} LIMIT ${AT_ONCE}`, before).toArray();
      const [first] = rows;
      if (!first) continue;
      const members = rows.map(({ key, value }) => `${JSON.stringify(key)}:${value}`);
      return { state: `{"version":1,"${first.kind}":{${members.join()}}}`, before, isAll: what === 'accounts' };
    }
    return undefined;
  }

  /** Whether there is anything that will be over one day. */
  get isToCome(): boolean {
    return this.#sql.exec("SELECT 1 FROM row WHERE kind IN ('answers', 'reservations') LIMIT 1").toArray().length > 0;
  }

  /** An answer that nobody asks for again. */
  drop(key: string): void {
    this.#sql.exec("DELETE FROM row WHERE kind = 'answers' AND key = ?", key);
    this.#sql.exec('DELETE FROM decided WHERE key = ?', key);
  }

  /** Whether an order is on its way here. */
  get isHeld(): boolean {
    return this.#sql.exec("SELECT 1 FROM row WHERE kind = 'reservations' AND value ->> '$.standing' = 'held' LIMIT 1").toArray().length > 0;
  }

  /** All of an account. */
  clear(): void {
    for (const table of ['row', 'event', 'decided']) this.#sql.exec(`DELETE FROM ${table}`);
    this.#sql.exec("DELETE FROM setting WHERE name <> 'enlisted'");
  }

  /** What the book of invitations has of somebody. */
  invitations(name: string): Invitations {
    const keys = (of: string) => this.#sql.exec<{ key: string }>(`SELECT key FROM row WHERE ${of} = ? ORDER BY key`, name).toArray().map(({ key }) => key);
    const [own] = this.#sql.exec<{ referrer: string }>("SELECT value ->> '$.referrer' AS referrer FROM row WHERE kind = 'referrals' AND key = ?", name).toArray();
    return {
      codes: keys("kind = 'invitations' AND value ->> '$.holder'"),
      invitedBy: own && own.referrer !== NOBODY ? own.referrer : null,
      friends: keys("kind = 'referrals' AND value ->> '$.referrer'"),
    };
  }

  /** Takes somebody out of the book of invitations: their codes are gone, and whom they invited was invited by nobody. Answers how many rows had them. */
  takeOut(name: string): number {
    const rows = (change: string, ...of: string[]) => this.#sql.exec(`${change} RETURNING 1`, ...of).toArray().length;
    const quoted = JSON.stringify(name);
    const found = rows("DELETE FROM row WHERE kind = 'referrals' AND key = ?", name)
      + rows("DELETE FROM row WHERE kind = 'invitations' AND value ->> '$.holder' = ?", name)
      + rows(`UPDATE row SET value = json_set(value, '$.referrer', '${NOBODY}') WHERE kind = 'referrals' AND value ->> '$.referrer' = ?`, name);
    this.#sql.exec(`UPDATE row SET value = json_set(value, '$.top', '${NOBODY}') WHERE kind = 'referrals' AND value ->> '$.top' = ?`, name);
    this.#sql.exec("DELETE FROM row WHERE kind = 'counters' AND instr(key || '|', '|customer|' || ? || '|') > 0", name);
    this.#sql.exec("DELETE FROM row WHERE kind = 'answers' AND instr(value, ?) > 0", quoted);
    this.#sql.exec('DELETE FROM event WHERE instr(value, ?) > 0', quoted);
    return found;
  }
}
