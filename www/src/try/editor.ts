import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Fault } from './bench';
import { placeOf } from './place';

/** A sheet of JSON. It lives in a shadow root: there its styles are adopted, which the page's own policy allows. */

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--card)', fontSize: '0.875rem', height: '100%' },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '-3px' },
  '.cm-content': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--card)', color: 'var(--soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--well) 55%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--focus) 35%, transparent)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--card)', color: 'var(--ink)', border: '1px solid var(--edge)', maxWidth: '28rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--well)', color: 'var(--ink)' },
  '.cm-completionInfo': { padding: '0.5rem 0.75rem' },
  // drawn by a picture in the address of a style otherwise, which the page's policy refuses
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--refuse)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--wait)' },
  '.cm-lintPoint': { display: 'none' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--refuse)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--wait)' },
});

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink)', fontWeight: '600' },
  { tag: tags.string, color: 'var(--gain)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--refuse)' },
  { tag: [tags.brace, tags.squareBracket, tags.separator], color: 'var(--soft)' },
]);

export class Sheet {
  readonly view: EditorView;

  constructor(place: HTMLElement, label: string, changed: () => void, more: Extension = []) {
    const root = place.attachShadow({ mode: 'open' });
    this.view = new EditorView({
      parent: root,
      root,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        autocompletion({ icons: false }),
        json(),
        syntaxHighlighting(highlight),
        theme,
        EditorState.tabSize.of(2),
        // Tab leaves the editor, as it leaves any field
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed();
        }),
        more,
      ],
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  /** What JSON the sheet holds, or what keeps it from being JSON, shown at its place. */
  parsed(): { value: unknown } | { fault: string } {
    try {
      return { value: JSON.parse(this.text) };
    } catch (error) {
      const found = jsonParseLinter()(this.view);
      this.view.dispatch(setDiagnostics(this.view.state, [...found]));
      const place = found[0] ? this.lineOf(found[0].from) : '';
      return { fault: `${place}${error instanceof Error ? error.message : String(error)}` };
    }
  }

  mark(faults: readonly Fault[]): void {
    const marks = faults.map(({ pointer, severity, message, help }): Diagnostic => {
      return { ...this.placeOf(pointer), severity, message: help === '' ? message : `${message}: ${help}` };
    });
    this.view.dispatch(setDiagnostics(this.view.state, marks.sort((a, b) => a.from - b.from)));
  }

  placeOf(pointer: string): { from: number; to: number } {
    return placeOf(this.view.state, pointer);
  }

  /** `line 3: `, for those who do not see marks. */
  lineOf(at: number): string {
    return `line ${this.view.state.doc.lineAt(at).number}: `;
  }

  /** Puts the cursor where a pointer points to. */
  show(pointer: string): void {
    const { from, to } = this.placeOf(pointer);
    this.view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    this.view.focus();
  }
}

