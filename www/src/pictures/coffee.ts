import { ink, lit, mix, shaded } from './palette';
import { shadow } from './scene';
import { bean, print, rod, ternOnLid } from './still-life';
import { Turned, coat, mouth, paint, profile, shape } from './turned';

/** A side-folded bag striped like the lighthouse it is named after. */
export function stripedBag(): string {
  const stripe = (y: number) =>
    shape(`M108 ${y}Q180 ${y + 10} 246 ${y}v42Q180 ${y + 52} 106 ${y + 42}z`, ink.vermilion) +
    shape(`M246 ${y}l42 -10v42l-42 10z`, shaded(ink.vermilion, 0.36));
  return (
    shadow(198, 328, 92) +
    shape('M112 122L246 122V330Q180 340 104 330Z', ink.white) +
    shape('M246 122L280 108L290 316L246 331Z', shaded(ink.white, 0.3)) +
    `<clipPath id="bag"><path d="M112 122L246 122L280 108L290 316L246 331Q180 340 104 330Z"/></clipPath>` +
    `<g clip-path="url(#bag)">${stripe(140)}${stripe(224)}${stripe(308)}` +
    shape('M104 100h18l-6 236h-16z', lit(ink.butter, 0.6), 'opacity=".55"') +
    shape('M222 110h26v230h-32q10 -110 6 -230z', '#152c44', 'opacity=".12"') +
    shape('M262 90l6 240l26 -6v-240z', '#152c44', 'opacity=".16"') +
    `</g>` +
    // Rolled top with a tin tie
    shape('M110 92q0 -5 6 -5l158 -9q8 0 8 7l0 26l-36 12H112z', mix(ink.white, ink.sky, 0.2)) +
    shape('M246 80l28 -2q8 0 8 7l0 26l-36 12z', shaded(ink.white, 0.26)) +
    shape('M104 100l148 0l38 -13v10l-38 13H104q-7 -5 0 -10z', ink.night) +
    shape('M104 100l148 0l38 -13l0 3l-38 13H101z', lit(ink.night, 0.3)) +
    // The label, a lamp with its beams
    `<circle cx="178" cy="216" r="50" fill="${ink.night}"/><clipPath id="beam"><circle cx="178" cy="216" r="46"/></clipPath><g clip-path="url(#beam)">` +
    shape('M178 206L110 172v54zM178 206l68 -34v54z', ink.saffron) +
    shape('M166 216h24l8 56h-40z', ink.white) +
    shape('M180 216h10l8 56h-14z', shaded(ink.white, 0.22)) +
    shape('M162 234h32l3 14h-38z', ink.vermilion) +
    shape('M168 196h20v20h-20z', ink.butter) +
    shape('M164 196l14 -13l14 13zM160 213h36v6h-36z', ink.white) +
    `</g>` +
    bean(318, 346, 24) +
    bean(350, 334, -40, 0.9) +
    bean(336, 368, 80, 0.95)
  );
}

/** A flat-bottomed pouch with a window on the mountains of Guji. */
export function boxPouch(): string {
  const body = ink.plum;
  return (
    shadow(204, 328, 90) +
    shape('M120 112L250 106L258 330Q190 338 112 330Z', body) +
    shape('M250 106L284 114L296 312L258 330Z', shaded(body, 0.4)) +
    shape('M267 112l8 205l-17 13l-8 -224z', shaded(body, 0.26)) +
    shape('M120 112l20 -1L132 332l-20 -2z', lit(body, 0.26)) +
    shape('M120 112L250 106L284 114L284 92L252 82L122 90Z', lit(body, 0.12)) +
    shape('M250 106L284 114V92L252 82Z', shaded(body, 0.3)) +
    `<path d="M121 99L251 92.5L284 102" fill="none" stroke="${lit(body, 0.4)}" stroke-width="2.4"/>` +
    `<circle cx="186" cy="128" r="5" fill="${shaded(body, 0.4)}"/><circle cx="186" cy="128" r="2" fill="${lit(body, 0.3)}"/>` +
    `<path d="M140 156q46 -8 96 -2l4 104q-54 6 -104 2z" fill="${ink.butter}"/><clipPath id="guji"><path d="M140 156q46 -8 96 -2l4 104q-54 6 -104 2z"/></clipPath>` +
    `<g clip-path="url(#guji)"><circle cx="206" cy="190" r="22" fill="${ink.vermilion}"/>` +
    shape('M130 230L168 182L196 220L216 200L250 240V270H130Z', ink.coral) +
    shape('M168 182L196 220L178 270H150Z', shaded(ink.coral, 0.22)) +
    shape('M130 250q30 -22 60 -4t60 -6v40h-120z', ink.moss) +
    `</g>` +
    print(187, 278, [78, 54, 30], ink.rose, 11) +
    bean(320, 342, -18) +
    bean(352, 354, 50, 0.9) +
    bean(314, 364, 100, 0.84)
  );
}

