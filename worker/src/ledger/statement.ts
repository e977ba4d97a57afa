import type { Env } from '../env';
import type { Rules } from '../redemption/charging';
import { refusalIn } from './answer';
import { bookOf } from './book';
import { ceilingsBook } from './earnings';
import { ceilingOf } from './programme';

/** What a limit has left, as the ledger tells it. */
interface Left {
  allowance: string;
  per: string;
}

interface Statement {
  scheme: string;
  earning?: Left[];
  rewards?: Left[];
}

/**
 * The statement of an account, or `answer`, a refusal. What is left of stocks, and of ceilings that count all members together, is
 * what their books say: in the account's book all that is counted is its own.
 */
export async function statementOf(env: Env, sha256: string, { rewards = {} }: Rules, account: string): Promise<object> {
  const told = (await bookOf(env, `account:${account}`).statement(sha256, account)) as Statement;
  if (refusalIn(told)) return told;
  const remaining = async (book: string, allowance: string): Promise<object[]> => bookOf(env, book).remaining(sha256, allowance);
  const ceiling = (rule: string): Promise<object[]> => remaining(ceilingsBook(told.scheme), ceilingOf(told.scheme, rule === '' ? undefined : rule));
  const stock = async (reward: string): Promise<object[]> => {
    const name = rewards[reward]?.stock;
    return name === undefined ? [] : remaining(`allowance:${name}`, name);
  };
  const [earning, stocks] = await Promise.all([shared(told.earning, ceiling), shared(told.rewards, stock)]);
  return { ...told, ...(earning && { earning }), ...(stocks && { rewards: stocks }) };
}

/** What limits have left, of which those for all are told by `ask`. */
async function shared(limits: readonly Left[] | undefined, ask: (allowance: string) => Promise<object[]>): Promise<object[] | undefined> {
  if (limits === undefined) return undefined;
  const names = new Set(limits.filter(({ per }) => per === 'all').map(({ allowance }) => allowance));
  const told = await Promise.all([...names].map(async (allowance) => (await ask(allowance)).map((left) => ({ ...left, allowance }))));
  return [...told.flat(), ...limits.filter(({ per }) => per !== 'all')];
}
