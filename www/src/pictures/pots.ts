import { ink, lit, shaded } from './palette';
import { shadow } from './scene';
import { dots, rod, steam } from './still-life';
import { Turned, coat, mouth, paint, profile, round, shape } from './turned';

/** A squat iron pot with a hobnail coat. */
export function ironTeapot(colour: string): string {
  const body = new Turned(200, profile([52, 186], [104, 194, 122, 226, 122, 254], [122, 290, 96, 318, 64, 324]), 0.14);
  const lid = new Turned(200, profile([20, 164], [44, 168, 54, 176, 57, 186], [57, 192]), 0.16);
  const knob = new Turned(200, profile([7, 142], [15, 144, 15, 156, 7, 160], [8, 168]), 0.2);
  const nails: [number, number][] = [];
  for (let row = 0; row < 6; row++) {
    const y = 212 + row * 16;
    const r = body.radius(y);
    for (let step = -6; step <= 6; step++) {
      const angle = ((step + (row % 2) * 0.5) * Math.PI) / 14;
      nails.push([200 + r * Math.sin(angle), y + r * 0.14 * Math.cos(angle)]);
    }
  }
  return (
    shadow(200, 328, 100) +
    // The bail, upright
    `<path d="M104 208C96 60 304 60 296 208" fill="none" stroke="${shaded(colour, 0.4)}" stroke-width="11"/>` +
    `<path d="M103 208C95 60 303 60 295 208" fill="none" stroke="${lit(colour, 0.28)}" stroke-width="3.5" transform="translate(-2 -2)"/>` +
    `<path d="M160 104C184 96 216 96 240 104" fill="none" stroke="${ink.wood}" stroke-width="19" stroke-linecap="round"/><path d="M160 101C184 93 216 93 240 101" fill="none" stroke="${lit(ink.wood, 0.45)}" stroke-width="4" stroke-linecap="round"/>` +
    shape('M108 268C66 262 62 226 38 202L58 190C80 206 88 222 116 222Z', shaded(colour, 0.08)) +
    shape('M108 248C80 240 72 218 44 196L58 190C80 206 88 222 116 222Z', lit(colour, 0.2)) +
    `<ellipse cx="48" cy="196" rx="11" ry="5" transform="rotate(-30 48 196)" fill="${shaded(colour, 0.6)}"/>` +
    paint(body, colour) +
    dots(
      nails.map(([x, y]) => [x + 1.5, y + 1.5]),
      4.6,
      shaded(colour, 0.4),
    ) +
    dots(nails, 4.4, lit(colour, 0.1)) +
    dots(
      nails.map(([x, y]) => [x - 1.4, y - 1.4]),
      1.7,
      lit(colour, 0.45),
    ) +
    `<circle cx="104" cy="212" r="9" fill="${shaded(colour, 0.3)}"/><circle cx="296" cy="212" r="9" fill="${shaded(colour, 0.45)}"/>` +
    paint(lid, colour) +
    shape(lid.band(-1, 1, 186, 192), shaded(colour, 0.45)) +
    paint(knob, colour, 'glaze') +
    steam(34, 182, 0.6)
  );
}

