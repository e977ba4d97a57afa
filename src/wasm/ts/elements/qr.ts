// QR codes, apart from the elements: only a page that shows one fetches it.

import { correction, generate } from 'lean-qr';

/** A text as a QR code: how many modules a side has, and the path of the dark ones. */
export function squareOf(text: string): { size: number; path: string } {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const rows: string[] = [];
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) rows.push(`M${x} ${y}h1v1h-1z`);
  }
  return { size: code.size, path: rows.join('') };
}
