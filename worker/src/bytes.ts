/** Whether the caller already holds this tag, by its If-None-Match; a cache on the way may have marked it weak. */
export function holds(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}

/** The length is given so that HEAD tells it too. */
export function asBytes(bytes: ArrayBuffer): Record<string, string> {
  return { 'content-type': 'application/octet-stream', 'content-length': String(bytes.byteLength) };
}