/** A porcelain cone on its jug, mid-brew. */
export function dripper(colour: string): string {
  const cone = new Turned(192, profile([86, 124], [34, 214]), 0.16);
  const paper = new Turned(192, profile([84, 106], [70, 130]), 0.16);
  const flange = new Turned(192, profile([66, 212], [68, 213], [68, 219], [60, 222]), 0.16);
  const jug = new Turned(192, profile([46, 222], [46, 232], [52, 244, 72, 262, 72, 296], [72, 318, 66, 326, 58, 328]), 0.16);
  const brew = new Turned(192, profile([70, 280], [70, 298], [70, 318, 64, 324, 56, 325]), 0.16);
  const ribs = [-0.84, -0.56, -0.2, 0.2, 0.56, 0.84]
    .map((k) => shape(cone.band(k - 0.025, k + 0.025, 134, 210), shaded(colour, k > 0.3 ? 0.42 : 0.2)))
    .join('');
  return (
    shadow(192, 330, 72) +
    shape(jug.silhouette(), '#f3f8f4', 'opacity=".5"') +
    shape(brew.silhouette(), '#5a3220') +
    shape(brew.band(0.3, 1), '#371c11', 'opacity=".6"') +
    brew.circle(280, '#87512f') +
    `<path d="M192 226v52" stroke="#5a3220" stroke-width="3"/><ellipse cx="192" cy="291" rx="16" ry="3" fill="none" stroke="#b07b52" stroke-width="2"/>` +
    shape(jug.band(-0.8, -0.64, 250, 318), '#ffffff', 'opacity=".7"') +
    shape(jug.band(0.82, 0.9, 250, 318), '#ffffff', 'opacity=".45"') +
    `<path d="${jug.silhouette()}" fill="none" stroke="#ffffff" stroke-width="2.6" opacity=".6"/>` +
    `<path d="M262 262c44 -8 46 54 4 50" fill="none" stroke="#ffffff" stroke-width="11" opacity=".5"/><path d="M262 260c42 -8 44 52 4 50" fill="none" stroke="#ffffff" stroke-width="3" opacity=".8"/>` +
    paint(flange, colour, 'glaze') +
    rod('M266 148c48 -14 52 52 -20 44', 12, colour) +
    paint(paper, '#eadfc6') +
    paper.circle(106, '#f8f0dc') +
    `<clipPath id="filter">${paper.circle(106, '#000', 0.95)}</clipPath><g clip-path="url(#filter)">${paper.circle(106, '#d9c8a4', 0.95)}${`<ellipse cx="192" cy="112" rx="68" ry="11" fill="#4a2a1b"/><ellipse cx="188" cy="112" rx="46" ry="7" fill="#7b4b2d"/><ellipse cx="180" cy="111" rx="20" ry="3" fill="#a87346"/>`}</g>` +
    paint(cone, colour) +
    ribs +
    shape(cone.band(-1, 1, 124, 129), lit(colour, 0.5)) +
    steam(196, 98, 0.78)
  );
}

/** A plunger pot in a steel cage. */
export function frenchPress(): string {
  const glass = new Turned(190, profile([66, 128], [66, 320]), 0.15);
  const brew = new Turned(190, profile([63, 180], [63, 316]), 0.15);
  const lid = new Turned(190, profile([16, 96], [50, 98, 68, 106, 70, 120], [70, 134]), 0.15);
  const knob = new Turned(190, profile([9, 36], [19, 38, 19, 54, 9, 58], [7, 62]), 0.22);
  const ring = (y: number, height: number) => coat(new Turned(190, profile([69, y], [69, y + height]), 0.15), ink.steel, 'metal');
  const strut = (left: number, right: number, tone: string) => shape(new Turned(190, profile([68, 136], [68, 320]), 0.15).band(left, right), tone);
  return (
    shadow(190, 332, 70) +
    rod('M256 150C322 138 322 300 256 288', 17, ink.night) +
    shape(glass.silhouette(), '#eef6f2', 'opacity=".55"') +
    shape(brew.silhouette(), '#4b2a1a') +
    shape(brew.band(-1, -0.45), '#6d4129') +
    shape(brew.band(0.35, 1), '#2f180e') +
    coat(new Turned(190, profile([63, 176], [63, 190]), 0.15), '#b78452', 'matte') +
    brew.circle(176, '#cf9c68') +
    shape(glass.band(-0.8, -0.68, 142, 312), '#ffffff', 'opacity=".55"') +
    shape(glass.band(0.78, 0.86, 142, 312), '#ffffff', 'opacity=".3"') +
    strut(-0.5, -0.38, lit(ink.steel, 0.5)) +
    strut(0.4, 0.54, shaded(ink.steel, 0.25)) +
    ring(140, 13) +
    ring(236, 9) +
    ring(308, 16) +
    shape('M128 322q-4 12 4 14h10v-12zM252 322q4 12 -4 14h-10v-12z', shaded(ink.steel, 0.4)) +
    shape('M136 122L106 128l24 20z', lit(ink.steel, 0.4)) +
    paint(lid, ink.steel, 'metal') +
    shape('M187 58h6v40h-6z', shaded(ink.steel, 0.3)) +
    shape('M187 58h2v40h-2z', lit(ink.steel, 0.6)) +
    paint(knob, ink.vermilion, 'glaze') +
    knob.circle(37, lit(ink.vermilion, 0.3))
  );
}

