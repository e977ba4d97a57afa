import { consents, entering, giveConsents } from './customers';
import { create, list, object } from './plain';
import { VALIDATION_TEXTS, validationOfQuery } from './query';
import { formed } from './desk';
import { below, decided, type Route } from './route';
import { listTiers } from './server_side';

const at = below('/client/v1');

const fromQuery: Parameters<typeof decided>[1] = ({ call }) => ({
  body: validationOfQuery(call.query),
  path: { code: text(call.query['code']) },
});

const codeOfQuery: Parameters<typeof decided>[1] = ({ call }) => ({ path: { code: text(call.query['code']) } });

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const clientRoutes: readonly Route[] = [
  at('GET', '/validate', 'validates the voucher of `code`', formed({ query: ['code', ...VALIDATION_TEXTS] }, decided('vouchers/validate', fromQuery))),
  at('GET', '/promotions/validation', 'the tiers that apply', formed({ query: VALIDATION_TEXTS }, decided('promotions/validate', fromQuery))),
  at('GET', '/promotions/tiers', 'lists tiers', listTiers),
  at('POST', '/redeem', 'redeems the voucher of `code`', formed({ query: ['code'] }, decided('vouchers/redeem', codeOfQuery)), 'redemptions'),
  at('POST', '/validations', 'validates a stack', decided('validations')),
  at('POST', '/redemptions', 'redeems a stack', decided('redemptions'), 'redemptions'),
  at('POST', '/qualifications', 'what customer and order qualify for', decided('qualifications')),
  at(
    'POST',
    '/publish',
    'publishes a code of `campaign` to a customer',
    formed({ query: ['campaign'] }, decided('publications/create', ({ call }) => ({ body: { ...object(call.body), campaign: call.query['campaign'] } }))),
    'publications',
  ),
  at('POST', '/events', 'records an event', decided('events/create'), 'events'),
  at(
    'GET',
    '/vouchers',
    'lists vouchers',
    list(
      'vouchers',
      { field: 'campaign_id', query: 'campaign', of: 'campaigns' },
      { field: 'category_id', query: 'category', of: 'categories' },
      { field: 'holder_id', query: 'customer', of: 'customers' },
    ),
    'vouchers',
  ),
  at('POST', '/customers', 'creates or changes a customer', entering(create('customers')), 'customers'),
  at('GET', '/consents', 'what consent is asked to', consents),
  at('PUT', '/customers/:customer/consents', 'records consents', giveConsents, 'customers'),
];
