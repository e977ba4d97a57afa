import { safeParse, type BaseIssue, type GenericSchema, type InferOutput } from 'valibot';
import { pointerTo, readJson, Unreadable } from '../json';
import { Refusal, type Place } from '../problem';
import type { Ask } from './route';

/** Larger than any cart that the engine takes. */
export const MAX_BODY_BYTES = 128 * 1024;

const KEY = /^[\x21-\x7e]{1,120}$/;

/** The longest name in an address; keys that are made of one stay below what storage takes. */
export const MAX_NAME_LENGTH = 100;

/** The JSON of a body, as far as it is any. */
export async function jsonOf(c: Ask): Promise<unknown> {
  try {
    return readJson(await c.req.arrayBuffer());
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { pointer, ...why } = error.why;
    throw new Refusal(why.code === 'json_malformed' ? 400 : 422, { ...why, at: { document: 'request', pointer }, fixBy: 'developer' });
  }
}

/** The names in an address, none of them longer than the address may have them. */
export function namesIn(c: Ask): Record<string, string> {
  const names = c.req.param() as Record<string, string>;
  for (const [name, value] of Object.entries(names)) {
    if (value.length <= MAX_NAME_LENGTH) continue;
    throw new Refusal(422, {
      code: 'field_invalid',
      message: 'A name in the address is too long.',
      help: `Send at most ${MAX_NAME_LENGTH} characters.`,
      at: { document: 'path', pointer: pointerTo([name]) },
      params: { limit: MAX_NAME_LENGTH },
      fixBy: 'developer',
    });
  }
  return names;
}

/** A value that fits its schema; the first misfit is refused with its place. */
export function fitting<S extends GenericSchema>(schema: S, value: unknown, document: Place['document']): InferOutput<S> {
  const parsed = safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw misfit(parsed.issues[0], document);
}

/** The caller's key of an attempt. */
export function idempotencyKey(c: Ask): string {
  const key = c.req.header('idempotency-key');
  if (key !== undefined && KEY.test(key)) return key;
  throw new Refusal(400, {
    code: key === undefined ? 'idempotency_key_missing' : 'idempotency_key_invalid',
    message: key === undefined ? 'The request has no idempotency key.' : 'The idempotency key is not 1 to 120 visible characters.',
    help: 'Send the header `Idempotency-Key` with a new key for each attempt, and the same one for its repeats.',
    at: { document: 'header', pointer: '/idempotency-key' },
    fixBy: 'developer',
  });
}

function misfit(issue: BaseIssue<unknown>, document: Place['document']): Refusal {
  const pointer = pointerTo((issue.path ?? []).map(({ key }) => key));
  const isMissing = issue.received === 'undefined';
  const isUnknown = issue.expected === 'never';
  const code = isUnknown ? 'field_unknown' : isMissing ? 'field_missing' : 'field_invalid';
  const message = isUnknown
    ? 'No such member is known.'
    : isMissing
      ? 'A member that is needed is not there.'
      : `The value is ${issue.received}, not ${issue.expected ?? 'what it must be'}.`;
  return new Refusal(422, {
    code,
    message,
    help: `Correct \`${pointer || '/'}\` as /openapi.json describes it.`,
    at: { document, pointer },
    params: { pointer },
    fixBy: 'developer',
  });
}
