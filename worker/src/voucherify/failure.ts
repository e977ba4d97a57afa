import type { Json } from './call';

/** An answer in Voucherify's form of an error. What the engine refuses comes with its own words and does not pass here. */
export class Failure extends Error {
  readonly status: number;
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, key: string, message: string, details: string, more: Json = {}, headers = {}) {
    super(message);
    this.name = 'Failure';
    this.status = status;
    this.body = { code: status, key, message, details, ...more };
    this.headers = headers;
  }
}

/** What each status of a refusal means. */
export const FAILURES = {
  400: 'The request makes no sense, or it was decided against.',
  401: 'There are no keys, or they are the wrong ones.',
  403: 'The project does not open it to who asks.',
  404: 'There is nothing of this name.',
  409: 'It does not fit how things stand.',
  413: 'The body is too large.',
  429: 'Too many codes were tried from one address.',
  503: 'No project is set up.',
} as const;

export const notFound = (called: string, id: string): Failure =>
  new Failure(404, 'not_found', 'Resource not found', `Cannot find ${called} with id ${id}`, {
    resource_id: id,
    resource_type: called.replaceAll(' ', '_'),
  });

export const invalidPayload = (details: string): Failure =>
  new Failure(400, 'invalid_payload', 'Invalid payload', details);

export const invalidQuery = (details: string): Failure =>
  new Failure(400, 'invalid_query_params', 'Invalid query params', details);

export const queryTooLarge = (details: string): Failure => new Failure(400, 'query_too_large', 'Query too large', details);

export const pageOverLimit = (most: number): Failure =>
  new Failure(400, 'page_over_limit', 'Page over limit', `A list has at most ${most} pages`);

export const unauthorized = (details: string): Failure => new Failure(401, 'unauthorized', 'Unauthorized', details);

export const forbidden = (details: string): Failure => new Failure(403, 'forbidden', 'Forbidden', details);

export const methodNotAllowed = (method: string, path: string, allow: string): Failure =>
  new Failure(
    405,
    'method_not_allowed',
    'Method not allowed',
    `${path} does not take ${method}; it takes ${allow}`,
    {},
    { allow },
  );

export const tooLarge = (limit: number): Failure =>
  new Failure(413, 'payload_too_large', 'Payload too large', `The body is larger than ${limit} bytes`);

/** In the words of Voucherify's own limits; the same whatever was tried. */
export const tooManyRequests = (seconds: number): Failure =>
  new Failure(429, 'too_many_requests', 'Too many requests hit the API too quickly.', `Wait ${seconds} seconds before you try another code`, {}, { 'retry-after': String(seconds) });

/** Named, so that whoever moves in sees at once which call this worker does not answer. */
export const notCovered = (method: string, path: string): Failure =>
  new Failure(
    501,
    'not_implemented',
    'Endpoint not covered',
    `${method} ${path} is not among the endpoints that this worker covers; docs/voucherify-endpoints.md lists them`,
  );

export const notSetUp = (details: string): Failure =>
  new Failure(503, 'voucherify_not_set_up', 'No project is set up', details);

export const internalError = (): Failure =>
  new Failure(500, 'internal_error', 'Internal error', 'The cause is in the log of the worker, under the event `refused`');
