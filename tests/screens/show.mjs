// The kept pictures as a page, and what differs beside what was there.
import { SCHEMES, SCREENS } from './pages.mjs';

/** The page of this folder: every page that people see, side by side; `looked` says of each picture on which day somebody did. */
export function index(pages, looked) {
  const columns = Object.keys(SCREENS).flatMap((screen) => SCHEMES.map((scheme) => `${screen}-${scheme}`));
  const width = (column) => (column.startsWith('phone') ? 110 : 260);
  const shown = (name, column) => `<a href="pictures/${name}-${column}.webp"><img src="pictures/${name}-${column}.webp" width="${width(column)}" alt="${name}, ${column.replace('-', ', ')}"></a>`;
  const rows = pages.map(({ name, on }) => {
    const has = new Set(on.map(({ screen, scheme }) => `${screen}-${scheme}`));
    const days = new Set([...has].map((column) => looked[`${name}-${column}`]).map(({ day, www }) => `${day}, \`${www}\``));
    return `| ${[name, ...columns.map((column) => (has.has(column) ? shown(name, column) : '')), [...days].join('<br>')].join(' | ')} |`;
  });
  return `# Every page, as it was looked at

Each of these pictures was looked at by eye, on the day that stands beside it; the name behind the day is that of \`www\` as it was then (\`git rev-parse --short
HEAD:www\`). \`cargo xtask screens\` takes all of them again, from the demo shop and a console on workerd, in Chromium, names those that differ and lays
them beside these in \`target/screens/index.html\`. After a change of a page look at what it lists; then \`cargo xtask screens --keep\` makes them the
kept ones and writes this page. Names behind it, such as \`shop-club console\`, choose some.

Pages tell the time as it was on 2 March 2026; ids of orders, codes of invitations and the days of charts are new each time. Fonts differ from
one machine to another, so no test asks for the same pixels: \`cargo xtask test js/screens\` holds that there is a picture of every page and none besides.

| page | ${columns.map((column) => column.replace('-', ', ')).join(' | ')} | looked at |
|---|${columns.map(() => '---|').join('')}---|
${rows.join('\n')}
`;
}

/** What differs, the kept picture on the left. */
export function besides(differences, { kept, taken }) {
  const row = ({ name, share, isNew }) => `<section><h2>${name}: ${isNew ? 'new' : `${(share * 100).toFixed(1)} %`}</h2>
<div>${isNew ? '' : `<img src="file://${kept}/${name}.webp" alt="kept">`}<img src="file://${taken}/${name}.webp" alt="now"></div></section>`;
  return `<!doctype html><meta charset="utf-8"><title>Pages that differ</title>
<style>body { font: 16px system-ui } div { display: flex; gap: 1rem; align-items: start } img { max-width: 48vw; border: 1px solid #888 }</style>
<h1>Pages that differ</h1><p>Kept on the left, as it is now on the right.</p>
${differences.map(row).join('\n')}
`;
}
