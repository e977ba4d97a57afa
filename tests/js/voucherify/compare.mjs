// Whether an answer holds what a case expects: a subset, with a few words of its own.

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every difference, as `at: what`. */
export function differences(expected, actual, at = '') {
  if (expected === 'absent') return actual === undefined || actual === null ? [] : [`${at} is there: ${shown(actual)}`];
  if (Array.isArray(expected)) return ofLists(expected, actual, at);
  if (isObject(expected)) return ofObjects(expected, actual, at);
  return same(expected, actual) ? [] : [`${at} is ${shown(actual)}, not ${shown(expected)}`];
}

/** What is not there, what is null and what is 0 read the same in answers of this kind. */
const same = (expected, actual) => expected === actual || ((expected === 0 || expected === null) && (actual ?? null) === null);

function ofLists(expected, actual, at) {
  if (!Array.isArray(actual)) return [`${at} is ${shown(actual)}, not a list`];
  const counted = expected.length === actual.length ? [] : [`${at} has ${actual.length} entries, not ${expected.length}`];
  return [...counted, ...expected.flatMap((each, index) => differences(each, actual[index], `${at}[${index}]`))];
}

function ofObjects(expected, actual, at) {
  if (!isObject(actual) && !('by_id' in expected && Array.isArray(actual))) return [`${at} is ${shown(actual)}, not an object`];
  return Object.entries(expected).flatMap(([name, value]) => {
    const place = at === '' ? name : `${at}.${name}`;
    if (name === 'by_id') return byId(value, actual, place);
    if (name.endsWith('_contains')) return contained(value, actual[name.slice(0, -'_contains'.length)], place);
    if (name.endsWith('_ids')) return idsOf(value, actual[name.slice(0, -'_ids'.length)], place);
    return differences(value, actual[name], place);
  });
}

function byId(entries, list, at) {
  const rows = Array.isArray(list) ? list : (list.data ?? []);
  return Object.entries(entries).flatMap(([id, entry]) => {
    const row = rows.find((each) => each.id === id || each.code === id);
    return row ? differences(entry, row, `${at}.${id}`) : [`${at} has no ${id}; it has ${rows.map((each) => each.id).join(', ') || 'nothing'}`];
  });
}

function contained(entries, actual, at) {
  if (!Array.isArray(actual)) return [`${at} is asked of ${shown(actual)}`];
  return entries.flatMap((entry) => {
    const tries = actual.map((row) => differences(entry, row, at));
    if (tries.some((found) => found.length === 0)) return [];
    const nearest = tries.sort((a, b) => a.length - b.length)[0] ?? ['the list is empty'];
    return [`${at} has no ${shown(entry)}: ${nearest.join('; ')}`];
  });
}

function idsOf(ids, actual, at) {
  const found = (actual ?? []).map((row) => row.id);
  return same(JSON.stringify(ids), JSON.stringify(found)) ? [] : [`${at} are ${shown(found)}, not ${shown(ids)}`];
}

const shown = (value) => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};
