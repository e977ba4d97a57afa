import { object } from './plain';
import { formed, PROJECT, settings, type Work } from './desk';
import { below, decided, kept, type Route } from './route';

const at = below('/management/v1/projects/:project');

const read: Work = ({ rows }) => ({ status: 200, body: settings(rows) });

const change: Work = ({ rows, call }) => {
  const { id: _, ...given } = object(call.body);
  const row = { ...settings(rows), ...given, id: PROJECT, object: 'settings' };
  rows.put('settings', row);
  return { status: 200, body: row };
};

const readStacking: Work = ({ rows }) => ({ status: 200, body: settings(rows)['stacking_rules'] ?? {} });

const changeStacking: Work = async ({ rows, call, decide }) => {
  const stacking_rules = object(call.body);
  const looked = await decide('rows/check', { body: { object: 'stacking_rules', row: stacking_rules } });
  if (looked.status >= 400) return looked;
  rows.put('settings', { ...settings(rows), id: PROJECT, stacking_rules, object: 'settings' });
  return { status: 200, body: stacking_rules };
};

const forgetStacking = formed({ status: 204 }, ({ rows }) => {
  const { stacking_rules: _, ...rest } = settings(rows);
  rows.put('settings', rest);
  return { status: 204 };
});

export const managementRoutes: readonly Route[] = [
  at('GET', '', 'the settings of the project', read),
  at('PUT', '', 'changes settings: time zone, case of codes, consents', change),
  at('GET', '/stacking-rules', 'the stacking rules that were set', readStacking),
  at('POST', '/stacking-rules', 'sets the stacking rules; what is not said has its default', changeStacking),
  at('PUT', '/stacking-rules', 'sets the stacking rules; what is not said has its default', changeStacking),
  ...kept(at, '/metadata-schemas', 'metadata_schemas', 'a metadata schema'),
  at('POST', '/questions/formulas', 'what formulas come to', decided('formulas/evaluate')),
  at('POST', '/questions/expirations', 'the last day of points that were earned', decided('points/expiration')),
  at('DELETE', '/stacking-rules', 'goes back to the default stacking rules', forgetStacking),
];
