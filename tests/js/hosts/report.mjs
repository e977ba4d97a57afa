import assert from 'node:assert/strict';
import { test } from 'node:test';

/**
 * Makes findings into tests: one per corpus file or attack, all its failures told.
 *
 * @param {Record<string, { name: string, count: number, failures: string[] }[]>} suites
 */
export function report(suites) {
  for (const [suite, findings] of Object.entries(suites)) {
    test(`${suite}: all of it was run`, () => assert.ok(findings.length > 20, `only ${findings.length} findings`));
    for (const { name, count, failures } of findings) {
      test(`${suite}: ${name} (${count})`, () => {
        if (failures.length > 0) assert.fail(`${failures.length} failures\n${failures.join('\n')}`);
      });
    }
  }
}
