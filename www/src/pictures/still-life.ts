import { ink, lit, shaded } from './palette';
import { round, shape } from './turned';

/** The small things that stand around: beans, leaves, steam, a handle, the bird on the label. */

export function bean(x: number, y: number, turn: number, size = 1): string {
  return (
    `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${size})">` +
    `<ellipse cx="3" cy="4" rx="15" ry="9" fill="#10283a" opacity=".25"/>` +
    `<ellipse rx="14" ry="9.5" fill="#5a3524"/><path d="M-14 0a14 9.5 0 0 1 28 0q-14 -6 -28 0z" fill="#7a4c33"/>` +
    `<path d="M-13 1q7 -6 13 -1t13 -1" fill="none" stroke="#2c1710" stroke-width="2.4"/></g>`
  );
}

export function leaf(x: number, y: number, turn: number, colour: string, size = 1): string {
  return (
    `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${size})">` +
    `<path d="M-18 0q16 -15 36 0q-20 13 -36 0z" fill="${colour}"/>` +
    `<path d="M-18 0q18 3 36 0q-20 13 -36 0z" fill="${shaded(colour, 0.22)}"/>` +
    `<path d="M-24 1q20 -1 40 -1" fill="none" stroke="${lit(colour, 0.4)}" stroke-width="1.6"/></g>`
  );
}

/** A heap of rolled leaf, drawn as short strokes in three tones. */
export function heap(cx: number, y: number, width: number, colour: string): string {
  const tones = [shaded(colour, 0.25), colour, lit(colour, 0.25)];
  let strokes = `<ellipse cx="${cx + 6}" cy="${y + 4}" rx="${round(width * 0.62)}" ry="${round(width * 0.14)}" fill="#10283a" opacity=".22"/>`;
  strokes += shape(
    `M${round(cx - width / 2)} ${y + 3}q${round(width * 0.2)} ${round(-width * 0.12)} ${round(width * 0.42)} ${round(-width * 0.25)}q${round(width * 0.22)} ${round(width * 0.02)} ${round(width * 0.58)} ${round(width * 0.25)}q${round(-width * 0.5)} ${round(width * 0.14)} ${round(-width)} 0z`,
    shaded(colour, 0.15),
  );
  // A fixed low-discrepancy walk instead of randomness: the same heap on every screen.
  for (let i = 0; i < 34; i++) {
    const across = ((i * 0.618034) % 1) - 0.5;
    const up = (i * 0.381966) % 1;
    const room = (0.5 - Math.abs(across)) * 2;
    const x = cx + across * width;
    const height = y + 5 - up * room * width * 0.26;
    const bend = ((i * 7) % 11) - 5;
    strokes += `<path d="M${round(x - 6)} ${round(height + bend * 0.5)}q6 ${bend} 12 ${-bend * 0.4}" fill="none" stroke="${tones[i % 3]}" stroke-width="3.2" stroke-linecap="round"/>`;
  }
  return strokes;
}

export function steam(x: number, y: number, size = 1): string {
  const wisp = (dx: number, dy: number, opacity: number) =>
    `<path d="M${dx} ${dy}c-14 -18 12 -26 0 -46c-10 -16 8 -24 2 -40" fill="none" stroke="#fffcf3" stroke-width="7" stroke-linecap="round" opacity="${opacity}"/>`;
  return `<g transform="translate(${x} ${y}) scale(${size})">${wisp(-16, 0, 0.55)}${wisp(10, 6, 0.75)}</g>`;
}

/** A bent rod of round section: handles, spouts, wire. */
export function rod(d: string, width: number, colour: string, cap: 'round' | 'butt' = 'round'): string {
  const stroke = (tone: string, thickness: number, dx: number, dy: number) =>
    `<path d="${d}" fill="none" stroke="${tone}" stroke-width="${round(thickness)}" stroke-linecap="${cap}" stroke-linejoin="round" transform="translate(${round(dx)} ${round(dy)})"/>`;
  return (
    stroke(shaded(colour, 0.26), width, 0, 0) +
    stroke(colour, width * 0.68, -width * 0.13, -width * 0.13) +
    stroke(lit(colour, 0.45), width * 0.18, -width * 0.24, -width * 0.24)
  );
}

/** The shop's bird, an Arctic tern, centred on 0,0 and about 100 wide. */
export const ternPath =
  'M-50 -6C-36 -18 -20 -17 -8 -5C-2 -24 16 -40 48 -44C33 -32 22 -18 15 -2C22 3 29 11 33 22L17 13L12 30C9 19 4 12 -4 9C-14 11 -24 8 -32 1C-38 -3 -44 -4 -50 -6Z';

export const tern = (x: number, y: number, scale: number, colour: string) =>
  `<path d="${ternPath}" fill="${colour}" transform="translate(${x} ${y}) scale(${scale})"/>`;

/** The bird lying flat on a lid. */
export const ternOnLid = (x: number, y: number, scale: number, colour: string) =>
  `<path d="${ternPath}" fill="${colour}" transform="translate(${x} ${y}) scale(${scale} ${round(scale * 0.18 * 100) / 100})"/>`;

export const dots = (points: readonly (readonly [number, number])[], r: number, fill: string) =>
  points.map(([x, y]) => `<circle cx="${round(x)}" cy="${round(y)}" r="${r}" fill="${fill}"/>`).join('');

/** Lines that stand for the small print of a label. */
export const print = (x: number, y: number, widths: readonly number[], colour: string, gap = 9) =>
  widths
    .map(
      (width, i) => `<path d="M${round(x - width / 2)} ${round(y + i * gap)}h${round(width)}" stroke="${colour}" stroke-width="3.4" stroke-linecap="round"/>`,
    )
    .join('');

/** A leather or paper tag on a string. */
export function tag(x: number, y: number, colour: string): string {
  return (
    `<path d="M${x} ${y}l14 10v34h-28v-34z" fill="${colour}"/><path d="M${x} ${y}l14 10v34h-9v-40z" fill="${shaded(colour, 0.14)}"/>` +
    `<circle cx="${x}" cy="${y + 12}" r="3" fill="${ink.night}" opacity=".6"/>` +
    print(x, y + 25, [16, 11], shaded(colour, 0.5), 8)
  );
}
