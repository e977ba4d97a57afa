import { CodeTable, type Compiled } from 'counterfoil/workshop';
import { Refusal } from '../problem';

/** The most codes of all lists: a table of more is not made in the memory of an object. The command line publishes more. */
const MOST_CODES = 500_000;

/** Codes that are read at once. */
const PAGE = 20_000;

/** What is kept of a code, in the order in which the package has it. */
const COLUMNS = 'fingerprint, balance, holder, uses, expires, state';

const COLUMN_TYPES = `fingerprint TEXT NOT NULL, balance INTEGER NOT NULL, holder TEXT NOT NULL, uses INTEGER NOT NULL,
  expires INTEGER NOT NULL, state INTEGER NOT NULL`;

/** How many codes a campaign has. */
export interface Listed {
  codes: number;
}

/**
 * The codes of campaigns that have lists, uploaded part by part. Of a code its fingerprint is kept, and what its row said: the
 * code itself is nowhere.
 */
export class CodeLists {
  static readonly TABLES = `
    CREATE TABLE code (campaign TEXT NOT NULL, ${COLUMN_TYPES}, PRIMARY KEY (campaign, fingerprint)) WITHOUT ROWID;
    CREATE TABLE incoming (campaign TEXT NOT NULL, upload TEXT NOT NULL, ${COLUMN_TYPES}, PRIMARY KEY (campaign, upload, fingerprint)) WITHOUT ROWID;`;

  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  /** Takes a part of an upload, a list of what is kept of codes as JSON; it is not in force before all of it is here. */
  take(campaign: string, upload: string, codes: string): void {
    this.#storage.transactionSync(() => {
      const [{ count } = { count: 0 }] = this.#sql.exec<{ count: number }>('SELECT json_array_length(?) AS count', codes).toArray();
      const taken = this.#sql.exec(
        `INSERT OR IGNORE INTO incoming SELECT ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?) RETURNING 1`,
        campaign, upload, codes).toArray();
      if (taken.length < count) throw duplicated(campaign);
    });
  }

  /** All of an upload is here: it is added to the campaign's codes, or takes their place. What other uploads left is gone. */
  keep(campaign: string, upload: string, takesPlace: boolean): Listed {
    return this.#storage.transactionSync(() => {
      if (takesPlace) this.#sql.exec('DELETE FROM code WHERE campaign = ?', campaign);
      this.#sql.exec(`INSERT OR REPLACE INTO code SELECT campaign, ${COLUMNS} FROM incoming WHERE campaign = ? AND upload = ?`, campaign, upload);
      this.#sql.exec('DELETE FROM incoming WHERE campaign = ?', campaign);
      const all = this.#sql.exec<{ codes: number }>('SELECT count(*) AS codes FROM code').one();
      if (all.codes > MOST_CODES) throw tooMany(all.codes);
      return this.count(campaign);
    });
  }

  /** An upload came to nothing. */
  drop(campaign: string, upload: string): void {
    this.#sql.exec('DELETE FROM incoming WHERE campaign = ? AND upload = ?', campaign, upload);
  }

  /** Takes all codes of a campaign out; answers how many there were. */
  remove(campaign: string): Listed {
    const listed = this.count(campaign);
    this.#sql.exec('DELETE FROM code WHERE campaign = ?', campaign);
    return listed;
  }

  count(campaign: string): Listed {
    return this.#sql.exec<{ codes: number }>('SELECT count(*) AS codes FROM code WHERE campaign = ?', campaign).one();
  }

  /** The table of the codes of these campaigns. */
  async table(lists: Compiled['codeLists'], pepper: string): Promise<Uint8Array<ArrayBuffer>> {
    const table = await CodeTable.open();
    for (const [place, { campaign }] of lists.entries()) {
      if (this.count(campaign).codes === 0) throw listMissing(campaign);
      for (const codes of this.#pages(campaign)) table.add(place, codes);
    }
    return table.build(lists.map(({ campaign, currency }) => (currency === undefined ? campaign : `${campaign}:${currency}`)), pepper);
  }

  *#pages(campaign: string): Generator<string> {
    for (let after = ''; ; ) {
      const { codes, last } = this.#sql.exec<{ codes: string; last: string | null }>(
        `SELECT json_group_array(json_array(${COLUMNS})) AS codes, max(fingerprint) AS last
           FROM (SELECT ${COLUMNS} FROM code WHERE campaign = ? AND fingerprint > ? ORDER BY fingerprint LIMIT ?)`, campaign, after, PAGE).one();
      if (last === null) return;
      yield codes;
      after = last;
    }
  }
}

function duplicated(campaign: string): Refusal {
  return refused('code_duplicated', 'A code stands twice in the list.', 'List each code once; O counts as 0, I and L as 1.', { campaign });
}

function tooMany(codes: number): Refusal {
  const help = 'Publish lists of this size with `counterfoil publish --edge-to` and the address of this worker.';
  return refused('too_many_codes', 'The lists have more codes than the worker can publish by itself.', help, { codes, most: MOST_CODES });
}

function listMissing(campaign: string): Refusal {
  const help = 'Send the list to PUT /admin/catalogue/campaigns/{id}/codes, or take `codeList` out of the campaign.';
  return refused('code_list_missing', `The campaign \`${campaign}\` has a list of codes, and no code was sent.`, help, { campaign });
}

function refused(code: string, message: string, help: string, params: Record<string, string | number>): Refusal {
  return new Refusal(422, { code, message, help, at: { document: 'campaign', pointer: '/codeList' }, params, fixBy: 'merchant' });
}
