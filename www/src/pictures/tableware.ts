import { ink, lit, shaded } from './palette';
import { shadow } from './scene';
import { dots, rod, steam } from './still-life';
import { Turned, mouth, paint, profile, shape } from './turned';

/** A mug dipped in glaze, its foot left as bare clay. */
export function mug(colour: string): string {
  const body = new Turned(186, profile([80, 170], [80, 296], [80, 318, 70, 327, 58, 328]), 0.17);
  const drip = 'M106 262C118 292 132 284 142 288S158 306 172 302S192 290 206 292S232 304 244 296S262 280 266 262V176H106Z';
  return (
    shadow(186, 330, 80) +
    rod('M258 198C326 184 330 292 256 286', 21, colour) +
    paint(body, lit(ink.clay, 0.18)) +
    dots(
      [
        [122, 316],
        [142, 326],
        [168, 334],
        [204, 336],
        [232, 328],
        [250, 316],
      ],
      1.6,
      shaded(ink.clay, 0.3),
    ) +
    `<clipPath id="dip"><path d="${drip}"/></clipPath><g clip-path="url(#dip)">${paint(body, colour, 'glaze')}</g>` +
    mouth(body, lit(colour, 0.2), ink.coffee, 0.5) +
    steam(190, 158, 0.9)
  );
}

/** A plate seen from the chair, a slice of almond cake on it. */
export function cakePlate(colour: string): string {
  const plate = new Turned(196, profile([146, 288], [146, 296], [140, 306, 120, 312, 100, 314]), 0.32);
  return (
    shadow(200, 326, 132, 0.4) +
    plate.circle(300, shaded(colour, 0.3)) +
    plate.circle(296, shaded(colour, 0.12)) +
    plate.circle(289, lit(colour, 0.5)) +
    plate.circle(290, colour, 0.97) +
    plate.circle(290, lit(colour, 0.62), 0.85) +
    plate.circle(293, lit(colour, 0.34), 0.69) +
    plate.circle(295, lit(colour, 0.5), 0.67) +
    `<ellipse cx="214" cy="306" rx="86" ry="18" fill="#10283a" opacity=".2"/>` +
    // The slice
    shape('M122 262L262 232V288L122 306Z', '#e3b268') +
    shape('M122 276L262 250V258L122 285Z', ink.vermilion) +
    shape('M262 232l34 20v50l-34 -14z', '#b98146') +
    shape('M262 250l34 18v8l-34 -18z', shaded(ink.vermilion, 0.3)) +
    shape('M262 288l34 14l-174 4z', '#a97440') +
    shape('M122 262L262 232L296 252Z', '#f7e4bd') +
    `<g fill="#d39b52"><ellipse cx="190" cy="253" rx="10" ry="4" transform="rotate(-14 190 253)"/><ellipse cx="230" cy="245" rx="10" ry="4" transform="rotate(10 230 245)"/><ellipse cx="254" cy="250" rx="9" ry="3.6" transform="rotate(-30 254 250)"/><ellipse cx="220" cy="254" rx="9" ry="3.4" transform="rotate(-8 220 254)"/></g>` +
    `<g fill="#fff3d8"><ellipse cx="189" cy="252" rx="8" ry="2.6" transform="rotate(-14 189 252)"/><ellipse cx="229" cy="244" rx="8" ry="2.6" transform="rotate(10 229 244)"/></g>` +
    shape('M122 262L136 259V303L122 306Z', lit('#e3b268', 0.4)) +
    dots(
      [
        [150, 322],
        [160, 317],
        [300, 322],
        [286, 328],
      ],
      2.4,
      '#c9954f',
    )
  );
}

