// Many clients at once that do what clients do: lose patience, lose their connection, and try again under the same key.
import { setTimeout as sleep } from 'node:timers/promises';

/** Numbers that look random, the same ones for the same seed. */
export function randomBy(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** How long an attempt is repeated, in milliseconds: many times what a worker needs to come back. */
const LONGEST = 90_000;

/**
 * Sends every attempt until it is answered for good: 2xx or 4xx.
 *
 * @param {{ path: string, body: object, key: string }[]} attempts
 * @param {{ signal?: AbortSignal }} options `signal` ends it all, as when the worker cannot come back
 * @returns {Promise<{ status: number, body: object }[]>} in the order of the attempts
 */
export async function sendAll(url, token, attempts, { clients, random, onAnswer, signal }) {
  const answers = new Array(attempts.length);
  let next = 0;
  const client = async () => {
    while (next < attempts.length) {
      const index = next;
      next += 1;
      // every tenth gives up after a few milliseconds, not knowing what became of it
      const patience = index % 10 === 0 ? random(40) : undefined;
      answers[index] = await send(url, token, attempts[index], { patience, signal });
      onAnswer?.(index);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return answers;
}

/** @param {{ patience?: number, signal?: AbortSignal }} options `patience` in milliseconds is that of the first try */
export async function send(url, token, { method = 'POST', path, body, key }, { patience, signal } = {}) {
  const until = Date.now() + LONGEST;
  let last;
  for (let impatient = patience !== undefined; Date.now() < until; impatient = false) {
    signal?.throwIfAborted();
    // not AbortSignal.timeout: nothing holds on to that one but the request, and a collected one never rings
    const losing = new AbortController();
    const timer = setTimeout(() => losing.abort(), impatient ? patience + 1 : 30_000);
    try {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
        body: JSON.stringify(body),
        signal: losing.signal,
      });
      const answer = await response.json();
      if (response.status < 500) return { status: response.status, body: answer };
      last = `${response.status} ${JSON.stringify(answer)}`;
    } catch (error) {
      // lost on the way there or on the way back: the caller cannot know
      last = error.cause?.code ?? error.message;
    } finally {
      clearTimeout(timer);
    }
    await sleep(impatient ? 0 : 100);
  }
  throw new Error(`${method} ${path} has no answer after ${LONGEST / 1_000} s; the last was: ${last}`);
}
