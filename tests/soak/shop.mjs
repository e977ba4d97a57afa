// A worker in a process group of its own, so that it can be killed as a machine dies: at once, without a word.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('server.mjs', import.meta.url));

export const ADMIN_TOKEN = 'soak-admin';

/** @param settings those of `startWorker`, in `stateDir` */
export async function openShop(settings) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child;
  const start = async () => {
    child = spawn(process.execPath, [server, JSON.stringify({ ...settings, port, adminToken: ADMIN_TOKEN })], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const exited = new Promise((_, reject) => child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`))));
    const ready = new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
    exited.catch(() => {});
    await Promise.race([ready, exited]);
  };
  const kill = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // the group: workerd and what started it
    process.kill(-child.pid, 'SIGKILL');
    await gone;
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

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
