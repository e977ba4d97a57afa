import { pseudonym } from '../customer';
import type { Env } from '../env';
import { Note } from '../note';
import { customerOf } from './profile';

const note = new Note<boolean>('customers', false);

/** Tells the edge that there are customers to be asked for. */
export async function keepCustomers(env: Env): Promise<void> {
  if (!(await note.read(env, Date.now()))) await note.write(env, true);
}

/** A request with what is kept of its customer; itself where nothing is. For callers who have shown the check-out token. */
export async function withKnownCustomer<T extends Record<string, unknown>>(env: Env, request: T, id: string | undefined, now: number): Promise<T> {
  if (id === undefined || !(await note.read(env, now))) return request;
  const kept = await env.CUSTOMERS.getByName(await pseudonym(env, id)).read();
  if (!kept) return request;
  const said = typeof request['customer'] === 'object' && request['customer'] !== null ? request['customer'] : {};
  return { ...request, customer: customerOf(kept.profile as never, said) };
}
