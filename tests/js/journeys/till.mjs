// The shop's own server: hands the page its files and the offers, and asks the worker with the token that pages never see.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../hosts/files.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const TYPES = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript', json: 'application/json', wasm: 'application/wasm' };

/** @param worker as `localWorker` gives it; the journey that is under way is set as `journey` of what is answered */
export async function openTill(worker) {
  const till = { journey: undefined };
  const answers = {
    '/journey': ({ page }) => Response.json(page),
    '/snapshot': () => worker.at('/snapshot'),
    '/keyring.json': () => worker.at('/keyring.json'),
    '/till/quote': (journey, request) => {
      // a token tells what is charged, and not of what: the cart goes beside it
      journey.asked = request;
      return worker.at('/quote/signed', { method: 'POST', body: JSON.stringify(request) });
    },
    '/till/order': async (journey, { token }) => {
      const { name, customer, earn, asked } = journey;
      const body = { token, request: asked, order: name, confirm: true, ...(customer && { customer }), ...(earn && { earn }) };
      const answer = await worker.post('/redemptions', body, { key: `order/${name}` });
      if (answer.ok) journey.redemption = (await answer.clone().json()).id;
      return answer;
    },
    '/till/back': ({ name, redemption, claimed, account }) =>
      claimed
        ? worker.post(`/accounts/${account}/rollback`, { reservation: claimed }, { key: `back/${name}` })
        : worker.post(`/redemptions/${redemption}/rollback`, {}, { key: `back/${name}` }),
    '/till/account': async ({ account }) => {
      const answer = await worker.get(`/accounts/${account}`);
      return answer.status === 404 ? Response.json({ available: 0 }) : answer;
    },
    '/till/claim': async (journey, { reward }) => {
      const { name, account } = journey;
      const answer = await worker.post(`/accounts/${account}/claims`, { reward }, { key: `claim/${name}` });
      if (answer.ok) journey.claimed = (await answer.clone().json()).reservation;
      return answer;
    },
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    try {
      const chunks = await request.toArray();
      const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
      const answer = await answers[pathname]?.(till.journey, body);
      if (answer) {
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
        return response.end(Buffer.from(await answer.arrayBuffer()));
      }
      const file = pathname.startsWith('/counterfoil/') ? join(packageFolder, pathname.slice('/counterfoil'.length)) : join(here, pathname === '/' ? 'page.html' : pathname);
      const bytes = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[file.split('.').pop()] ?? 'application/octet-stream' }).end(bytes);
    } catch (error) {
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ message: error.message }));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  till.url = `http://127.0.0.1:${server.address().port}/`;
  till.stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return till;
}
