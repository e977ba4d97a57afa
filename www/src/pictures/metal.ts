import { ink, lit, shaded } from './palette';
import { espressoCup } from './coffee';
import { placed, shadow } from './scene';
import { bean, rod, steam } from './still-life';
import { Turned, coat, paint, profile, shape } from './turned';

/** A gooseneck kettle for the hob. */
export function kettle(colour: string): string {
  const body = new Turned(214, profile([58, 176], [66, 190, 84, 250, 88, 306], [89, 322, 86, 326, 82, 328]), 0.16);
  const lid = new Turned(214, profile([16, 152], [40, 154, 54, 162, 59, 174], [60, 180]), 0.16);
  const knob = new Turned(214, profile([5, 122], [15, 122, 15, 138, 6, 142], [6, 154]), 0.2);
  const neck = 'M136 292C96 286 104 236 98 204C94 182 84 176 66 172';
  return (
    shadow(214, 328, 88) +
    // Handle behind the body
    rod('M258 184C300 150 346 172 344 226C343 254 336 276 330 292', 16, ink.wood) +
    rod('M254 188l22 -16', 9, ink.iron) +
    `<path d="${neck}" fill="none" stroke="${shaded(colour, 0.26)}" stroke-width="21" stroke-linecap="butt"/>` +
    `<path d="${neck}" fill="none" stroke="${colour}" stroke-width="13" transform="translate(-2.5 -2.5)"/>` +
    `<path d="${neck}" fill="none" stroke="${lit(colour, 0.5)}" stroke-width="3.5" transform="translate(-5 -4.5)"/>` +
    `<ellipse cx="64" cy="171.5" rx="4.5" ry="11" transform="rotate(-12 64 171.5)" fill="${shaded(colour, 0.6)}"/><path d="M66 160.5a4.5 11 -12 0 0 -5 21.5" fill="none" stroke="${lit(colour, 0.4)}" stroke-width="3"/>` +
    shape('M120 262q22 10 30 50q-30 2 -38 -22z', shaded(colour, 0.08)) +
    paint(body, colour, 'glaze') +
    coat(body, ink.iron, 'metal', 316, 328) +
    paint(lid, colour, 'glaze') +
    shape(lid.band(-1, 1, 176, 180), shaded(colour, 0.34)) +
    paint(knob, ink.wood) +
    knob.circle(123, lit(ink.wood, 0.3)) +
    steam(64, 158, 0.72)
  );
}

/** The three-cup pot for the stove, eight-sided. */
export function mokaPot(): string {
  const steel = ink.steel;
  const facets = (top: number, bottom: number, upper: number, lower: number): string => {
    const edges = [-1, -0.62, 0.08, 0.7, 1];
    const tones = [lit(steel, 0.3), lit(steel, 0.72), shaded(steel, 0.16), shaded(steel, 0.44)];
    const bow = [0, 7, 9, 6, 0];
    return tones
      .map((tone, i) => {
        const [left, right] = [edges[i]!, edges[i + 1]!];
        return shape(
          `M${200 + left * upper} ${top + bow[i]!}L${200 + right * upper} ${top + bow[i + 1]!}L${200 + right * lower} ${bottom + bow[i + 1]!}L${200 + left * lower} ${bottom + bow[i]!}Z`,
          tone,
        );
      })
      .join('');
  };
  return (
    shadow(200, 330, 70) +
    // Handle and spout lie behind the upper chamber
    shape('M252 138l62 4q10 1 9 12l-12 82q-2 8 -10 6l-10 -3q-6 -2 -5 -9l10 -62l-48 -2z', ink.night) +
    shape('M252 138l62 4q10 1 9 12l-1 4q-2 -6 -9 -6l-61 -4z', lit(ink.night, 0.3)) +
    shape('M150 138L112 134L146 186Z', shaded(steel, 0.06)) +
    shape('M150 138L112 134l8 9l30 12z', lit(steel, 0.6)) +
    facets(138, 214, 62, 46) +
    shape('M138 138q62 22 124 0l0 -6h-124z', shaded(steel, 0.3)) +
    coat(new Turned(200, profile([50, 214], [50, 236])), steel, 'metal') +
    shape('M150 222q50 14 100 0v4q-50 14 -100 0z', shaded(steel, 0.4)) +
    facets(236, 326, 52, 70) +
    `<circle cx="236" cy="268" r="8" fill="${shaded(steel, 0.4)}"/><circle cx="235" cy="267" r="5" fill="${ink.crema}"/>` +
    // Lid and knob
    shape('M134 134q66 26 132 0l-34 -26q-32 -8 -64 0z', lit(steel, 0.35)) +
    shape('M134 134q20 8 44 10l8 -39q-10 0 -18 3z', lit(steel, 0.8)) +
    shape('M222 143q24 -2 44 -9l-34 -26q-10 -2 -16 -3z', shaded(steel, 0.26)) +
    paint(new Turned(200, profile([6, 78], [15, 78, 15, 94, 8, 98], [8, 108]), 0.2), ink.vermilion, 'glaze') +
    steam(108, 120, 0.66)
  );
}

