import { lit, shaded } from './palette';

export type Finish = 'matte' | 'glaze' | 'metal';
type Point = readonly [radius: number, y: number];

export const round = (value: number) => Math.round(value * 10) / 10;
const pair = (x: number, y: number) => `${round(x)} ${round(y)}`;

/**
 * The outline of something made on a wheel or a lathe, from top to bottom: `[radius, y]` for a straight piece,
 * `[r1, y1, r2, y2, radius, y]` for a Bézier piece.
 */
export function profile(start: Point, ...pieces: number[][]): Point[] {
  const points: Point[] = [start];
  for (const piece of pieces) {
    const [r0, y0] = points[points.length - 1]!;
    const [a, b, c, d, e, f] = piece as [number, number, number, number, number, number];
    if (piece.length === 2) {
      points.push([a, b]);
      continue;
    }
    for (let step = 1; step <= 14; step++) {
      const t = step / 14;
      const u = 1 - t;
      const bend = (p0: number, p1: number, p2: number, p3: number) => u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3;
      points.push([bend(r0, a, c, e), bend(y0, b, d, f)]);
    }
  }
  return points;
}

/** A body of revolution seen slightly from above: labels, bands and shade follow its roundness exactly. */
export class Turned {
  constructor(
    readonly cx: number,
    readonly points: readonly Point[],
    readonly tilt = 0.14,
  ) {}

  get top() {
    return this.points[0]![1];
  }

  get bottom() {
    return this.points[this.points.length - 1]![1];
  }

  radius(y: number): number {
    for (let i = 1; i < this.points.length; i++) {
      const [r0, y0] = this.points[i - 1]!;
      const [r1, y1] = this.points[i]!;
      if (y <= y1) return y1 === y0 ? r1 : r0 + ((r1 - r0) * (y - y0)) / (y1 - y0);
    }
    return this.points[this.points.length - 1]![0];
  }

  /** The line on the surface at `k` (-1 left edge, 0 facing us, 1 right edge) between two heights. */
  private meridian(k: number, from: number, to: number): string[] {
    const drop = this.tilt * Math.sqrt(Math.max(0, 1 - k * k));
    const inside = this.points.filter(([, y]) => y > from && y < to);
    const line: Point[] = [[this.radius(from), from], ...inside, [this.radius(to), to]];
    return line.map(([r, y]) => pair(this.cx + k * r, y + drop * r));
  }

  /** The piece of the surface between two meridians and two heights. */
  band(left: number, right: number, from = this.top, to = this.bottom): string {
    const down = this.meridian(left, from, to);
    const up = this.meridian(right, from, to).reverse();
    const arc = (y: number, sweep: 0 | 1, end: string) => `A${pair(this.radius(y), this.radius(y) * this.tilt)} 0 0 ${sweep} ${end}`;
    return `M${down.join('L')}${arc(to, 0, up[0]!)}L${up.join('L')}${arc(from, 1, down[0]!)}Z`;
  }

  /** Everything we see of it, the far rim included. */
  silhouette(): string {
    const down = this.meridian(-1, this.top, this.bottom);
    const up = this.meridian(1, this.top, this.bottom).reverse();
    const arc = (y: number, end: string) => `A${pair(this.radius(y), this.radius(y) * this.tilt)} 0 0 0 ${end}`;
    return `M${down.join('L')}${arc(this.bottom, up[0]!)}L${up.join('L')}${arc(this.top, down[0]!)}Z`;
  }

  /** The circle at a height, `scale` times the radius there. */
  circle(y: number, fill: string, scale = 1): string {
    const r = this.radius(y) * scale;
    return `<ellipse cx="${this.cx}" cy="${round(y)}" rx="${round(r)}" ry="${round(r * this.tilt)}" fill="${fill}"/>`;
  }
}

const bands: Record<Finish, [left: number, right: number, tone: (colour: string) => string][]> = {
  matte: [
    [-1, -0.5, (c) => lit(c, 0.16)],
    [0.28, 0.68, (c) => shaded(c, 0.13)],
    [0.68, 1, (c) => shaded(c, 0.27)],
  ],
  glaze: [
    [-1, -0.78, (c) => lit(c, 0.12)],
    [0.28, 0.68, (c) => shaded(c, 0.13)],
    [0.68, 1, (c) => shaded(c, 0.27)],
  ],
  metal: [
    [-1, -0.84, (c) => shaded(c, 0.24)],
    [-0.72, -0.36, (c) => lit(c, 0.68)],
    [-0.1, 0.2, (c) => shaded(c, 0.1)],
    [0.34, 0.66, (c) => shaded(c, 0.34)],
    [0.66, 0.8, (c) => lit(c, 0.22)],
    [0.8, 1, (c) => shaded(c, 0.45)],
  ],
};

export const shape = (d: string, fill: string, more = '') => `<path d="${d}" fill="${fill}"${more && ` ${more}`}/>`;

/** The surface between two heights in one colour, in the shop's light. */
export function coat(body: Turned, colour: string, finish: Finish, from = body.top, to = body.bottom): string {
  const tones = bands[finish].map(([left, right, tone]) => shape(body.band(left, right, from, to), tone(colour)));
  return shape(body.band(-1, 1, from, to), colour) + tones.join('');
}

/** The whole body in one colour; a glaze gets its window-shaped reflection. */
export function paint(body: Turned, colour: string, finish: Finish = 'matte'): string {
  const height = body.bottom - body.top;
  const gloss =
    finish === 'glaze'
      ? shape(body.band(-0.66, -0.5, body.top + height * 0.14, body.top + height * 0.72), lit(colour, 0.62)) +
        shape(body.band(-0.44, -0.38, body.top + height * 0.14, body.top + height * 0.72), lit(colour, 0.42))
      : '';
  return shape(body.silhouette(), colour) + coat(body, colour, finish) + gloss;
}

/** The open mouth of a vessel: rim, inner wall and what it is filled with. */
export function mouth(body: Turned, wall: string, filling?: string, depth = 0.5): string {
  const r = body.radius(body.top);
  const id = `mouth-${round(body.cx)}-${round(body.top)}`;
  const inner = r * 0.93;
  const ellipse = (cy: number, rx: number, fill: string) =>
    `<ellipse cx="${body.cx}" cy="${round(cy)}" rx="${round(rx)}" ry="${round(rx * body.tilt)}" fill="${fill}"/>`;
  const level = body.top + inner * body.tilt * depth;
  return (
    ellipse(body.top, r, lit(wall, 0.35)) +
    `<clipPath id="${id}">${ellipse(body.top, inner, '#000')}</clipPath>` +
    `<g clip-path="url(#${id})">` +
    ellipse(body.top, inner, shaded(wall, 0.3)) +
    ellipse(body.top - 4, inner * 0.9, shaded(wall, 0.18)) +
    (filling ? ellipse(level, inner, filling) + ellipse(level + 3, inner * 0.8, lit(filling, 0.14)) : '') +
    '</g>'
  );
}
