import * as v from 'valibot';
import { EVENTS, HAPPENINGS, OUTCOMES } from '../records/events';

// Bounds are those of the ledger (docs/ledger.md): ids of 1 to 200 bytes without `|` and control characters, whole amounts.
const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;

export const id = v.pipe(v.string(), v.regex(/^[^|\u0000-\u001f\u007f]{1,100}$/), v.description('1 to 100 characters without `|`'));
export const amount = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_AMOUNT), v.description('minor units, or points'));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_AMOUNT));
const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(99));
export const moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(221_845_392_000_000), v.description('UTC milliseconds'));
export const object = v.record(v.string(), v.unknown());

export const request = v.pipe(object, v.description('a request, as POST /quote takes it'));

export const nothing = v.strictObject({});

const lint = v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/), v.description('code of a lint'));
export const publish = v.strictObject({
  allow: v.optional(v.pipe(v.array(lint), v.maxLength(20), v.description('grave lints that are meant so')), []),
});

export const share = v.strictObject({ part: place, uses: v.optional(count), amount: v.optional(count) });

export const begin = v.strictObject({
  token: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(65_536), v.description('a quote token'))),
  request: v.optional(request),
  order: v.optional(id),
  customer: v.optional(id),
  customerZone: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  holdSeconds: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(86_400)), 900),
  confirm: v.optional(v.boolean(), false),
  earn: v.optional(v.strictObject({ account: id, scheme: id })),
  session: v.optional(id),
});

export const session = v.strictObject({
  request,
  customer: v.optional(id),
  seconds: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(86_400)), 900),
});

const text = v.pipe(v.string(), v.maxLength(200));
const attribute = v.union([text, v.pipe(v.number(), v.safeInteger()), v.boolean()]);
const name = v.pipe(v.string(), v.regex(/^[\w.:-]{1,64}$/));
const history = v.strictObject({
  count: v.optional(count), lastAt: v.optional(moment), spent: v.optional(count),
  bought: v.optional(v.pipe(v.array(v.strictObject({
    category: v.optional(text), product: v.optional(text), count: v.optional(count), lastAt: v.optional(moment), spent: v.optional(count),
  })), v.maxLength(1_000))),
});

export const profile = v.strictObject({
  attributes: v.optional(v.record(name, v.union([attribute, v.pipe(v.array(attribute), v.maxLength(100))]))),
  consents: v.optional(v.pipe(v.record(name, v.boolean()), v.description('conditions ask for the customer’s attribute `consent.<name>`'))),
  segments: v.optional(v.pipe(v.array(id), v.maxLength(100), v.description('those that no document declares'))),
  birthday: v.optional(v.pipe(v.string(), v.regex(/^(\d{4}|-)-\d\d-\d\d$/))),
  signedUpAt: v.optional(moment),
  spent: v.optional(count),
  orders: v.optional(history),
  currency: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
  utcOffset: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(-840), v.maxValue(840))),
  accounts: v.optional(v.pipe(v.record(name, id), v.description('the accounts of the customer by scheme'))),
});
export const event = v.strictObject({ event: name, payload: v.optional(v.record(name, attribute), {}) });

const code = v.pipe(v.string(), v.regex(/^[^\u0000-\u001f\u007f]{1,64}$/));
export const codes = v.strictObject({ codes: v.pipe(v.array(code), v.minLength(1), v.maxLength(1_000)) });
export const publication = v.strictObject({ campaign: id, customer: id, code: v.optional(code) });

/** Codes as they were typed, at most as many as an order may have. */
export const grant = v.strictObject({
  codes: v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64))), v.minLength(1), v.maxLength(10)),
  customer: v.optional(id),
});

export const confirm = v.strictObject({ parts: v.optional(v.pipe(v.array(share), v.maxLength(100)), []) });
/** When a lot of an account ends. */
export const ends = v.pipe(object, v.description('as docs/ledger.md describes it'));
const expiry = v.optional(ends);
const line = v.strictObject({ line: id, units: count, amount: count });
const returned = v.strictObject({ line: id, units: count });

const shares = v.pipe(v.array(share), v.minLength(1), v.maxLength(100));
const units = v.pipe(v.array(returned), v.minLength(1), v.maxLength(500));
export const refund = v.union([
  v.strictObject({ parts: shares, lines: v.optional(units) }),
  v.strictObject({ lines: units }),
]);