/** A short, wide tin: the night ferry under a moon. */
export function wideTin(): string {
  const navy = '#22406a';
  const body = new Turned(196, profile([92, 176], [92, 318]), 0.15);
  const lid = new Turned(196, profile([90, 158], [94, 158, 94, 160, 94, 163], [94, 182]), 0.15);
  const hull = 'M122 262h136l-14 28H134z';
  const windows = [142, 158, 174, 190, 206].map((x) => `<rect x="${x}" y="248" width="8" height="8" fill="${ink.butter}"/>`).join('');
  return (
    shadow(196, 324, 94) +
    paint(body, navy) +
    `<clipPath id="night">${shape(body.band(-0.98, 0.98, 184, 314), '#000')}</clipPath><g clip-path="url(#night)">` +
    `<circle cx="226" cy="222" r="17" fill="${ink.butter}"/><circle cx="219" cy="217" r="15" fill="${navy}"/>` +
    `<g fill="${ink.paper}"><circle cx="130" cy="214" r="2.2"/><circle cx="154" cy="226" r="1.6"/><circle cx="176" cy="212" r="2"/><circle cx="260" cy="236" r="1.8"/><circle cx="122" cy="240" r="1.6"/></g>` +
    shape('M136 244h96v18h-96z', ink.white) +
    shape('M206 244h26v18h-26z', shaded(ink.white, 0.2)) +
    windows +
    shape('M178 226h20v18h-20z', ink.vermilion) +
    shape('M178 226h20v6h-20z', ink.night) +
    shape(hull, ink.vermilion) +
    shape('M122 262h136l-3 6H125z', ink.white) +
    shape(body.band(-1, 1, 276, 320), '#173154') +
    `<path d="M104 306q12 -7 24 0t24 0t24 0t24 0t24 0t24 0t24 0M128 320q12 -7 24 0t24 0t24 0t24 0t24 0" stroke="${ink.sky}" stroke-width="3" fill="none"/></g>` +
    shape(body.band(0.3, 0.68), '#152c44', 'opacity=".22"') +
    shape(body.band(0.68, 1), '#0b1b30', 'opacity=".42"') +
    shape(body.band(-0.82, -0.7, 190, 312), '#ffffff', 'opacity=".3"') +
    paint(lid, mix(ink.steel, navy, 0.15), 'metal') +
    lid.circle(159, lit(ink.steel, 0.5), 0.98) +
    lid.circle(160, ink.steel, 0.86) +
    ternOnLid(194, 162, 0.95, shaded(ink.steel, 0.4)) +
    bean(330, 344, 30) +
    bean(358, 358, -20, 0.86)
  );
}

/** An amber bottle and a small glass, over ice. */
export function bottle(): string {
  const amber = '#8a4a1d';
  const body = new Turned(168, profile([19, 84], [19, 136], [19, 164, 54, 160, 54, 196], [54, 308], [54, 320, 48, 324, 44, 325]), 0.14);
  const cap = new Turned(168, profile([22, 60], [23, 60, 23, 62, 23, 64], [23, 94]), 0.14);
  const glass = new Turned(290, profile([44, 236], [38, 328]), 0.16);
  const drink = new Turned(290, profile([40, 260], [35.5, 322]), 0.16);
  const cube = (x: number, y: number, turn: number) =>
    `<g transform="translate(${x} ${y}) rotate(${turn})" opacity=".85"><path d="M-12 -8l12 -6l12 6v13l-12 6l-12 -6z" fill="#e8d6c2"/><path d="M-12 -8l12 5l12 -5l-12 -6z" fill="#fff8ea"/><path d="M0 -3v14l12 -6v-13z" fill="#c9ab8d"/></g>`;
  return (
    shadow(168, 328, 54) +
    shadow(290, 334, 38) +
    paint(body, amber) +
    shape(body.band(-0.9, 0.9, 200, 306), shaded(amber, 0.55), 'opacity=".4"') +
    shape(body.band(-0.86, -0.7, 186, 312), lit(ink.saffron, 0.35), 'opacity=".75"') +
    shape(body.band(0.74, 0.84, 190, 310), ink.saffron, 'opacity=".5"') +
    shape(body.band(-0.7, -0.3, 98, 140), lit(ink.saffron, 0.3), 'opacity=".7"') +
    coat(body, ink.paper, 'matte', 206, 294) +
    shape(body.band(-1, 1, 206, 211), ink.sea) +
    shape(body.band(-1, 1, 289, 294), ink.sea) +
    // Slack water: three calm lines and a moon
    `<circle cx="164" cy="236" r="13" fill="${ink.saffron}"/><path d="M134 258h60M142 267h46M150 276h30" stroke="${ink.sea}" stroke-width="4" stroke-linecap="round"/>` +
    paint(cap, ink.night) +
    cap.circle(61, lit(ink.night, 0.3), 0.95) +
    shape(drink.silhouette(), '#4a2a1a') +
    shape(drink.band(0.3, 1), '#2c170e', 'opacity=".6"') +
    drink.circle(260, '#6d4227') +
    cube(278, 258, 12) +
    cube(302, 262, -20) +
    cube(290, 280, 40) +
    shape(glass.silhouette(), '#ffffff', 'opacity=".22"') +
    shape(glass.band(-0.82, -0.62, 248, 322), '#ffffff', 'opacity=".65"') +
    shape(glass.band(0.8, 0.9, 248, 322), '#ffffff', 'opacity=".4"') +
    `<ellipse cx="290" cy="236" rx="44" ry="7" fill="none" stroke="#ffffff" stroke-width="3" opacity=".85"/>`
  );
}

/** A cup of espresso on its saucer, used wherever coffee is ready. */
export function espressoCup(colour: string, cx = 200, base = 322): string {
  const saucer = new Turned(cx, profile([96, base - 10], [92, base - 2, 60, base + 6, 44, base + 8]), 0.22);
  const cup = new Turned(cx, profile([58, base - 98], [58, base - 50, 48, base - 14, 30, base - 10]), 0.2);
  return (
    shadow(cx, base + 8, 84) +
    paint(saucer, lit(colour, 0.3)) +
    saucer.circle(base - 10, lit(colour, 0.45)) +
    saucer.circle(base - 9, lit(colour, 0.3), 0.9) +
    saucer.circle(base - 6, shaded(colour, 0.16), 0.56) +
    rod(`M${cx + 54} ${base - 78}c36 -12 46 34 -8 44`, 13, colour) +
    paint(cup, colour, 'glaze') +
    mouth(cup, ink.paper, ink.crema, 0.42)
  );
}
