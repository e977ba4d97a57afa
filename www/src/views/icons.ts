import { Markup } from '../html';
import { ternPath } from '../pictures/still-life';

const stroked = (d: string) =>
  new Markup(
    `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="${d}"/></svg>`,
  );

export const icons = {
  plus: stroked('M12 5v14M5 12h14'),
  minus: stroked('M5 12h14'),
  close: stroked('M6 6l12 12M18 6L6 18'),
  back: stroked('M14 5l-7 7 7 7'),
  check: stroked('M5 13l4.5 4.5L19 7.5'),
  clock: stroked('M12 7v5l3 2M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0'),
  basket: stroked('M4 10h16l-1.6 9.2a1 1 0 0 1-1 .8H6.6a1 1 0 0 1-1-.8zM8.5 10L11 4M15.5 10L13 4'),
  alert: stroked('M12 7.5v5.5M12 16.5v.1M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0'),
  parcel: stroked('M4 8l8-4l8 4v8.5l-8 4l-8-4zM4 8l8 4l8-4M12 12v8.5'),
  moon: stroked('M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5'),
  star: stroked('M12 4l2.4 5 5.4.7-4 3.8 1 5.4-4.8-2.7-4.8 2.7 1-5.4-4-3.8 5.4-.7z'),
};

export const logo = new Markup(`<svg class="logo-bird" viewBox="-52 -46 104 80" aria-hidden="true"><path d="${ternPath}" fill="currentColor"/></svg>`);