export const refill = v.strictObject({ scheme: id, amount, lot: v.optional(id), expiry });
export const earn = v.strictObject({
  scheme: id, amount, order: v.optional(id), event: v.optional(id), rule: v.optional(id),
  lines: v.optional(v.pipe(v.array(line), v.maxLength(500))), customer: v.optional(id),
  pendingDays: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(3_660))), expiry,
});
export const spend = v.strictObject({ amount, upTo: v.optional(v.boolean(), false), order: v.optional(id) });
export const rollback = v.strictObject({ reservation: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) });
export const takeBack = v.strictObject({ order: id, lines: v.optional(v.pipe(v.array(returned), v.maxLength(500))) });
export const lot = v.strictObject({ lot: v.optional(id) });
export const adjust = v.strictObject({
  scheme: id, amount: v.pipe(v.number(), v.safeInteger()), lot: v.optional(id), reason: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
export const entitle = v.strictObject({
  scheme: id, entitlement: id, grant: v.optional(id), months: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_200))),
});
export const revoke = v.strictObject({ grant: id });
export const suspend = v.strictObject({ scheme: id, reason: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))) });
export const claim = v.strictObject({ reward: id, customer: v.optional(id), units: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000)), 1) });
export const invite = v.strictObject({ code: id, holder: id });
export const refer = v.union([v.strictObject({ friend: id, code: id }), v.strictObject({ friend: id, referrer: id })]);

const whole = (most: number) => v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number), v.maxValue(most));
const limit = v.optional(v.pipe(whole(500), v.minValue(1)), '50');
export const page = v.strictObject({ after: v.optional(whole(MAX_AMOUNT)), limit });
export const recordQuery = v.strictObject({
  campaign: v.optional(id), customer: v.optional(id), order: v.optional(id),
  outcome: v.optional(v.picklist(OUTCOMES)),
  from: v.optional(whole(MAX_AMOUNT)), to: v.optional(whole(MAX_AMOUNT)), after: v.optional(whole(MAX_AMOUNT)), limit,
});
export const publicationQuery = v.strictObject({ campaign: v.optional(id), customer: v.optional(id), after: v.optional(whole(MAX_AMOUNT)), limit });
export const happeningQuery = v.strictObject({
  customer: v.optional(id), type: v.optional(v.picklist(HAPPENINGS)),
  after: v.optional(whole(MAX_AMOUNT)), limit,
});
export const statisticsQuery = v.strictObject({
  from: v.optional(whole(MAX_AMOUNT)), to: v.optional(whole(MAX_AMOUNT)), currency: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
});
export const referralsQuery = v.strictObject({
  currency: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))), lifetimeValue: v.optional(whole(MAX_AMOUNT)), reward: v.optional(whole(MAX_AMOUNT)),
});

export const documentQuery = v.strictObject({
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/), v.description('of the project’s amounts')),
  timeZone: v.optional(v.pipe(v.string(), v.maxLength(64), v.check(isZone, 'a name of the IANA time zone database'), v.description('on whose clocks its days are; that of its settings when absent'))),
});

export const shards = v.strictObject({ shards: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(64)) });

// plain http only where nobody is in between; which addresses of a network count is said by records/endpoints.ts
const endpoint = v.pipe(v.string(), v.maxLength(2_000), v.url(), v.regex(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$))/), v.description('an https address'));
export const webhook = v.strictObject({
  url: endpoint,
  events: v.pipe(v.array(v.picklist(EVENTS)), v.minLength(1), v.maxLength(50)),
});

export const campaign = v.pipe(object, v.description('a campaign, as docs/campaigns.md describes it'));
export const document = v.looseObject({ campaigns: v.array(object) });
/** A document of which all that is wrong is told, whatever it is. */
export const draft = v.pipe(object, v.description('a campaign document'));

// what is answered
export const told = v.looseObject({});
const entered = v.looseObject({
  code: v.optional(v.string()), status: v.picklist(['applied', 'inapplicable', 'skipped', 'dormant', 'deferred']), redeemable: v.optional(v.string()),
  reasons: v.array(v.looseObject({ code: v.string(), message: v.string(), params: object })),
});
export const redemption = v.looseObject({
  id: v.string(),
  status: v.picklist(['held', 'confirmed', 'released', 'rolled_back']),
  until: moment, currency: v.string(), subtotal: count, discountTotal: count, shippingTotal: count, total: count, due: count, points: count,
  campaigns: v.array(v.string()), entered: v.optional(v.array(entered)), snapshot: v.object({ version: count }), parts: v.array(v.looseObject({ part: place, type: v.picklist(['use', 'draw']) })),
});
export const problem = v.looseObject({
  code: v.string(), message: v.string(), help: v.string(), fixBy: v.picklist(['shopper', 'merchant', 'developer']),
  params: object, at: v.optional(v.looseObject({ document: v.string(), pointer: v.string() })),
});

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
