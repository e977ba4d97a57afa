import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { MAX_NAME_LENGTH } from './check';
import type { Route } from './route';
import * as schemas from './schemas';

/** What each status of a refusal means. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  401: 'There is no token, or it is the wrong one.',
  404: 'There is nothing of this name.',
  409: 'It was decided against, or does not fit how things stand.',
  410: 'The quote is too old.',
  412: 'It was changed by somebody else meanwhile.',
  413: 'The body is too large.',
  422: 'A member cannot be what it is.',
  429: 'Too many were sent.',
  503: 'Nothing is published yet, or a secret is not set.',
};

/** What the core reads by itself, and its schema in docs/: the worker passes these on. */
const OF_THE_CORE = { QuoteRequest: schemas.request, CampaignDocument: schemas.document, CampaignDraft: schemas.draft, Campaign: schemas.campaign, Expiry: schemas.ends };

/** A schema of docs/ with those that it names. */
export interface Kept {
  $defs: Record<string, object>;
}

/** The document that describes the routes, made of what the router itself checks by, and of the schemas of requests and of campaigns. */
export function describe(routes: readonly Route[], requests: Kept, campaigns: Kept): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  return {
    openapi: '3.1.0',
    info: { title: 'counterfoil worker', version: '1', description: 'Quotes, redemptions, accounts and records of a shop. Money is in minor units, moments are UTC milliseconds.' },
    paths,
    components: {
      schemas: { Problem: schema(schemas.problem), ...named('QuoteRequest', requests), ...named('CampaignDocument', campaigns), CampaignDraft: refer('CampaignDocument') },
      securitySchemes: {
        checkout: { type: 'http', scheme: 'bearer', description: 'CHECKOUT_TOKEN, or ADMIN_TOKEN' },
        admin: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN' },
      },
    },
  };
}

function operation(route: Route): object {
  const { answer, who } = route;
  const statuses = new Set<number>([...(route.refusals ?? []), 400, 413, 422, ...(who === 'anyone' ? [] : [401, 503])]);
  const refusals = [...statuses].sort().map((status) => [status, { description: REFUSALS[status], content: { 'application/problem+json': { schema: refer('Problem') } } }]);
  const good = { description: 'As asked.', content: { [answer.type ?? 'application/json']: { schema: answer.schema ? schema(answer.schema) : { type: 'string' } } } };
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replaceAll(/[^A-Za-z0-9]+/g, '_')}`,
    summary: route.summary,
    parameters: [...pathParameters(route), ...(route.keyed ? [KEY] : []), ...queryParameters(route)],
    ...bodyOf(route),
    responses: {
      ...(answer.repeated && { 200: { ...good, description: 'As it was answered before.' } }),
      [answer.status]: good,
      ...(answer.tagged && { 304: { description: 'The caller has it.' } }),
      ...Object.fromEntries(refusals),
    },
    security: who === 'anyone' ? [] : [{ [who]: [] }],
  };
}

function bodyOf({ body, raw }: Route): object {
  if (body) return { requestBody: { required: true, content: { 'application/json': { schema: schema(body) } } } };
  if (!raw) return {};
  return { requestBody: { required: true, content: { [raw.type]: raw.schema ? { schema: schema(raw.schema) } : {} } } };
}

const KEY = {
  name: 'Idempotency-Key', in: 'header', required: true, description: 'A new one for each attempt, the same one for its repeats.',
  schema: { type: 'string', pattern: '^[!-~]{1,120}$' },
};

function pathParameters({ path }: Route): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1, maxLength: MAX_NAME_LENGTH } }));
}

function queryParameters({ query }: Route): object[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schema(query) as { properties?: Record<string, object>; required?: string[] };
  return Object.entries(properties).map(([name, of]) => ({ name, in: 'query', required: required.includes(name), schema: of }));
}

function schema(of: GenericSchema): object {
  const { $schema: _, $defs: __, ...json } = toJsonSchema(of, { typeMode: 'input', errorMode: 'ignore', definitions: OF_THE_CORE, overrideRef: ({ referenceId }) => placeOf(referenceId) });
  return json;
}

/** A schema of docs/ under a name, and those that it names under theirs. */
function named(name: string, kept: Kept): Record<string, object> {
  const { $defs, $id: _, $schema: __, ...own } = JSON.parse(JSON.stringify(kept).replaceAll('"#/$defs/', `"${placeOf('')}`)) as Kept & Record<string, unknown>;
  return { ...$defs, [name]: own };
}

const placeOf = (name: string): string => `#/components/schemas/${name}`;

const refer = (name: string): object => ({ $ref: placeOf(name) });
