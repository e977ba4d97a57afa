// A worker on workerd with projects of Voucherify's kind, and plain HTTP calls to one of them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorker } from '../../../worker/local.mjs';

export const SHOP = 'https://shop.example';

/** Keys of a project for tests; its pages may do everything that a project can open to them. */
export const keysOf = (id) => ({
  id,
  appId: `${id}-app`,
  appToken: `${id}-token`,
  clientAppId: `${id}-client`,
  clientToken: `${id}-client-token`,
  managementId: `${id}-management`,
  managementToken: `${id}-management-token`,
  origins: [SHOP],
  clientSide: ['redemptions', 'publications', 'vouchers', 'customers', 'events'],
});

/** A worker of its own with these projects; its clock is the callers'. */
export async function startProjects(projects, settings = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'counterfoil-voucherify-'));
  const assets = join(dir, 'www');
  await mkdir(assets);
  await writeFile(join(assets, 'index.html'), '<!doctype html><title>shop</title>');
  const logged = [];
  const onLog = (line) => logged.push(JSON.parse(line));
  const start = async () => {
    const worker = await startWorker({ stateDir: dir, assets, voucherify: projects, testClock: true, onLog, ...settings });
    const stop = async () => {
      await worker.stop();
      await rm(dir, { recursive: true, force: true });
    };
    /** The worker goes and comes again; what it kept on disk stays. */
    const restart = async () => {
      await worker.stop();
      return start();
    };
    return { ...worker, stop, restart, logged };
  };
  return start();
}

const HEADERS = [
  ['/client/', (keys) => ({ 'x-client-application-id': keys.clientAppId, 'x-client-token': keys.clientToken, origin: SHOP })],
  ['/management/', (keys) => ({ 'x-management-id': keys.managementId, 'x-management-token': keys.managementToken })],
  ['/', (keys) => ({ 'x-app-id': keys.appId, 'x-app-token': keys.appToken })],
];

/** Calls one project; `now` (ISO) is the time of every call until it is changed. */
export function projectAt(url, keys) {
  const project = {
    now: undefined,
    id: keys.id,
    /** The answer as `{ status, headers, body }`, whatever its status. */
    async call(method, path, body, headers = {}) {
      const [, keyed] = HEADERS.find(([base]) => path.startsWith(base));
      const clock = project.now === undefined ? {} : { 'x-counterfoil-now': project.now };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(url + path, { method, headers: { ...keyed(keys), ...clock, ...headers }, ...sent });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
    /** The body of an answer that must be a success. */
    async must(method, path, body) {
      const answer = await project.call(method, path, body);
      if (answer.status >= 300) {
        throw new Error(`${method} ${path} was refused: ${answer.status} ${JSON.stringify(answer.body)} for ${JSON.stringify(body)}`);
      }
      return answer.body;
    },
  };
  return project;
}
