/** What is on the page, in the part of its address that no server sees. */

export interface Sheets {
  campaigns: string;
  cart: string;
}

const piped = async (bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());

const toText = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

const toBytes = (text: string) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));

/** The fragment that carries the sheets. */
export async function written(sheets: Sheets): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([sheets.campaigns, sheets.cart]));
  return `#s=${toText(await piped(bytes, new CompressionStream('deflate-raw')))}`;
}

/** The sheets that a fragment carries; nothing where it carries none, or was cut off. */
export async function read(fragment: string): Promise<Sheets | undefined> {
  const text = new URLSearchParams(fragment.slice(1)).get('s');
  if (text === null) return undefined;
  try {
    const bytes = await piped(toBytes(text), new DecompressionStream('deflate-raw'));
    const [campaigns, cart] = JSON.parse(new TextDecoder().decode(bytes)) as unknown[];
    return typeof campaigns === 'string' && typeof cart === 'string' ? { campaigns, cart } : undefined;
  } catch {
    return undefined;
  }
}
