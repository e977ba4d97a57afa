import * as v from 'valibot';
import { ACTIONS, HAPPENINGS, OUTCOMES } from '../records/events';
import { count, moment, object } from './schemas';

// What is answered. More members may come with any release, so none of these objects is closed.

const text = v.string();
const integer = v.pipe(v.number(), v.integer());
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const texts = v.array(text);
const nothingMore = v.pipe(v.nullable(integer), v.description('what `after` takes for the next page'));
const pageOf = <N extends string>(name: N, row: v.GenericSchema) => v.looseObject({ [name]: v.array(row), next: nothingMore });

const place = v.looseObject({ document: text, pointer: text });
const fixBy = v.picklist(['shopper', 'merchant', 'developer']);
const reason = v.looseObject({ code: text, message: text, help: text, fixBy, params: object, at: v.optional(place) });
const diagnostic = v.looseObject({ code: text, severity: v.picklist(['warning', 'error']), message: text, help: text, fixBy, at: v.optional(place), params: v.optional(object) });
const outcomeStatus = v.picklist(['applied', 'inapplicable', 'skipped', 'dormant', 'deferred']);

export const quote = v.pipe(v.looseObject({
  currency: text, subtotal: integer, discountTotal: integer, shippingTotal: integer, total: integer, due: integer, points: integer,
  lines: v.array(v.looseObject({ id: text, subtotal: integer, discount: integer, total: integer })),
  shipping: v.array(v.looseObject({ id: text, price: integer, discount: integer, total: integer })),
  outcomes: v.array(v.looseObject({
    redeemable: v.optional(text), code: v.optional(text), status: outcomeStatus, discount: integer,
    allocations: v.array(v.looseObject({ line: text, amount: integer })), shippingAllocations: v.array(v.looseObject({ shipping: text, amount: integer })),
    openChecks: v.array(v.picklist(['redemption_limit', 'customer_limit', 'period_limit', 'budget'])), reasons: v.array(reason),
  })),
  earned: v.array(v.looseObject({ redeemable: text, points: integer })),
  notices: texts, gifts: v.array(object), giftLines: v.array(object), hints: v.optional(v.array(object)), payments: v.optional(v.array(object)),
}), v.description('amounts in minor units'));
export const signedQuote = v.looseObject({ quote, token: text, expiresAt: moment });
export const quoteKeys = v.looseObject({ keys: v.array(v.looseObject({ id: text, publicKey: text })) });
export const granted = v.looseObject({ granted: texts, expiresAt: v.nullable(moment), grant: v.nullable(v.pipe(text, v.description('base64'))) });

export const health = v.looseObject({ status: v.literal('ok'), snapshot: v.nullable(v.looseObject({ version: count, sha256: hash, publishedAt: moment })) });
export const published = v.looseObject({ version: count, sha256: hash });

const lock = v.looseObject({ campaign: text, locked: v.boolean(), until: v.optional(moment), refusal: v.optional(v.looseObject({ code: text, message: text, help: text, fixBy })) });
export const session = v.looseObject({ id: text, locks: v.array(lock) });

const failed = v.looseObject({ code: v.nullable(text), campaign: v.nullable(text), status: outcomeStatus, reason: v.nullable(text), message: v.nullable(text) });
const record = v.looseObject({
  id: text, at: moment, outcome: v.picklist(OUTCOMES), redemption: text, order: v.nullable(text), customer: v.nullable(text), campaigns: texts,
  currency: text, total: count, discount: count, discounts: object, experiments: object, code: v.nullable(text), message: v.nullable(text), failed: v.optional(v.array(failed)),
});
export const records = v.array(record);
export const recordPage = pageOf('records', record);
export const happenings = pageOf('happenings', v.looseObject({ id: text, at: moment, type: v.picklist(HAPPENINGS), customer: text, name: text }));
export const audit = pageOf('entries', v.looseObject({ seq: count, at: moment, actor: text, action: v.picklist(ACTIONS), subject: text, detail: text }));
export const events = pageOf('events', v.looseObject({ seq: count }));

const budget = v.looseObject({ spent: integer, heldAmount: integer });
export const campaign = v.looseObject({ id: text, stopped: v.boolean(), shards: count, uses: count, heldUses: count, budgets: v.record(text, budget) });
export const campaigns = v.looseObject({ campaigns: v.array(campaign) });

const sum = { orders: count, total: integer, discount: integer };
export const statistics = v.looseObject({
  currency: text, currencies: texts, from: moment, to: v.pipe(integer, v.minValue(0)), all: v.looseObject(sum), rolledBack: count, refused: count,
  days: v.array(v.looseObject({ ...sum, day: text, refused: count })), campaigns: v.array(v.looseObject({ ...sum, id: text })),
  refusals: v.array(v.looseObject({ code: text, count })), customers: v.array(v.looseObject({ ...sum, customer: text })),
  variants: v.array(v.looseObject({ ...sum, experiment: text, variant: text, begun: count, mean: integer, interval: v.nullable(integer) })),
});

export const publication = v.looseObject({ id: text, campaign: text, code: text, customer: v.nullable(text), at: moment });
export const publications = pageOf('publications', publication);

const change = v.looseObject({ id: text, change: v.picklist(['added', 'changed', 'removed']) });
const ofCatalogue = v.pipe(v.looseObject({ campaigns: v.array(v.looseObject({ id: text })) }), v.description('a campaign document, as docs/campaigns.schema.json describes it'));
export const catalogue = v.looseObject({ revision: count, document: ofCatalogue, published: v.nullable(v.looseObject({ version: count, at: moment, revision: count })), changes: v.array(change) });
const lost = v.looseObject({ object: text, id: text, member: text, why: text, count: v.optional(count) });
export const moved = v.looseObject({ document: ofCatalogue, report: v.array(lost) });
export const taken = v.looseObject({ revision: count, warnings: v.array(diagnostic), changes: v.array(change) });
export const diagnostics = v.looseObject({ diagnostics: v.array(diagnostic) });
export const listed = v.looseObject({ codes: count });

export const webhook = v.looseObject({ id: text, url: text, events: texts, secret: v.optional(text) });
export const webhooks = v.looseObject({ webhooks: v.array(webhook), waiting: count, dead: count });
export const named = v.looseObject({ id: text });
export const deadLetters = pageOf('letters', v.looseObject({ seq: count, webhook: text, type: text, at: moment, tries: count, said: v.nullable(text) }));
export const retried = v.looseObject({ seq: count });
export const restored = v.looseObject({ lines: count, objects: count });
