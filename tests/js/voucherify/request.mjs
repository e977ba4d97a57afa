// The request of a case, or of one of its steps.
import qs from 'qs';

const SENT = ['redeemables', 'customer', 'order', 'gift', 'reward', 'session', 'metadata', 'scenario', 'options', 'tracking_id', 'referrer'];
const SENT_WITH_EVENTS = ['event', 'customer', 'metadata', 'referral', 'loyalty'];

/** `{ method, path, body }`; `recall` fills what a path says of an answer before. */
export function requestOf(given, recall) {
  const { method = 'POST', path } = given.endpoint;
  const address = recall(path);
  if (method === 'GET') return { method, path: withQuery(address, given) };
  if (method === 'DELETE') return { method, path: address };
  return { method, path: withParameters(address, given.query), body: given.body ?? bodyOf(given) };
}

function bodyOf(given) {
  // An order is sent as it is where orders are kept.
  if (/\/orders(\/[^/]+)?$/.test(given.endpoint.path)) return { ...given.order, ...(given.customer && { customer: given.customer }) };
  const names = given.endpoint.path.endsWith('/events') ? SENT_WITH_EVENTS : SENT;
  const said = names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
  const body = Object.fromEntries(said);
  if (body.customer?.segments) {
    const { segments, ...customer } = body.customer;
    body.customer = customer;
  }
  return body;
}

/** A client-side GET says in its query what the POST says in its body. */
function withQuery(path, given) {
  if (!path.startsWith('/client/v1/')) return withParameters(path, given.query);
  const { order = {}, customer, metadata, gift, reward, session, tracking_id } = bodyOf(given);
  const { amount, items, ...rest } = order;
  return withParameters(path, {
    amount,
    item: items,
    order: Object.keys(rest).length > 0 ? rest : undefined,
    customer,
    metadata,
    gift,
    reward,
    tracking_id,
    session_type: session?.type,
    session_key: session?.key,
    session_ttl: session?.ttl,
    session_ttl_unit: session?.ttl_unit,
    ...given.query,
  });
}

function withParameters(path, parameters = {}) {
  const text = qs.stringify(parameters);
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
