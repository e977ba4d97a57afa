/** Markup as text with everything escaped, and a patch that brings a live element to it without losing focus. */

export class Markup {
  constructor(readonly text: string) {}
  toString() {
    return this.text;
  }
}

type Piece = Markup | string | number | false | null | undefined | readonly Piece[];

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function written(piece: Piece): string {
  if (piece === false || piece === null || piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(written).join('');
  return String(piece).replace(/[&<>"']/g, (sign) => escapes[sign]!);
}

export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + written(pieces[i - 1]) + string));
}

const shown = new WeakMap<Element, string>();

/** Makes `element` contain `markup`, changing only what differs. */
export function show(element: Element, markup: Markup): void {
  if (shown.get(element) === markup.text) return;
  shown.set(element, markup.text);
  const template = document.createElement('template');
  template.innerHTML = markup.text;
  patchChildren(element, template.content);
}

const keyOf = (node: Node | null) => (node instanceof Element ? node.getAttribute('data-key') : null);

const alike = (live: Node, wanted: Node) => live.nodeType === wanted.nodeType && live.nodeName === wanted.nodeName && keyOf(live) === keyOf(wanted);

function patchChildren(live: Element, wanted: Element | DocumentFragment): void {
  const keyed = new Map<string, ChildNode>();
  for (const child of live.childNodes) {
    const key = keyOf(child);
    if (key) keyed.set(key, child);
  }
  let here: ChildNode | null = live.firstChild;
  for (const next of [...wanted.childNodes]) {
    const key = keyOf(next);
    const match: ChildNode | null | undefined = key ? keyed.get(key) : here;
    if (match && match !== here && alike(match, next)) live.insertBefore(match, here);
    if (match && alike(match, next)) {
      if (match === here) here = here.nextSibling;
      patchNode(match, next);
    } else {
      live.insertBefore(next, here);
    }
  }
  while (here) {
    const gone: ChildNode = here;
    here = here.nextSibling;
    gone.remove();
  }
}

function patchNode(live: Node, wanted: Node): void {
  if (!(live instanceof Element) || !(wanted instanceof Element)) {
    if (live.nodeValue !== wanted.nodeValue) live.nodeValue = wanted.nodeValue;
    return;
  }
  for (const { name } of [...live.attributes]) {
    // Whether a disclosure is open is the reader's choice.
    if (!wanted.hasAttribute(name) && !(name === 'open' && live instanceof HTMLDetailsElement)) live.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  // What a person has typed or chosen lives in properties, which attributes no longer reach. A field being typed in is left alone.
  if (live instanceof HTMLInputElement) {
    live.checked = wanted.hasAttribute('checked');
    const value = wanted.getAttribute('value');
    if (value !== null && live !== document.activeElement && live.value !== value) live.value = value;
  }
  patchChildren(live, wanted);
}
