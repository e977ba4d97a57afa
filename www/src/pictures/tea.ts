import { ink, lit, mix, shaded } from './palette';
import { shadow } from './scene';
import { heap, leaf, print, rod, tag, ternOnLid } from './still-life';
import { Turned, coat, paint, profile, round, shape } from './turned';

/** A tall tin with a slip lid: a sunrise over the harbour on its label. */
export function roundTin(): string {
  const body = new Turned(196, profile([72, 140], [72, 322]));
  const lid = new Turned(196, profile([70, 104], [75, 104, 75, 108, 75, 112], [75, 146]));
  const label = (left: number, right: number, from: number, to: number, fill: string) => shape(body.band(left, right, from, to), fill);
  return (
    shadow(196, 326, 74) +
    paint(body, ink.deep, 'glaze') +
    coat(body, ink.paper, 'matte', 176, 296) +
    `<clipPath id="sun">${label(-1, 1, 180, 262, '#000')}</clipPath>` +
    label(-1, 1, 180, 262, ink.coral) +
    `<g clip-path="url(#sun)"><circle cx="190" cy="244" r="38" fill="${ink.butter}"/>` +
    `<g stroke="${ink.butter}" stroke-width="4" stroke-linecap="round"><path d="M190 196v-14M158 208l-9 -10M222 208l9 -10M142 232l-13 -4M238 232l13 -4"/></g></g>` +
    label(-1, 1, 240, 262, ink.sea) +
    label(-0.7, 0.1, 243, 245, ink.sky) +
    label(-0.2, 0.62, 250, 252, ink.sky) +
    label(0.3, 0.68, 180, 262, '#152c4422') +
    label(0.68, 1, 180, 262, '#152c4444') +
    label(-1, 1, 262, 265, ink.deep) +
    print(188, 288, [58, 38], ink.deep) +
    label(-0.66, -0.5, 150, 314, '#fffcf366') +
    paint(lid, ink.vermilion, 'glaze') +
    lid.circle(106, lit(ink.vermilion, 0.22), 0.98) +
    lid.circle(105, lit(ink.vermilion, 0.1), 0.8) +
    ternOnLid(194, 108, 0.66, ink.paper) +
    heap(322, 344, 86, '#5d3a2a')
  );
}

/** A stand-up pouch with a sprig on it. */
export function pouch(): string {
  const front = 'M112 116L282 116C286 180 292 250 294 318C262 338 138 338 104 318C106 250 108 180 112 116Z';
  const green = ink.sage;
  return (
    shadow(200, 326, 92) +
    shape(front, green) +
    `<clipPath id="pouch">${shape(front, '#000')}</clipPath><g clip-path="url(#pouch)">` +
    shape('M112 116h26C126 190 122 260 122 330H100z', lit(green, 0.3)) +
    shape('M236 116h50l10 220h-72c14-60 18-150 12-220z', shaded(green, 0.12)) +
    shape('M264 116h24l10 220h-42c12-70 14-150 8-220z', shaded(green, 0.26)) +
    shape('M104 300c40 22 150 22 190 0v40H104z', shaded(green, 0.2)) +
    shape('M100 112h200v30H100z', lit(green, 0.42)) +
    `<path d="M100 120h200M100 127h200M100 134h200" stroke="${shaded(green, 0.12)}" stroke-width="2"/>` +
    `<path d="M146 154c-10 40 -14 90 -12 140" stroke="${lit(green, 0.6)}" stroke-width="7" stroke-linecap="round" fill="none"/></g>` +
    `<rect x="158" y="166" width="82" height="130" rx="41" fill="${ink.paper}"/>` +
    `<path d="M199 280C200 240 198 214 200 196" stroke="${ink.leaf}" stroke-width="4" fill="none" stroke-linecap="round"/>` +
    leaf(182, 246, -148, ink.moss, 0.86) +
    leaf(218, 228, -28, ink.leaf, 0.92) +
    leaf(183, 216, -140, ink.leaf, 0.72) +
    leaf(200, 194, -88, ink.moss, 0.86) +
    `<path d="M112 140l-5 9 6 7z" fill="${ink.mist}"/>` +
    heap(330, 346, 76, ink.moss)
  );
}

