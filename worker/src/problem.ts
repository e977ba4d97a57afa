import type { CounterfoilError } from 'counterfoil/workshop';

type At = NonNullable<CounterfoilError['at']>;

/** A place in a document, or in what a request has besides its body. */
export type Place = Omit<At, 'document'> & { document: At['document'] | 'query' | 'path' | 'header' };

/** A refusal on the wire. The worker's own refusals carry the same fields as the engine's. */
export type Problem = Pick<CounterfoilError, 'code' | 'message' | 'help' | 'fixBy'> &
  Partial<Pick<CounterfoilError, 'params' | 'diagnostics'>> & { at?: Place };

/** Thrown anywhere below the router, which turns it into a response. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, problem: Problem, headers: Record<string, string> = {}) {
    super(problem.message);
    this.name = 'Refusal';
    this.status = status;
    this.problem = problem;
    this.headers = headers;
  }

  /** The engine refused: same words, with the HTTP status that fits where it happened. */
  static from(error: CounterfoilError, status: number): Refusal {
    const { code, message, help, at, params, fixBy } = error;
    return new Refusal(status, { code, message, help, ...(at && { at }), params, fixBy });
  }

  toResponse(): Response {
    const { code, message, help, at, params = {}, fixBy, diagnostics } = this.problem;
    return new Response(JSON.stringify({ code, message, help, at, params, fixBy, diagnostics }), {
      status: this.status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...this.headers },
    });
  }
}

export function noSnapshot(): Refusal {
  return new Refusal(503, {
    code: 'no_snapshot',
    message: 'Nothing has been published yet.',
    help: 'Publish campaigns with `counterfoil publish --to` and the address of this worker.',
    at: { document: 'snapshot', pointer: '' },
    fixBy: 'merchant',
  });
}

/** The pointer is here and the bytes are not: KV has not caught up, or failed. */
export function snapshotUnavailable(): Refusal {
  return new Refusal(
    503,
    {
      code: 'snapshot_unavailable',
      message: 'The current snapshot cannot be read at this location right now.',
      help: 'Try again in a few seconds. If it stays, publish the snapshot again.',
      at: { document: 'snapshot', pointer: '' },
      fixBy: 'developer',
    },
    { 'retry-after': '5' },
  );
}

export function snapshotUnknown(sha256: string): Refusal {
  return new Refusal(404, {
    code: 'snapshot_unknown',
    message: 'No snapshot with this hash was published here.',
    help: 'Take the hash from the ETag of /snapshot or from the answer to the publish.',
    at: { document: 'snapshot', id: sha256, pointer: '' },
    fixBy: 'developer',
  });
}

export function noRoot(): Refusal {
  return new Refusal(404, {
    code: 'no_root',
    message: 'The worker was handed no root documents.',
    help: 'Hand them over with `counterfoil publish --root`, if the shop has any; hosts of a shop that has none follow none.',
    at: { document: 'key_ring', pointer: '' },
    fixBy: 'developer',
  });
}

export function sectionUnknown(sha256: string): Refusal {
  return new Refusal(404, {
    code: 'section_unknown',
    message: 'No section with this hash was published here.',
    help: 'Take the hash from the head of a snapshot, with `inParts` for example.',
    at: { document: 'snapshot', id: sha256, pointer: '' },
    fixBy: 'developer',
  });
}

export function tooLarge(document: 'snapshot' | 'request', limit: number): Refusal {
  return new Refusal(413, {
    code: `${document}_too_large`,
    message: `The ${document} is larger than ${limit} bytes.`,
    help: document === 'snapshot' ? 'Publish fewer campaigns in one snapshot.' : 'Send fewer lines or shorter fields.',
    at: { document, pointer: '' },
    params: { limit },
    fixBy: 'developer',
  });
}

export function methodNotAllowed(allow: string): Refusal {
  return new Refusal(
    405,
    {
      code: 'method_not_allowed',
      message: 'This address does not take this method.',
      help: `It takes ${allow}.`,
      at: { document: 'path', pointer: '' },
      fixBy: 'developer',
    },
    { allow },
  );
}

/** Neither an address of the worker nor a file of the shop. */
export function addressUnknown(): Refusal {
  return new Refusal(404, {
    code: 'address_unknown',
    message: 'There is nothing at this address.',
    help: 'Take the addresses from /openapi.json, or put a file of this name with those of the shop.',
    at: { document: 'path', pointer: '' },
    fixBy: 'developer',
  });
}

/** The cause goes to the log, not to the caller. */
export function internalError(): Refusal {
  return new Refusal(500, {
    code: 'internal_error',
    message: 'The worker failed to answer.',
    help: 'Try again. The cause is in the log of the worker, under the event `refused`.',
    fixBy: 'developer',
  });
}
