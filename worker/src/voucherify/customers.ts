import { isJson } from './call';
import { named, settings, type Work } from './desk';

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

export const giveConsents: Work = (desk) => {
  const { id } = named(desk, 'customers', 'customer');
  desk.rows.put('customer_consents', { id, consents: desk.call.body, object: 'customer_consents' });
  return { status: 204 };
};
