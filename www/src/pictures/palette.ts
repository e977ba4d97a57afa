/** The printing inks of the shop's pictures. Every drawing mixes its tones from these. */
export const ink = {
  night: '#12303a',
  sea: '#1f7a80',
  deep: '#0f4f57',
  sky: '#bfdfe0',
  mist: '#dde9e2',
  paper: '#f8f1e0',
  white: '#fffcf3',
  butter: '#f6d98b',
  saffron: '#eda92c',
  vermilion: '#d6452a',
  coral: '#ec8267',
  rose: '#eebfae',
  plum: '#6b3d60',
  sage: '#9cb795',
  moss: '#4c7252',
  leaf: '#2f5d45',
  copper: '#c7733e',
  wood: '#bd8c55',
  clay: '#b9744f',
  steel: '#b4c2c4',
  iron: '#3c474b',
  coffee: '#3e251c',
  crema: '#c48a4e',
} as const;

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `share` of the second colour over the first. */
export function mix(first: string, second: string, share: number): string {
  const a = channels(first);
  const b = channels(second);
  const mixed = a.map((channel, i) => Math.round(channel + ((b[i] ?? 0) - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

// One lamp for the whole shop: warm light from the upper left, cool shade to the right.
export const lit = (colour: string, share: number) => mix(colour, '#fff6dd', share);
export const shaded = (colour: string, share: number) => mix(colour, '#152c44', share);
