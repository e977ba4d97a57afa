import { safeParse, type BaseIssue, type GenericSchema, type InferOutput } from 'valibot';
import { Refusal } from '../problem';
import type { Ask } from './route';

/** Larger than any cart that the engine takes. */
export const MAX_BODY_BYTES = 128 * 1024;

const KEY = /^[\x21-\x7e]{1,120}$/;

/** The JSON of a body, as far as it is any. */
export async function jsonOf(c: Ask): Promise<unknown> {
  const text = await c.req.text();
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new Refusal(400, {
      code: 'json_malformed',
      message: 'The body is not JSON.',
      help: 'Send one JSON value in UTF-8.',
      at: { document: 'request', pointer: '' },
      fixBy: 'developer',
    });
  }
}

/** A value that fits its schema; the first misfit is refused with its place. */
export function fitting<S extends GenericSchema>(schema: S, value: unknown, document: 'request' | 'query'): InferOutput<S> {
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
    at: { document: 'request', pointer: '' },
    fixBy: 'developer',
  });
}

function misfit(issue: BaseIssue<unknown>, document: 'request' | 'query'): Refusal {
  const pointer = (issue.path ?? []).map(({ key }) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
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
    at: { document, pointer } as never,
    params: { pointer },
    fixBy: 'developer',
  });
}
