// A real browser, and a server of plain files for its pages.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const TYPES = {
  '': 'text/html',
  html: 'text/html',
  js: 'text/javascript',
  mjs: 'text/javascript',
  json: 'application/json',
  wasm: 'application/wasm',
  css: 'text/css',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/** Serves what `read` finds under a path; ends with the tests of this file. */
export async function serve(read) {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, 'http://localhost').pathname.slice(1);
    try {
      const body = await read(name);
      response.writeHead(200, { 'content-type': TYPES[name.split('.').pop()] ?? 'application/octet-stream' }).end(body);
    } catch (error) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`${error.message}\n`);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}/`, stop };
}

/** Starts Chromium; `CHROMIUM` names it, else it is found on PATH. */
export function launch(...more) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? onPath(), args: [...ARGUMENTS, ...more], timeout: 60_000 });
}

/** Opens a page; what it could not load or did not catch ends up in `complaints`. */
export async function openPage(browser, url) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`${error}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(url, { timeout: 60_000 });
  return { page, complaints };
}

function onPath() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // the next name
    }
  }
  throw new Error('Chromium is missing: install it, or set CHROMIUM to its path');
}
