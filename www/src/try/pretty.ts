/** JSON as people write it: what is short stands on one line. */

const widest = 76;

export function pretty(value: unknown, indent = ''): string {
  const short = inline(value);
  if (short.length + indent.length <= widest || typeof value !== 'object' || value === null) return short;
  const deeper = `${indent}  `;
  const rows = Array.isArray(value)
    ? value.map((element) => pretty(element, deeper))
    : Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${pretty(member, deeper)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${rows.map((row) => deeper + row).join(',\n')}\n${indent}${close}`;
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${inline(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