/** A wide bowl with a crackled glaze and whisked matcha. */
export function teaBowl(colour: string): string {
  const bowl = new Turned(200, profile([108, 196], [110, 240, 96, 292, 52, 306]), 0.2);
  const foot = new Turned(200, profile([44, 304], [46, 326]), 0.2);
  const crackle = 'M112 232l22 20l-8 26l20 18M168 240l14 24l-10 30M226 236l-6 30l18 22M276 236l-18 22l8 24l-18 20M134 252l38 12M182 264l38 2M220 266l40 -8';
  return (
    shadow(200, 330, 76) +
    paint(foot, lit(ink.clay, 0.1)) +
    paint(bowl, colour, 'glaze') +
    `<path d="${crackle}" fill="none" stroke="${shaded(colour, 0.5)}" stroke-width="1.6" opacity=".45"/>` +
    shape(bowl.band(-1, 1, 196, 202), shaded(ink.clay, 0.1)) +
    mouth(bowl, lit(ink.clay, 0.3), '#7fa35a', 0.42) +
    `<g fill="#c6d99a"><circle cx="168" cy="210" r="3.4"/><circle cx="180" cy="214" r="2.2"/><circle cx="228" cy="209" r="3"/><circle cx="214" cy="216" r="2.4"/><circle cx="246" cy="213" r="2"/><circle cx="150" cy="212" r="2"/></g>` +
    steam(206, 184, 0.8)
  );
}

/** A linen towel on a peg rail, folded once. */
export function towel(colour: string): string {
  const cloth = ink.paper;
  const back = 'M150 112C150 180 144 250 150 306L258 312C262 250 252 180 254 112Z';
  const front = 'M120 108C128 190 112 270 118 344C150 352 190 346 232 350C238 270 226 190 230 108Z';
  const stripes = (d: string, width: number) => `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  return (
    // Rail and pegs
    shape('M0 86h400v26H0z', ink.wood) +
    shape('M0 86h400v6H0z', lit(ink.wood, 0.4)) +
    shape('M0 106h400v6H0z', shaded(ink.wood, 0.24)) +
    `<path d="M58 100h.1M340 100h.1" stroke="${shaded(ink.wood, 0.36)}" stroke-width="28" stroke-linecap="round"/><path d="M54 97h.1M336 97h.1" stroke="${lit(ink.wood, 0.3)}" stroke-width="21" stroke-linecap="round"/>` +
    `<path d="M150 118C160 220 152 300 156 350L276 336C276 260 270 180 262 114z" fill="#10283a" opacity=".16"/>` +
    shape(back, shaded(cloth, 0.16)) +
    shape('M206 112h48c-2 68 8 138 4 200l-40 -2z', shaded(cloth, 0.28)) +
    stripes('M149 276q54 8 110 6', 7) +
    stripes('M149 290q54 8 110 6', 3) +
    shape(front, cloth) +
    `<clipPath id="front"><path d="${front}"/></clipPath><g clip-path="url(#front)">` +
    stripes('M100 296q70 12 150 4', 16) +
    stripes('M100 318q70 12 150 4', 6) +
    stripes('M100 276q70 12 150 4', 6) +
    stripes('M100 128q70 10 150 2', 6) +
    shape('M120 108c8 82 -8 162 -2 240h14c-4 -80 10 -160 4 -240z', lit(ink.butter, 0.7), 'opacity=".8"') +
    shape('M164 108c6 80 -2 160 2 244h14c-6 -90 6 -160 -2 -244z', '#152c44', 'opacity=".1"') +
    shape('M202 108c6 90 -6 160 4 244h40v-244z', '#152c44', 'opacity=".12"') +
    shape('M216 108c8 90 -2 160 6 244h30v-244z', '#152c44', 'opacity=".14"') +
    `</g>` +
    `<path d="M174 108q2 -34 12 -34t10 34" fill="none" stroke="${shaded(colour, 0.1)}" stroke-width="6"/>` +
    `<path d="M185 97h.1" stroke="${shaded(ink.wood, 0.36)}" stroke-width="28" stroke-linecap="round"/><path d="M181 94h.1" stroke="${lit(ink.wood, 0.3)}" stroke-width="21" stroke-linecap="round"/>`
  );
}
