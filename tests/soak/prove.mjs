// Nothing lost, nothing twice, no limit passed: many clients at once on one worker that dies again and again.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';
import { newSigner } from '../js/signer.mjs';
import { randomBy, send, sendAll } from './clients.mjs';
import { memoryFolder } from './memory_folder.mjs';
import { ADMIN_TOKEN, openShop } from './shop.mjs';
import * as trials from './trials.mjs';

/** Answers that are asked for once more in the end. */
const ASKED_AGAIN = 100;

/**
 * @param {{ attempts: number, limit: number, clients: number, kills: number, seed: number }} size
 * @param {{ tell?: (line: string) => void, signal?: AbortSignal }} options `signal` ends it early
 * @returns {Promise<string>} what was seen
 */
export async function prove(trial, { attempts: count, limit, clients, kills, seed }, { tell = () => {}, signal } = {}) {
  const random = randomBy(seed);
  const dir = await mkdtemp(join(memoryFolder(), 'counterfoil-soak-'));
  const signer = await newSigner();
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>shop</title>');
  const shop = await openShop({ keyRing: signer.keyRing, checkoutToken: 'soak', customerKey: '0b'.repeat(32), stateDir: join(dir, 'state'), assets: join(dir, 'www') });
  try {
    const authorization = `Bearer ${ADMIN_TOKEN}`;
    const published = await fetch(`${shop.url}/admin/snapshot`, { method: 'PUT', headers: { authorization }, body: await signer.snapshot(trial.document({ limit }), 1) });
    assert.equal(published.status, 201, await published.text());
    for (const first of trial.prepare?.({ limit }) ?? []) assert.equal((await send(shop.url, ADMIN_TOKEN, first)).status, 200);

    const attempts = Array.from({ length: count }, (_, index) => ({ ...trial.attempt(index, random) }));
    const moments = Array.from({ length: kills }, () => 1 + random(Math.max(1, count - clients))).sort((a, b) => a - b);
    let answered = 0;
    let dying = Promise.resolve();
    const over = new AbortController();
    signal?.addEventListener('abort', () => over.abort(signal.reason));
    const start = Date.now();
    const answers = await sendAll(shop.url, ADMIN_TOKEN, attempts, {
      clients,
      random,
      signal: over.signal,
      onAnswer: () => {
        answered += 1;
        if (answered >= (moments[0] ?? Infinity)) {
          moments.shift();
          dying = dying.then(() => shop.restart()).catch((error) => over.abort(error));
        }
        if (answered % 500 === 0) tell(`${trial.name}: ${answered} of ${count} answered, ${kills - moments.length} of ${kills} kills`);
      },
    });
    await dying;
    over.signal.throwIfAborted();
    const seconds = (Date.now() - start) / 1_000;

    const get = async (path) => (await fetch(shop.url + path, { headers: { authorization } })).json();
    const seen = await trial.judge({ answers, attempts, limit, get });
    for (let asked = 0; asked < Math.min(ASKED_AGAIN, count); asked += 1) {
      const index = random(count);
      assert.deepEqual(await send(shop.url, ADMIN_TOKEN, attempts[index]), answers[index], `attempt ${index} is answered as the first time`);
    }
    return `${seen}; ${count} attempts by ${clients} clients, ${kills} kills, ${seconds.toFixed(0)} s`;
  } finally {
    await shop.kill();
    await rm(dir, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(argv[1]).href) {
  const { only = [], ...size } = JSON.parse(argv[2]);
  const wanted = Object.values(trials).filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)));
  const progress = (line) => stdout.isTTY ? stdout.write(`\r${line}\u001b[K`) : console.log(line);
  for (const trial of wanted) {
    const seen = await prove(trial, size, { tell: progress });
    console.log(`${stdout.isTTY ? '\r\u001b[K' : ''}ok  ${trial.name}: ${seen}`);
  }
}