/** A slim hand grinder with a long crank. */
export function grinder(): string {
  const body = new Turned(186, profile([43, 142], [43, 240]), 0.16);
  const jar = new Turned(186, profile([42, 240], [43, 244], [41, 316], [40, 324, 38, 327, 34, 328]), 0.16);
  const collar = new Turned(186, profile([45, 226], [45, 246]), 0.16);
  const crown = new Turned(186, profile([20, 116], [34, 120, 42, 128, 44, 140], [44, 150]), 0.16);
  const nut = new Turned(186, profile([9, 96], [9, 120]), 0.2);
  const knob = new Turned(304, profile([10, 60], [26, 62, 28, 88, 13, 104], [10, 108]), 0.22);
  return (
    shadow(186, 330, 44, 1.2) +
    paint(jar, ink.night) +
    shape(jar.band(-0.74, -0.6, 256, 318), '#ffffff', 'opacity=".3"') +
    paint(body, ink.steel, 'metal') +
    paint(collar, ink.wood) +
    paint(crown, ink.steel, 'metal') +
    paint(nut, ink.iron) +
    nut.circle(96, lit(ink.iron, 0.3)) +
    shape('M174 98q0 -7 8 -8l122 14q7 1 7 7t-7 6l-122 -10q-8 -1 -8 -9z', shaded(ink.steel, 0.2)) +
    shape('M175 96q1 -6 8 -6l121 14q5 1 6 4z', lit(ink.steel, 0.7)) +
    paint(knob, ink.wood, 'glaze') +
    knob.circle(61, lit(ink.wood, 0.3)) +
    bean(270, 344, 20) +
    bean(306, 336, -34, 0.9) +
    bean(292, 364, 64, 0.95) +
    bean(338, 356, 8, 0.82)
  );
}

/** A lever machine: column, boiler, long arm and a cup waiting under it. */
export function leverMachine(): string {
  const copper = ink.copper;
  const boiler = new Turned(218, profile([40, 118], [62, 120, 64, 132, 64, 146], [64, 232], [64, 246, 56, 250, 46, 252]), 0.16);
  const dome = new Turned(218, profile([10, 72], [30, 76, 42, 92, 46, 116], [46, 120]), 0.16);
  const finial = new Turned(218, profile([3, 50], [9, 54, 9, 64, 4, 68], [8, 76]), 0.2);
  const column = new Turned(218, profile([24, 250], [24, 300]), 0.16);
  const base = new Turned(206, profile([96, 302], [100, 302, 100, 306, 100, 310], [100, 324]), 0.2);
  const group = new Turned(112, profile([27, 178], [28, 182], [28, 214], [24, 220]), 0.18);
  const piston = new Turned(112, profile([15, 120], [16, 124], [16, 182]), 0.18);
  return (
    shadow(206, 330, 100, 0.7) +
    paint(base, ink.night, 'glaze') +
    base.circle(302, lit(ink.night, 0.16), 0.97) +
    paint(column, ink.steel, 'metal') +
    shape('M112 186h80v24h-80z', shaded(ink.steel, 0.25)) +
    shape('M112 188h80v7h-80z', lit(ink.steel, 0.6)) +
    paint(boiler, copper, 'metal') +
    coat(boiler, '#d9a441', 'metal', 142, 150) +
    coat(boiler, '#d9a441', 'metal', 226, 234) +
    paint(dome, copper, 'metal') +
    coat(dome, '#d9a441', 'metal', 112, 120) +
    paint(finial, '#d9a441', 'glaze') +
    // Gauge
    `<circle cx="222" cy="192" r="23" fill="${shaded('#d9a441', 0.3)}"/><circle cx="221" cy="191" r="20" fill="${ink.white}"/>` +
    `<path d="M208 200a15 15 0 0 1 26 -16" fill="none" stroke="${ink.sea}" stroke-width="4"/><path d="M236 190a15 15 0 0 1 -2 10" fill="none" stroke="${ink.vermilion}" stroke-width="4"/><path d="M221 192l9 -9" stroke="${ink.night}" stroke-width="3" stroke-linecap="round"/><circle cx="221" cy="192" r="3" fill="${ink.night}"/>` +
    // Group, portafilter, lever
    paint(piston, ink.steel, 'metal') +
    paint(group, '#d9a441', 'metal') +
    rod('M112 132C92 108 68 66 52 32', 9, ink.steel) +
    `<path d="M62 54L44 16" stroke="${ink.night}" stroke-width="19" stroke-linecap="round"/><path d="M58 50L42 17" stroke="${lit(ink.night, 0.35)}" stroke-width="5" stroke-linecap="round"/>` +
    `<circle cx="112" cy="134" r="8" fill="${shaded(ink.steel, 0.4)}"/><circle cx="111" cy="133" r="4.5" fill="${lit(ink.steel, 0.5)}"/>` +
    rod('M104 224l-40 10l-34 6', 13, ink.wood) +
    paint(new Turned(112, profile([27, 216], [26, 228], [10, 236]), 0.18), ink.steel, 'metal') +
    rod('M280 160c30 -6 38 4 38 30v52', 7, ink.steel) +
    `<path d="M280 160h14" stroke="${ink.night}" stroke-width="14" stroke-linecap="round"/>` +
    `<path d="M112 238v34" stroke="${ink.coffee}" stroke-width="3"/>` +
    placed(espressoCup(ink.white, 0, 0), 116, 314, 0.4)
  );
}
