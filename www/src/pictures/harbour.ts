import { kettle } from './metal';
import { ironTeapot } from './pots';
import { ink, lit, mix, shaded } from './palette';
import { placed } from './scene';
import { tern } from './still-life';
import { mug } from './tableware';
import { roundTin } from './tea';

const swell = (y: number, step: number, colour: string, opacity: number) => {
  let d = `M-20 ${y}`;
  for (let x = -20; x < 1240; x += step) d += `q${step / 4} -5 ${step / 2} 0t${step / 2} 0`;
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="3" opacity="${opacity}"/>`;
};

function lighthouse(x: number, y: number): string {
  return (
    `<g transform="translate(${x} ${y})">` +
    `<path d="M-10 -80h20l8 80h-36z" fill="${ink.white}"/><path d="M2 -80h8l8 80h-10z" fill="${shaded(ink.white, 0.2)}"/>` +
    `<path d="M-12.5 -56h25l2 20h-29zM-16 -16h32l2 16h-36z" fill="${ink.vermilion}"/>` +
    `<path d="M-8 -98h16v18h-16z" fill="${ink.butter}"/><path d="M-13 -80h26v4h-26zM-11 -98L0 -112L11 -98z" fill="${ink.night}"/></g>`
  );
}

function ferry(x: number, y: number): string {
  return (
    `<g transform="translate(${x} ${y})"><path d="M-58 0h116l-14 20h-92z" fill="${ink.night}"/><path d="M-58 0h116l-3 5h-110z" fill="${ink.white}"/>` +
    `<path d="M-42 -16h80v16h-80z" fill="${ink.white}"/><path d="M14 -16h24v16h-24z" fill="${shaded(ink.white, 0.16)}"/><path d="M-8 -34h18v18h-18z" fill="${ink.vermilion}"/>` +
    `<g fill="${ink.sea}"><path d="M-34 -11h8v6h-8zM-20 -11h8v6h-8zM-6 -11h8v6h-8zM8 -11h8v6h-8zM22 -11h8v6h-8z"/></g></g>`
  );
}

/** The view from the shop's window: the banner of the catalogue. The left half stays calm for words. */
export function harbour(): string {
  const sky = '#f6c9a4';
  const dawn = mix(sky, ink.coral, 0.3);
  const sea = mix(ink.sea, ink.sky, 0.34);
  const sill = mix(ink.wood, ink.paper, 0.12);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 460" width="1200" height="460" preserveAspectRatio="xMaxYMid slice">` +
    `<path d="M0 0h1200v460H0z" fill="${sky}"/><path d="M0 0h1200v120H0z" fill="${dawn}"/><path d="M0 200h1200v110H0z" fill="${mix(sky, ink.butter, 0.5)}"/>` +
    `<circle cx="724" cy="236" r="96" fill="${lit(ink.butter, 0.35)}"/><circle cx="724" cy="236" r="68" fill="${lit(ink.butter, 0.7)}"/>` +
    // Long low clouds
    `<g fill="${lit(sky, 0.55)}"><rect x="24" y="268" width="150" height="12" rx="6"/><rect x="84" y="284" width="200" height="9" rx="4.5"/><rect x="850" y="58" width="260" height="14" rx="7"/><rect x="930" y="78" width="180" height="10" rx="5"/></g>` +
    // Headland
    `<g transform="translate(0 46)"><path d="M860 256q60 -34 130 -40q70 -6 210 8v40H860z" fill="${shaded(ink.moss, 0.2)}"/><path d="M860 256q60 -34 130 -40q20 -2 40 -2q-40 16 -70 42z" fill="${lit(ink.moss, 0.3)}"/>${lighthouse(1004, 220)}</g>` +
    `<path d="M0 298h1200v162H0z" fill="${sea}"/><path d="M0 326h1200v134H0z" fill="${mix(sea, ink.sea, 0.45)}"/><path d="M0 360h1200v100H0z" fill="${mix(sea, ink.deep, 0.6)}"/>` +
    `<path d="M676 300h96l-16 16h30l-26 20h34l-70 30l-70 -30h34l-26 -20h30z" fill="${lit(ink.butter, 0.6)}" opacity=".5"/>` +
    swell(312, 90, ink.white, 0.4) +
    swell(342, 130, ink.white, 0.28) +
    swell(374, 170, ink.white, 0.18) +
    ferry(404, 292) +
    tern(830, 122, 0.8, ink.white) +
    tern(920, 150, 0.46, ink.white) +
    tern(1090, 176, 0.4, ink.white) +
    // The sill
    `<path d="M0 392h1200v68H0z" fill="${sill}"/><path d="M0 392h1200v7H0z" fill="${lit(sill, 0.5)}"/><path d="M0 436h1200v24H0z" fill="${shaded(sill, 0.24)}"/>` +
    placed(ironTeapot('#2f4448'), 560, 172, 0.75) +
    placed(roundTin(), 720, 152, 0.74) +
    placed(kettle(ink.butter), 896, 142, 0.84) +
    placed(mug(ink.sea), 846, 262, 0.46) +
    '</svg>'
  );
}
