// The document that describes the covered endpoints, made of their routes. Refusals have Voucherify's form, not the worker's own.
import { areaOf, HEADERS, type Area } from './access';
import { FAILURES } from './failure';
import type { Method, Route } from './route';

/** What the API reads of a list: texts, and objects in brackets. */
const OF_A_LIST: readonly object[] = [
  { ...text('limit'), schema: { type: 'integer', minimum: 1, maximum: 100, default: 10 } },
  { ...text('page'), schema: { type: 'integer', minimum: 1, maximum: 1000, default: 1 } },
  { ...text('order'), description: 'A field of the rows; with a minus before it, downwards.', schema: { type: 'string', default: '-created_at' } },
  ...['filters', 'created_at', 'updated_at'].map((name) => ({ ...text(name), style: 'deepObject', explode: true, schema: { type: 'object' } })),
];

const SECURITY: Readonly<Record<Area, object>> = {
  server: { serverId: [], serverToken: [] },
  client: { clientId: [], clientToken: [] },
  management: { managementId: [], managementToken: [] },
};

export function describe(routes: readonly Route[]): object {
  const paths: Record<string, Partial<Record<Lowercase<Method>, object>>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    // the first of a method and path is the one that answers
    const methods = (paths[path] ??= {});
    methods[route.method.toLowerCase() as Lowercase<Method>] ??= operation(route, path);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'counterfoil worker, Voucherify-compatible API',
      version: '1',
      description: 'The covered endpoints of Voucherify’s interface. The members of bodies and rows are Voucherify’s and are not repeated here.',
    },
    externalDocs: { url: 'https://docs.voucherify.io/reference' },
    paths,
    components: { schemas: { Failure: FAILURE }, securitySchemes: schemes() },
  };
}

function operation(route: Route, path: string): object {
  const area = areaOf(route.path);
  const { form = {} } = route.does;
  const statuses = ['400', '401', '403', '404', '409', '413', ...(area === 'client' ? (['429'] as const) : []), '503'] as const;
  return {
    operationId: `${route.method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+/g, '_')}`,
    summary: route.about,
    ...(route.needs && { description: `For pages of projects whose \`clientSide\` names \`${route.needs}\`.` }),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1 } })),
      ...(form.query ?? []).map(text),
      ...(form.listed === undefined ? [] : OF_A_LIST),
    ],
    ...bodyOf(route),
    responses: {
      [form.status ?? 200]: answerOf(route),
      ...Object.fromEntries(statuses.map((status) => [status, { description: FAILURES[status], content: json({ $ref: '#/components/schemas/Failure' }) }])),
    },
    security: [SECURITY[area]],
  };
}

function bodyOf({ method, does: { form: { takes } = {} } }: Route): object {
  if (method === 'GET' || method === 'DELETE' || takes === 'nothing') return {};
  const one = { type: 'object' };
  const several = { type: 'array', items: one };
  const schema = takes === 'list' ? several : takes === 'rows' ? { anyOf: [one, several] } : one;
  return { requestBody: { content: json(schema) } };
}

function answerOf({ does: { form: { status, listed } = {} } }: Route): object {
  if (status === 204) return { description: 'Done.' };
  if (listed === undefined) return { description: 'As asked.', content: json({ type: ['object', 'array'] }) };
  const properties = {
    object: { const: 'list' },
    data_ref: { const: listed },
    [listed]: { type: 'array', items: { type: 'object' } },
    total: { type: 'integer', minimum: 0 },
    has_more: { type: 'boolean' },
  };
  return { description: 'A page of the list.', content: json({ type: 'object', properties, required: Object.keys(properties) }) };
}

const FAILURE = {
  type: 'object',
  description: 'A refusal in Voucherify’s form; docs/voucherify-errors.md has the keys.',
  properties: {
    code: { type: 'integer', description: 'The HTTP status.' },
    key: { type: 'string', pattern: '^[a-z][a-z_0-9]*$', description: 'What was refused, stable.' },
    message: { type: 'string' },
    details: { type: 'string' },
    request_id: { type: 'string', pattern: '^v-[0-9a-f]{16}$' },
    resource_id: { type: 'string' },
    resource_type: { type: 'string' },
  },
  required: ['code', 'key', 'message', 'details', 'request_id'],
};

function schemes(): object {
  return Object.fromEntries(
    (Object.keys(HEADERS) as Area[]).flatMap((area) => {
      const [id, token] = HEADERS[area];
      return [[`${area}Id`, id], [`${area}Token`, token]].map(([name, header]) => [name, { type: 'apiKey', in: 'header', name: header }]);
    }),
  );
}

function text(name: string): object {
  return { name, in: 'query', required: false, schema: { type: 'string' } };
}

function json(schema: object): object {
  return { 'application/json': { schema } };
}
