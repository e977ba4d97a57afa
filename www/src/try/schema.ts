import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';

/** Completions for campaign documents, from the JSON Schema that the repository writes from its own types. */

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

/** What a schema may be: itself without references, or each of its alternatives. */
function forms(root: Schema, schema: Schema | undefined, depth = 0): Schema[] {
  if (schema === undefined || depth > 12) return [];
  const named = schema.$ref?.startsWith('#/$defs/') ? root.$defs?.[schema.$ref.slice('#/$defs/'.length)] : undefined;
  const others = [...(named ? [named] : []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...others.flatMap((other) => forms(root, other, depth + 1))];
}

const textOf = (state: EditorState, node: SyntaxNode) => state.sliceDoc(node.from, node.to);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const nameOf = (state: EditorState, property: SyntaxNode) => {
  const name = property.getChild('PropertyName');
  return name ? parsed(textOf(state, name)) : undefined;
};

/** The members of an object that are written already. */
function membersOf(state: EditorState, object: SyntaxNode): Map<unknown, unknown> {
  return new Map(object.getChildren('Property').map((property) => [nameOf(state, property), property.lastChild ? parsed(textOf(state, property.lastChild)) : undefined]));
}

/** Of several kinds of object those that the members written so far allow. */
function fitting(root: Schema, candidates: readonly Schema[], members: Map<unknown, unknown>): Schema[] {
  return candidates.filter(({ properties }) =>
    Object.entries(properties ?? {}).every(([name, member]) => {
      const values: unknown[] = forms(root, member).flatMap((form) => (form.const === undefined ? [] : [form.const]));
      return values.length === 0 || !members.has(name) || values.includes(members.get(name));
    }),
  );
}

/** The forms that the value at a node may have. */
function formsAt(root: Schema, state: EditorState, node: SyntaxNode): Schema[] {
  const above = node.parent;
  if (above === null || above.name === 'JsonText') return forms(root, root);
  const outer = formsAt(root, state, above);
  if (above.name === 'Array') return outer.flatMap(({ items }) => forms(root, items));
  if (above.name === 'Property') {
    const object = above.parent;
    const name = nameOf(state, above);
    if (object === null || typeof name !== 'string') return [];
    return fitting(root, outer, membersOf(state, object)).flatMap(({ properties, additionalProperties }) =>
      forms(root, properties?.[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)),
    );
  }
  return outer;
}

const distinct = (options: Completion[]) => [...new Map(options.map((option) => [option.label, option])).values()];

/** Names of members that are not written yet. */
function names(root: Schema, state: EditorState, object: SyntaxNode): Completion[] {
  const members = membersOf(state, object);
  const open = fitting(root, formsAt(root, state, object), members);
  const options = open.flatMap(({ properties }) =>
    Object.entries(properties ?? {}).map(([name, member]): Completion => {
      const info = member.description;
      return { label: name, type: 'property', ...(info !== undefined && { info }) };
    }),
  );
  return distinct(options).filter(({ label }) => !members.has(label));
}

function values(root: Schema, state: EditorState, node: SyntaxNode): Completion[] {
  const options = formsAt(root, state, node).flatMap((form): Completion[] => {
    const all: unknown[] = form.const === undefined ? (form.enum ?? []) : [form.const];
    return all.filter((value) => typeof value === 'string').map((value) => ({ label: value, ...(form.description !== undefined && { info: form.description }) }));
  });
  return distinct(options);
}

/** Completes in quotes: names of members and texts that a member may have. */
export const completions = (schema: Promise<Schema>) => async (context: CompletionContext): Promise<CompletionResult | null> => {
  const { state, pos } = context;
  const node = syntaxTree(state).resolveInner(pos, -1);
  const isQuoted = node.name === 'PropertyName' || node.name === 'String';
  if (!isQuoted && node.name !== 'Object') return null;
  if (!isQuoted && !context.explicit) return null;
  const root = await schema;
  const isValue = node.name === 'String' && node.parent?.name !== 'Object';
  const object = node.name === 'Object' ? node : node.name === 'PropertyName' ? node.parent?.parent : node.parent;
  const options = isValue ? values(root, state, node) : object ? names(root, state, object) : [];
  if (options.length === 0) return null;
  if (!isQuoted) return { from: pos, options: options.map((option) => ({ ...option, apply: `"${option.label}": ` })) };
  return { from: node.from + 1, to: Math.max(node.from + 1, textOf(state, node).endsWith('"') && node.to > node.from + 1 ? node.to - 1 : node.to), options };
};