/** An hourglass carafe with a wooden collar, a paper cone in its mouth. */
export function carafe(): string {
  const upper = new Turned(194, profile([78, 92], [26, 196]), 0.16);
  const glass = new Turned(194, profile([78, 92], [26, 196], [24, 204], [30, 226, 88, 256, 88, 300], [88, 318, 80, 326, 70, 328]), 0.16);
  const brew = new Turned(194, profile([80, 272], [84, 284, 85, 296, 85, 302], [85, 316, 78, 324, 68, 325]), 0.16);
  const collar = new Turned(194, profile([50, 162], [34, 178, 30, 190, 30, 200], [30, 210, 34, 222, 50, 236]), 0.16);
  const grain = [-0.5, -0.1, 0.3].map((k) => shape(collar.band(k, k + 0.03), shaded(ink.wood, 0.3), 'opacity=".7"')).join('');
  return (
    shadow(194, 330, 86) +
    shape(glass.silhouette(), '#eef7f4', 'opacity=".5"') +
    shape(brew.silhouette(), '#6b3a1f') +
    shape(brew.band(0.3, 1), '#3f2012', 'opacity=".6"') +
    brew.circle(272, '#9a5f35') +
    shape('M122 82Q194 60 266 82L198 196h-8Z', '#f4ead2') +
    shape('M194 70Q236 70 266 82L198 196h-4z', '#dccdab') +
    `<ellipse cx="194" cy="82" rx="72" ry="12" fill="#fbf4e2"/><ellipse cx="194" cy="84" rx="58" ry="9" fill="#4a2a1b"/><ellipse cx="188" cy="84" rx="34" ry="5" fill="#7b4b2d"/>` +
    shape(upper.band(-1, 1, 92, 196), '#ffffff', 'opacity=".22"') +
    shape(glass.band(-0.82, -0.66, 98, 160), '#ffffff', 'opacity=".6"') +
    shape(glass.band(-0.84, -0.7, 252, 318), '#ffffff', 'opacity=".7"') +
    shape(glass.band(0.84, 0.91, 256, 316), '#ffffff', 'opacity=".4"') +
    `<path d="${glass.silhouette()}" fill="none" stroke="#ffffff" stroke-width="2.6" opacity=".65"/>` +
    paint(collar, ink.wood) +
    grain +
    rod('M163 199q31 12 62 0', 6, '#7c4a2e') +
    `<path d="M190 206q-12 18 -22 22M198 206q8 20 16 24" fill="none" stroke="#7c4a2e" stroke-width="4" stroke-linecap="round"/><circle cx="194" cy="205" r="8" fill="${lit('#7c4a2e', 0.2)}"/>` +
    steam(196, 72, 0.7)
  );
}

/** A pear-shaped jug, milk to the lip. */
export function milkJug(colour: string): string {
  const body = new Turned(190, profile([48, 148], [46, 178, 88, 204, 92, 256], [94, 298, 78, 324, 56, 327]), 0.17);
  return (
    shadow(190, 328, 88) +
    rod('M228 168C300 138 316 262 268 282', 16, colour) +
    shape('M144 150Q112 136 104 142Q118 154 146 186Z', lit(colour, 0.1)) +
    paint(body, colour, 'glaze') +
    coat(body, lit(ink.clay, 0.12), 'matte', 296, 327) +
    mouth(body, ink.paper, ink.white, 0.5) +
    shape('M150 142Q120 132 104 142Q120 152 143 152Z', lit(colour, 0.42)) +
    shape('M148 145Q126 138 112 143Q128 149 144 150Z', ink.white) +
    `<g stroke="${lit(colour, 0.55)}" stroke-width="3" opacity=".7" fill="none">` +
    [214, 222]
      .map(
        (y) =>
          `<path d="M${round(190 - body.radius(y))} ${y}A${round(body.radius(y))} ${round(body.radius(y) * 0.17)} 0 0 0 ${round(190 + body.radius(y))} ${y}"/>`,
      )
      .join('') +
    `</g>`
  );
}
