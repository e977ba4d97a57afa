import { lit, shaded } from './palette';
import { round } from './turned';

export const tableEdge = 286;

/** The dark a thing leaves on the table, thrown to the right by the window. */
export function shadow(cx: number, y: number, r: number, stretch = 1): string {
  const soft = (dx: number, rx: number, ry: number, opacity: number) =>
    `<ellipse cx="${round(cx + dx)}" cy="${round(y + ry * 0.2)}" rx="${round(rx)}" ry="${round(ry)}" fill="#10283a" opacity="${opacity}"/>`;
  return soft(r * 0.55 * stretch, r * (1 + 0.45 * stretch), r * 0.2, 0.13) + soft(r * 0.1, r * 1.08, r * 0.17, 0.24);
}

/** A wall, a table and the light of a window on both: where every product is photographed. */
export function scene(wall: string, table: string, content: string): string {
  const pane = (x: number, y: number) => `M${x} ${y}l74 34v88l-74 -34z`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">` +
    `<path d="M0 0h400v400H0z" fill="${wall}"/>` +
    `<path d="${pane(214, 8)}${pane(298, 47)}${pane(214, 110)}${pane(298, 149)}" fill="${lit(wall, 0.42)}" opacity=".55"/>` +
    `<path d="M0 ${tableEdge}h400V400H0z" fill="${table}"/>` +
    `<path d="M0 ${tableEdge}h400v4H0z" fill="${lit(table, 0.4)}"/>` +
    `<path d="M0 372l400 14v14H0z" fill="${shaded(table, 0.1)}" opacity=".5"/>` +
    content +
    '</svg>'
  );
}

/** Something drawn once, set elsewhere at another size. */
export const placed = (content: string, x: number, y: number, scale = 1) => `<g transform="translate(${round(x)} ${round(y)}) scale(${scale})">${content}</g>`;
