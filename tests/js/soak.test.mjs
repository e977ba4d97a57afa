// A slice of `cargo xtask prove-worker`: clients that give up and try again, on a worker that is killed meanwhile.
import { test } from 'node:test';
import { prove } from '../soak/prove.mjs';
import * as trials from '../soak/trials.mjs';

const SLICE = { attempts: 240, limit: 30, clients: 24, kills: 2, seed: 11 };

for (const trial of Object.values(trials)) {
  test(`${trial.name}: nothing lost, nothing twice, no limit passed`, { timeout: 240_000 }, async (context) => {
    context.diagnostic(await prove(trial, SLICE, { signal: context.signal }));
  });
}
