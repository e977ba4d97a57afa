import assert from 'node:assert/strict';
import { test } from 'node:test';

/** Makes findings of a suite into tests: one per corpus file or attack, all its failures told. */
export function report(suite, findings) {
  test(`${suite} has been run`, () => assert.ok(findings.length > 20, `only ${findings.length} findings`));
  for (const { name, count, failures } of findings) {
    test(`${suite} ${name} (${count})`, () => {
      if (failures.length > 0) assert.fail(`${failures.length} failures\n${failures.join('\n')}`);
    });
  }
}