/** A square caddy with sloped shoulders, tarred black, tied with rope. */
export function caddy(): string {
  const cap = new Turned(190, profile([30, 92], [32, 92, 32, 94, 32, 98], [32, 124]));
  const body = '#2b3a40';
  const rope = '#d2a76a';
  let twist = '';
  for (let i = 0; i < 13; i++) twist += `<path d="M${112 + i * 10.6} 184l6 10" stroke="${shaded(rope, 0.4)}" stroke-width="2.4"/>`;
  for (let i = 0; i < 4; i++) twist += `<path d="M${round(250 + i * 11)} ${round(182.5 - i * 2.8)}l3 8" stroke="${shaded(rope, 0.5)}" stroke-width="2.4"/>`;
  return (
    shadow(204, 324, 92) +
    shape('M106 152l138 0v174H112q-6 0 -6 -6z', body) +
    shape('M244 152l50 -14v166q0 4 -5 6l-45 16z', shaded(body, 0.45)) +
    shape('M106 152l34 -32 96 -6 58 24 -50 14z', lit(body, 0.18)) +
    shape('M236 114l58 24 -50 14z', shaded(body, 0.2)) +
    shape('M106 152l34 -32 8 -1 -26 33z', lit(body, 0.4)) +
    shape('M106 152h9v174h-5q-4 -1 -4 -6z', lit(body, 0.24)) +
    paint(cap, ink.vermilion, 'glaze') +
    cap.circle(94, lit(ink.vermilion, 0.25), 0.97) +
    `<rect x="130" y="216" width="92" height="88" rx="4" fill="${ink.paper}"/>` +
    `<rect x="136" y="222" width="80" height="76" rx="2" fill="none" stroke="${ink.vermilion}" stroke-width="2.5"/>` +
    // Smoke over a small fire
    `<path d="M176 274c-18 -14 14 -18 0 -34c-4 -6 2 -8 6 -10" fill="none" stroke="${body}" stroke-width="5" stroke-linecap="round"/>` +
    `<path d="M160 276c-8 -12 6 -14 0 -24M193 276c-8 -12 6 -14 0 -24" fill="none" stroke="${body}" stroke-width="4" stroke-linecap="round"/>` +
    `<path d="M150 288h52" stroke="${ink.vermilion}" stroke-width="5" stroke-linecap="round"/>` +
    shape('M106 182h138v14H106z', rope) +
    shape('M244 182l50 -13v14l-50 13z', shaded(rope, 0.22)) +
    twist +
    rod('M166 190c-22 -22 -40 12 0 2c34 -26 44 18 4 0', 9, rope) +
    rod('M162 194c-10 16 -22 20 -30 24M172 194c8 14 20 16 26 26', 8, rope) +
    heap(326, 342, 84, '#43352c')
  );
}

