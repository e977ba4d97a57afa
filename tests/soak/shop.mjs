// A worker in a process group of its own, so that it can be killed as a machine dies: at once, without a word.
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('server.mjs', import.meta.url));

export const ADMIN_TOKEN = 'soak-admin';

/** In milliseconds; a worker that has not started by then hangs. */
const LONGEST_START = 60_000;

/** @param settings those of `startWorker`, in `stateDir` */
export async function openShop(settings) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child;
  let gone;
  const start = async () => {
    child = spawn(process.execPath, [server, JSON.stringify({ ...settings, port, adminToken: ADMIN_TOKEN })], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    gone = new Promise((resolve) => child.once('exit', resolve));
    const ready = new Promise((resolve) => createInterface({ input: child.stdout }).once('line', () => resolve('ready')));
    const late = new AbortController();
    const became = await Promise.race([
      ready,
      gone.then((code) => `ended with ${code}`),
      sleep(LONGEST_START, `has not started after ${LONGEST_START / 1_000} s`, { signal: late.signal }),
    ]);
    late.abort();
    if (became !== 'ready') throw new Error(`the worker ${became}`);
  };
  const kill = async () => {
    try {
      // the group: workerd and what started it
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
    await gone;
    // workerd dies a moment after what started it, and has the port until then
    for (let left = 200; left > 0 && (await listens(port)); left -= 1) await sleep(50);
  };
  await start();
  return {
    url,
    kill,
    restart: async () => {
      await kill();
      await start();
    },
  };
}

/** Whether somebody takes calls at this port. */
function listens(port) {
  return new Promise((resolve) => {
    const call = connect(port, '127.0.0.1', () => call.destroy() && resolve(true));
    call.once('error', () => resolve(false));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
