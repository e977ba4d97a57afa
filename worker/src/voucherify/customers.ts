import { isJson } from './call';
import { formed, named, settings, type Work } from './desk';
import { equals } from './selection';

/** What the project asks consent to, as its settings list it. */
export const consents: Work = (desk) => {
  const given = settings(desk.rows)['consents'];
  const { groups, consents: each } = isJson(given) ? given : {};
  const listed = (data: unknown) => {
    const rows = Array.isArray(data) ? data : [];
    return { object: 'list', total: rows.length, data_ref: 'data', data: rows };
  };
  return { status: 200, body: { groups: listed(groups), consents: listed(each) } };
};

export const giveConsents = formed({ status: 204 }, (desk) => {
  const { id } = named(desk, 'customers', 'customer');
  desk.rows.put('customer_consents', { id, consents: desk.call.body, object: 'customer_consents' });
  return { status: 204 };
});

const ENTERED = equals('event', 'customer.segment.entered');

/** A customer that is made or changed may enter a segment by it, and earn points for that. */
export const entering =
  (work: Work): Work =>
  formed(work.form ?? {}, async (desk) => {
    const { rows, call } = desk;
    if (rows.count('earning_rules', { all: [ENTERED] }) === 0 || !isJson(call.body)) return work(desk);
    const name = [call.path['customer'], call.body['id'], call.body['source_id']].find((each) => typeof each === 'string');
    const before = typeof name === 'string' ? (rows.find('customers', name) ?? null) : null;
    const answer = await work(desk);
    if (answer.status < 300) await desk.decide('customers/changed', { body: { before, after: answer.body } });
    return answer;
  });