/** A paper bag, rolled down and held by a peg. */
export function paperBag(): string {
  const paper = mix(ink.copper, ink.paper, 0.35);
  const label = ink.vermilion;
  return (
    shadow(200, 326, 88) +
    shape('M122 132L270 128L288 318Q288 326 280 327L124 330Q114 330 114 320Z', paper) +
    shape('M122 132l18 -1l-4 199h-12q-10 0 -10 -10z', lit(paper, 0.4)) +
    shape('M238 129l32 -1l18 190q0 8 -8 9l-34 1z', shaded(paper, 0.13)) +
    shape('M256 128l14 0l18 190q0 8 -8 9l-14 0q8 -100 -10 -199z', shaded(paper, 0.26)) +
    `<path d="M140 176l18 22l-12 40M258 160l-16 30l14 30M246 300l10 -30" fill="none" stroke="${shaded(paper, 0.18)}" stroke-width="2.5" stroke-linejoin="round"/>` +
    shape('M114 106q0 -6 7 -6l150 -5q8 0 8 7l1 26q0 7 -7 7l-152 5q-7 0 -7 -7z', lit(paper, 0.22)) +
    shape('M114 122l166 -6l0 12q0 7 -7 7l-152 5q-7 0 -7 -7z', shaded(paper, 0.12)) +
    `<path d="M116 121l163 -6" stroke="${shaded(paper, 0.3)}" stroke-width="2"/>` +
    // The peg
    shape('M182 82h13v62l-4 6h-6l-3 -6z', lit(ink.wood, 0.2)) +
    shape('M197 82h13v62l-3 6h-6l-4 -6z', shaded(ink.wood, 0.16)) +
    `<path d="M180 108h32M180 113h32" stroke="${ink.steel}" stroke-width="3.4"/>` +
    // A low sun over dry hills
    `<circle cx="198" cy="236" r="58" fill="${ink.paper}"/><clipPath id="hill"><circle cx="198" cy="236" r="52"/></clipPath>` +
    `<g clip-path="url(#hill)"><path d="M140 180h120v60h-120z" fill="${ink.butter}"/><circle cx="210" cy="226" r="21" fill="${label}"/>` +
    `<path d="M140 250c20 -24 40 -22 58 -4c18 -16 40 -14 60 2v50h-120z" fill="${ink.copper}"/>` +
    `<path d="M140 268c24 -16 54 -14 74 4c14 -8 30 -8 46 0v40h-120z" fill="${shaded(ink.copper, 0.3)}"/></g>` +
    heap(326, 346, 90, '#b0502c')
  );
}

/** A corked jar full of rolled pearls, a flower beside it. */
export function corkJar(tones: readonly string[] = [ink.moss, '#66805c', '#3f5f49', '#8a9c78']): string {
  const jar = new Turned(194, profile([52, 128], [52, 144], [52, 158, 76, 158, 76, 184], [76, 306], [76, 320, 70, 324, 64, 326]), 0.15);
  const cork = new Turned(194, profile([46, 92], [45, 132]));
  const tea = new Turned(194, profile([71, 200], [71, 306], [71, 316, 66, 320, 60, 321]), 0.15);
  const pearls: string[] = [];
  for (let row = 0; row < 9; row++) {
    for (let column = 0; column < 10; column++) {
      const x = 128 + column * 15 + (row % 2) * 7.5;
      const y = 204 + row * 14;
      const tone = tones[(row * 3 + column * 7) % tones.length]!;
      pearls.push(
        `<circle cx="${x}" cy="${y}" r="8.6" fill="${tone}"/><path d="M${x - 5} ${y - 2}q4 -5 9 -2" stroke="${lit(tone, 0.4)}" stroke-width="2" fill="none" stroke-linecap="round"/>`,
      );
    }
  }
  const petal = (turn: number) =>
    `<ellipse cx="0" cy="-13" rx="8" ry="14" fill="${ink.white}" transform="rotate(${turn})"/><path d="M0 -3v-14" stroke="${ink.rose}" stroke-width="2" transform="rotate(${turn})"/>`;
  const flower = (x: number, y: number, size: number) =>
    `<g transform="translate(${x} ${y}) scale(${size} ${round(size * 0.8)})"><ellipse cx="6" cy="8" rx="26" ry="18" fill="#10283a" opacity=".2"/>${[0, 72, 144, 216, 288].map(petal).join('')}<circle r="5" fill="${ink.saffron}"/></g>`;
  return (
    shadow(194, 328, 76) +
    shape(jar.silhouette(), '#eef6f0', 'opacity=".5"') +
    `<clipPath id="tea">${shape(tea.silhouette(), '#000')}</clipPath>` +
    shape(tea.silhouette(), shaded(tones[2]!, 0.2)) +
    `<g clip-path="url(#tea)">${pearls.join('')}${shape(tea.band(0.3, 1), '#152c4440')}${shape(tea.band(0.7, 1), '#152c4440')}</g>` +
    paint(cork, ink.wood) +
    cork.circle(92, lit(ink.wood, 0.32)) +
    `<g fill="${shaded(ink.wood, 0.25)}"><circle cx="182" cy="92" r="2"/><circle cx="206" cy="95" r="2.4"/><circle cx="170" cy="116" r="2.4"/><circle cx="210" cy="112" r="2"/><circle cx="190" cy="122" r="2"/></g>` +
    shape(jar.band(-0.8, -0.62, 190, 310), '#ffffff', 'opacity=".6"') +
    shape(jar.band(-0.56, -0.5, 190, 310), '#ffffff', 'opacity=".35"') +
    shape(jar.band(0.86, 0.95, 180, 312), '#ffffff', 'opacity=".3"') +
    `<path d="${jar.band(-1, 1, 128, 136)}" fill="#ffffff" opacity=".55"/>` +
    `<path d="${jar.silhouette()}" fill="none" stroke="#ffffff" stroke-width="3" opacity=".6"/>` +
    rod('M142 150c30 14 80 14 104 0', 5, '#d9b98a') +
    `<path d="M238 154c10 8 20 20 22 34" fill="none" stroke="#b9935d" stroke-width="3"/>` +
    `<g transform="rotate(-9 262 186)">${tag(262, 184, ink.paper)}</g>` +
    flower(318, 334, 1.12) +
    flower(350, 356, 0.8) +
    leaf(296, 358, 24, ink.leaf, 0.9)
  );
}

