/** The tags of a condition, with their quotation marks; a cache or a compression on the way may have marked them weak. */
export function tagsIn(header: string): string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}

/** Whether the caller already holds this tag, by its If-None-Match. */
export function holds(header: string | undefined, etag: string): boolean {
  return header !== undefined && tagsIn(header).includes(etag);
}

/** The length is given so that HEAD tells it too. */
export function asBytes(bytes: ArrayBuffer): Record<string, string> {
  return { 'content-type': 'application/octet-stream', 'content-length': String(bytes.byteLength) };
}
