// JSON that a page shows beside JSON that was answered. `…` stands for what nobody can know beforehand: an id, a hash, a token.
import assert from 'node:assert/strict';

/** Moments are UTC milliseconds: those of a page are of the day on which it was written. */
const isMoment = (value) => Number.isInteger(value) && value > 1_600_000_000_000 && value < 4_000_000_000_000;

/** Asserts that all that a page shows was answered; with `whole`, that nothing else was. */
export function assertShows(answered, shown, at, { whole = false } = {}) {
  if (typeof shown === 'string' && shown.includes('…')) {
    const [begin, end] = shown.split('…');
    assert.ok(typeof answered === 'string' && answered.startsWith(begin) && answered.endsWith(end), `${at}: ${shown} is not ${answered}`);
  } else if (isMoment(shown)) {
    assert.ok(isMoment(answered), `${at}: ${answered} is no moment`);
  } else if (Array.isArray(shown)) {
    assert.equal(answered?.length, shown.length, `${at}: ${JSON.stringify(answered)}`);
    for (const [index, part] of shown.entries()) assertShows(answered[index], part, `${at}/${index}`, { whole });
  } else if (shown !== null && typeof shown === 'object') {
    assert.equal(typeof answered, 'object', at);
    for (const [name, part] of Object.entries(shown)) assertShows(answered[name], part, `${at}/${name}`, { whole });
    if (whole) assert.deepEqual(Object.keys(answered).toSorted(), Object.keys(shown).toSorted(), `${at}: members`);
  } else {
    assert.deepEqual(answered, shown, at);
  }
}
