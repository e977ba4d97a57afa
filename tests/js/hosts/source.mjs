// A server that hands out snapshots as servers do: well, badly, slowly, or not at all.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const TYPES = { '': 'text/html', js: 'text/javascript', wasm: 'application/wasm' };

/** Serves `/snapshot` and `/mirror`, each as it is told, and every other file through `read`. */
export async function serveSource(read) {
  const asked = [];
  const serves = {};
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, 'http://localhost').pathname.slice(1);
    if (name in serves) {
      asked.push({ name, etag: request.headers['if-none-match'] });
      return void serves[name](response, request);
    }
    try {
      const body = await read(name);
      response.writeHead(200, { 'content-type': TYPES[name.split('.').pop()] ?? 'application/octet-stream' }).end(body);
    } catch (error) {
      response.writeHead(404).end(`${error.message}\n`);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** What `/snapshot` and `/mirror` were asked for, in order. */
    asked,
    /** From now on `/name` behaves so. */
    serve: (name, behaviour) => void (serves[name] = behaviour),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** As it should be: with a tag, and nothing but a word to who has it already. */
export function good(bytes) {
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  return (response, request) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag, 'content-length': bytes.length }).end(bytes);
  };
}

/** A captive portal's page, in place of what was asked for. */
export const html = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');

/** Takes the request and says nothing. */
export const hanging = () => {};

/** Sends a byte now and then, and never gets to the end. */
export const trickling = (bytes) => (response) => {
  response.writeHead(200, { 'content-length': bytes.length });
  let sent = 0;
  const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(bytes.subarray(sent, ++sent))), 20);
};

/** Hangs up in the middle of what it announced. */
export const cutOff = (bytes) => (response) => {
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
};

/** Says it is too busy, and for how many seconds. */
export const busy = (seconds) => (response) => response.writeHead(503, { 'retry-after': seconds }).end();

/** Announces more than anybody should read. */
export const announcingTooMuch = (length) => (response) => response.writeHead(200, { 'content-length': length }).flushHeaders();

/** Sends without an end. */
export const endless = (response) => {
  response.writeHead(200);
  const chunk = Buffer.alloc(65_536);
  const pour = () => response.destroyed || response.write(chunk, () => setImmediate(pour));
  pour();
};

/** Has a fault of its own. */
export const broken = (response) => response.writeHead(500).end();

/** Hangs up. A browser may ask again by itself. */
export const dead = (response) => response.destroy();