/** A carton of twenty, one pyramid bag out already. */
export function carton(): string {
  const blue = '#34567a';
  const lemon = '#e9c53c';
  return (
    shadow(196, 322, 104) +
    shape('M92 160h164v164H92z', blue) +
    shape('M256 160l48 -30v166l-48 28z', shaded(blue, 0.42)) +
    shape('M92 160l52 -30h160l-48 30z', shaded(blue, 0.5)) +
    // Standing rows inside, and the lid thrown back
    shape('M108 158l40 -24h40l-38 24zM158 158l36 -24h40l-36 24zM206 158l36 -24h40l-36 24z', ink.paper) +
    shape('M144 130l-16 -56h160l16 56z', lit(blue, 0.22)) +
    shape('M144 130l-13 -46h160l13 46z', shaded(blue, 0.12)) +
    shape('M92 160h10v164H92z', lit(blue, 0.25)) +
    // A lamp in the fog, printed on the front
    `<clipPath id="front"><path d="M102 176h144v132h-144z"/></clipPath><g clip-path="url(#front)">` +
    shape('M102 176h144v132h-144z', mix(blue, ink.sky, 0.62)) +
    shape('M168 214L70 172v72zM180 214l100 -44v84z', ink.butter, 'opacity=".85"') +
    `<path d="M96 262q30 -12 60 0t60 0t60 0M96 280q30 -12 60 0t60 0t60 0M96 298q30 -12 60 0t60 0t60 0" fill="none" stroke="${ink.white}" stroke-width="6" opacity=".85"/>` +
    shape('M160 226h28l7 82h-42z', ink.white) +
    shape('M176 226h12l7 82h-15z', shaded(ink.white, 0.18)) +
    shape('M157 252l34 0l2 18h-38z', ink.vermilion) +
    shape('M162 202h24v24h-24z', lemon) +
    shape('M158 202l16 -14l16 14z', ink.night) +
    shape('M156 224h36v5h-36z', ink.night) +
    `</g>` +
    // The pyramid bag
    `<ellipse cx="338" cy="350" rx="44" ry="10" fill="#10283a" opacity=".22"/>` +
    shape('M318 290l-34 56q28 12 66 4z', lit('#cfc9b4', 0.5)) +
    shape('M318 290l32 60l14 -16z', shaded('#cfc9b4', 0.12)) +
    shape('M300 326l-13 19q28 10 62 4l-13 -26q-18 8 -36 3z', '#7a4e35') +
    shape('M336 323l13 27l13 -15l-12 -19z', '#583623') +
    `<path d="M318 290c8 -30 30 -10 44 -28" fill="none" stroke="${ink.white}" stroke-width="2.6"/>` +
    `<path d="M352 244l26 4l-4 26l-26 -4z" fill="${lemon}"/><path d="M352 244l26 4l-1 8l-26 -4z" fill="${lit(lemon, 0.4)}"/>`
  );
}
