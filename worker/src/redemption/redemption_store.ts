import type { LedgerRefusal } from '../ledger/answer';
import type { Claimed, Following } from '../customers/following';
import type { Command } from '../ledger/book';
import { migrate } from '../migrations';
import type { Happening } from '../records/happenings';
import type { RecordEntry } from '../records/records';
import type { Entered } from './entered';
import type { OwnAllowance } from './own_codes';

/** What an order is charged and what it uses, as the ledger told it. */
export interface Charge {
  currency: string;
  subtotal: number;
  discountTotal: number;
  shippingTotal: number;
  total: number;
  due: number;
  points: number;
  cart: string;
  campaigns: string[];
  /** What each campaign took off, minor units. */
  discounts: Record<string, number>;
  /** The variant of each experiment. */
  experiments: Record<string, string>;
  parts: object[];
  /** What became of the codes that were entered; absent in what was kept by earlier versions. */
  entered?: Entered[];
  /** What the parts that are of unique codes are counted by. */
  codes?: Record<string, OwnAllowance>;
}

/** Where the points of an order go. */
export interface Earning {
  account: string;
  scheme: string;
}

/** What the programme's rules give for an order, once it is confirmed. */
export interface Paid {
  /** The order as accounts know it. */
  order: string;
  sha256: string;
  /** Accounts by scheme that are named by who orders. */
  accounts?: Record<string, string>;
  /** What the ledger is sent; nothing more once that is on its way. */
  commands: Command[];
  happened?: Pick<Happening, 'earned' | 'gives'>;
  /** What comes onto which account. */
  earns: { account: string; rule?: string; amount: number }[];
  /** Rewards that the order buys. */
  claims: Claimed[];
}

/** A part of which less is used than was held, or that comes back. */
export interface Share {
  part: number;
  uses?: number | undefined;
  amount?: number | undefined;
}

/** What begins a redemption. */
export interface Begin {
  id: string;
  charge: Charge;
  snapshot: { version: number; sha256: string };
  until: number;
  confirm: boolean;
  order?: string | undefined;
  customer?: string | undefined;
  customerZone?: string | undefined;
  earn?: Earning | undefined;
  paid?: Paid | undefined;
  /** The number of the quote token that it is charged by. */
  token?: string | undefined;
  /** Over how many shards the uses of hot campaigns are spread. */
  shards?: Record<string, number> | undefined;
  /** What a session has locked: the book and the reservation there that gives way. */
  locks?: Record<string, string> | undefined;
}

/** A refund that books are asked for. */
export interface Refunding {
  key: string;
  fingerprint: string;
  shares: Share[];
  /** Units that come back, of which accounts hear. */
  lines?: Returned[] | undefined;
}

/** Units of a line that come back. */
export interface Returned {
  line: string;
  units: number;
}

/** Where a redemption stands, as its caller hears it. */
export type Status = 'open' | 'held' | 'confirmed' | 'released' | 'rolled_back' | 'refused';

/** A redemption beside the order that the ledger keeps of it. */
export interface Redeemed extends Begin {
  /** Stands for the request that began it. */
  fingerprint: string;
  status: Status;
  /** What it shall become, while books are asked. */
  wanted?: Status;
  refunds: Share[];
  /** The one that is on its way. */
  refunding?: Refunding;
  refusal?: LedgerRefusal;
  /** How often a block of a shard was used up before it was asked. */
  missed?: number;
}

/** What others must hear of, at least once; each is harmless when it comes twice. */
export type Task =
  | { type: 'record'; id: string; record: RecordEntry }
  | { type: 'command'; book: string; sha256: string; command: Command }
  | ({ type: 'follow'; customer: string } & Followed);

/** Something of a customer's, and the commands that follow from it. */
export interface Followed {
  happening?: { id: string; happening: Happening };
  commands: Following[];
  accounts?: Record<string, string> | undefined;
}

/** An answer over HTTP. */
export interface Answered {
  status: number;
  body: object;
  repeated?: boolean;
}

const MIGRATIONS = [
  `CREATE TABLE document (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE answer (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE task (seq INTEGER PRIMARY KEY AUTOINCREMENT, value TEXT NOT NULL);`,
];

/** One redemption in the SQLite of its Durable Object. */
export class RedemptionStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    migrate(storage, MIGRATIONS);
    this.#storage = storage;
  }

  redeemed(): Redeemed | undefined {
    const text = this.#document('redeemed');
    return text === undefined ? undefined : (JSON.parse(text) as Redeemed);
  }

  /** The order as the ledger keeps it. */
  order(): unknown {
    const text = this.#document('order');
    return text === undefined ? '' : JSON.parse(text);
  }

  keep(redeemed: Redeemed): void {
    this.#write('redeemed', JSON.stringify(redeemed));
  }

  keepOrder(order: unknown): void {
    this.#write('order', JSON.stringify(order));
  }

  begin(redeemed: Redeemed, order: unknown): void {
    this.#storage.transactionSync(() => {
      this.keep(redeemed);
      this.keepOrder(order);
    });
  }

  answer(key: string): (Answered & { fingerprint: string }) | undefined {
    const rows = this.#storage.sql.exec<{ fingerprint: string; status: number; body: string }>('SELECT fingerprint, status, body FROM answer WHERE key = ?', key);
    const [row] = rows.toArray();
    return row && { fingerprint: row.fingerprint, status: row.status, body: JSON.parse(row.body) as object };
  }

  /** The answer under its key, together with what it leads to. */
  remember(key: string, fingerprint: string, { status, body }: Answered, redeemed: Redeemed, tasks: readonly Task[]): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec('INSERT INTO answer VALUES (?, ?, ?, ?)', key, fingerprint, status, JSON.stringify(body));
      this.settle(redeemed, tasks);
    });
  }

  /** Where it stands, together with what that leads to. */
  settle(redeemed: Redeemed, tasks: readonly Task[]): void {
    this.#storage.transactionSync(() => {
      this.keep(redeemed);
      for (const task of tasks) this.#storage.sql.exec('INSERT INTO task (value) VALUES (?)', JSON.stringify(task));
    });
  }

  tasks(): { seq: number; task: Task }[] {
    const rows = this.#storage.sql.exec<{ seq: number; value: string }>('SELECT seq, value FROM task ORDER BY seq').toArray();
    return rows.map(({ seq, value }) => ({ seq, task: JSON.parse(value) as Task }));
  }

  done(seq: number): void {
    this.#storage.sql.exec('DELETE FROM task WHERE seq = ?', seq);
  }

  /** Leaves nothing. */
  forget(): void {
    this.#storage.transactionSync(() => {
      for (const table of ['document', 'answer', 'task']) this.#storage.sql.exec(`DELETE FROM ${table}`);
    });
  }

  /** Who took the token that this object stands for; the first who asks. */
  tokenHolder(asking: string): string {
    const holder = this.#document('holder');
    if (holder !== undefined) return holder;
    this.#write('holder', asking);
    return asking;
  }

  #document(name: string): string | undefined {
    const [row] = this.#storage.sql.exec<{ value: string }>('SELECT value FROM document WHERE name = ?', name).toArray();
    return row?.value;
  }

  #write(name: string, value: string): void {
    this.#storage.sql.exec('INSERT OR REPLACE INTO document VALUES (?, ?)', name, value);
  }
}
