import type { Diagnostic } from './error.js';

/** What a source was asked for, and how much of its patience and memory the host lends it. */
export interface Limits {
  /** The most bytes that are read; a longer answer is broken off. */
  maxBytes: number;
  /** The whole download, in milliseconds. */
  timeout: number;
  /** Sent with the request. */
  headers?: Readonly<Record<string, string>>;
}

/** What a source answered. */
export type Download = { unchanged: true } | { unchanged: false; bytes: Uint8Array<ArrayBuffer>; etag: string | undefined };

/** What a host has already. */
export interface Known {
  /** The snapshot that is kept. */
  bytes?: Uint8Array | undefined;
  /** The root documents as far as they are known. */
  root?: Uint8Array | undefined;
}

/** A source that gave nothing to open. */
export class SourceFailed extends Error {
  readonly diagnostic: Diagnostic;
  /** How long the source asks to be left alone, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(code: string, message: string, help: string, params: Record<string, number | string>, retryAfter?: number, cause?: unknown) {
    super(message, { cause });
    this.diagnostic = { code, severity: 'error', message, help, params, fixBy: 'developer' };
    this.retryAfter = retryAfter;
  }
}

/** Fetches a snapshot, or learns that the one with `etag` is still the newest of this source. */
export async function download(source: string, etag: string | undefined, { maxBytes, timeout, headers }: Limits): Promise<Download> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    // no-store: the copy that is kept is verified anew at each visit, the browser's would only stand beside it
    const response = await fetch(source, { cache: 'no-store', signal: stop.signal, headers: { ...headers, ...(etag !== undefined && { 'if-none-match': etag }) } });
    if (response.status === 304 && etag !== undefined) return { unchanged: true };
    if (!response.ok) throw refused(source, response);
    const announced = Number(response.headers.get('content-length'));
    if (announced > maxBytes) throw tooLarge(source, announced, maxBytes);
    return { unchanged: false, bytes: await read(source, response, announced, maxBytes), etag: response.headers.get('etag') ?? undefined };
  } catch (error) {
    const slow = stop.signal.aborted;
    // what is left of the answer is not waited for
    stop.abort();
    if (error instanceof SourceFailed) throw error;
    throw slow ? tooSlow(source, timeout) : unreachable(source, error);
  } finally {
    clearTimeout(timer);
  }
}

/** The body, in one piece of memory from the first byte on where it is as long as announced. */
async function read(source: string, response: Response, announced: number, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(Math.min(announced > 0 ? announced : 65_536, maxBytes));
  let length = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    const at = length;
    length += next.value.length;
    if (length > maxBytes) throw tooLarge(source, length, maxBytes);
    if (length > bytes.length) {
      const larger = new Uint8Array(Math.min(Math.max(length, 2 * at), maxBytes));
      larger.set(bytes);
      bytes = larger;
    }
    bytes.set(next.value, at);
  }
  return length < bytes.length ? bytes.slice(0, length) : bytes;
}

function refused(source: string, response: Response): SourceFailed {
  const { status } = response;
  const wait = retryAfter(response.headers.get('retry-after'));
  return new SourceFailed('source_refused', `${source} answered ${status}`, 'look at what the address serves', { source, status }, wait);
}

/** Seconds, or a date of HTTP; in milliseconds from now. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return wait > 0 ? wait : undefined;
}

export function tooLarge(source: string, actual: number, limit: number): SourceFailed {
  const help = 'publish less, or raise maxBytes if the address is right';
  return new SourceFailed('snapshot_too_large', `${source} sends more than ${limit} bytes`, help, { source, actual, limit });
}

function tooSlow(source: string, timeout: number): SourceFailed {
  const help = 'nothing needs to be done if it passes; otherwise give another source';
  return new SourceFailed('source_too_slow', `${source} was not done after ${timeout} ms`, help, { source, timeout });
}

function unreachable(source: string, cause: unknown): SourceFailed {
  const help = 'nothing needs to be done if it passes; otherwise check the address, and that the server allows this origin';
  return new SourceFailed('source_unreachable', `${source} cannot be reached`, help, { source }, undefined, cause);
}
