import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';

/** Where a JSON Pointer points to in the text, by its syntax tree. A place that is not there falls back to what would hold it. */

const unescaped = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~');

const childrenOf = (node: SyntaxNode) => {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
};

const isPunctuation = ({ name }: SyntaxNode) => /^[[\]{},:⚠]$/.test(name);

/** A property by its name, or an element by its number. */
function within(state: EditorState, node: SyntaxNode, part: string): SyntaxNode | undefined {
  if (node.name === 'Array') return childrenOf(node).filter((child) => !isPunctuation(child))[Number(part)];
  const property = childrenOf(node).find((child) => {
    const name = child.name === 'Property' ? child.getChild('PropertyName') : null;
    return name !== null && JSON.parse(state.sliceDoc(name.from, name.to)) === part;
  });
  return property;
}

const valueOf = (node: SyntaxNode) => (node.name === 'Property' ? (node.lastChild ?? node) : node);

export function placeOf(state: EditorState, pointer: string): { from: number; to: number } {
  let node: SyntaxNode | null = syntaxTree(state).topNode.firstChild;
  let shown = node;
  for (const part of pointer.split('/').slice(1).map(unescaped)) {
    const next: SyntaxNode | undefined = node ? within(state, node, part) : undefined;
    if (!next) break;
    shown = next;
    node = valueOf(next);
  }
  if (!shown) return { from: 0, to: 0 };
  // of an object or a list the first line is enough
  const to = Math.min(shown.to, state.doc.lineAt(shown.from).to);
  return { from: shown.from, to };
}
