import type { Customer as Told } from 'counterfoil/workshop';

/** What the shop lets the worker keep of a customer. */
export interface Profile {
  /** What campaigns ask for by `customer_attribute`. */
  attributes?: Told['attributes'];
  /** What the customer consents to: campaigns ask for the attribute `consent.<name>`. */
  consents?: Record<string, boolean>;
  /** Segments that the shop sets. Those that documents declare are found by what they say. */
  segments?: string[];
  birthday?: string;
  signedUpAt?: number;
  /** Spent before, minor units of `currency`; for levels. */
  spent?: number;
  orders?: Told['orders'];
  currency?: string;
  /** Minutes the customer's clocks are ahead of UTC. */
  utcOffset?: number;
  /** The accounts of the customer by scheme, where they are not `<scheme>:<pseudonym>`. */
  accounts?: Record<string, string>;
}

/** A customer as a request tells of one: what is kept stands in place of what the request says of the same. */
export function customerOf(profile: Profile, said: Told): Told {
  const { attributes, consents = {}, segments, birthday, signedUpAt, spent, orders } = profile;
  const consented = Object.fromEntries(Object.entries(consents).map(([name, isGiven]) => [`consent.${name}`, isGiven]));
  const kept = { segments, birthday, signedUpAt, spent, orders };
  return {
    ...said,
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    attributes: { ...said.attributes, ...attributes, ...consented },
  };
}

/** A request as far as it may speak for its customer: a consent is the worker's to tell. Of what is no request the engine says so. */
export function withoutConsents<R extends Record<string, unknown>>(request: R): R {
  const { customer } = request as { customer?: { attributes?: unknown } | null };
  const attributes = customer?.attributes;
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) return request;
  const own = Object.entries(attributes).filter(([name]) => !name.startsWith('consent.'));
  return own.length === Object.keys(attributes).length ? request : { ...request, customer: { ...customer, attributes: Object.fromEntries(own) } };
}
