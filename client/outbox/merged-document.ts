import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode, print, visit } from 'graphql';
import { parseDocument } from './document.ts';

export const MERGED_OPERATION = 'OfflineBatch';

/** The response key of the document at a place. */
export const mergedKey = (index: number): string => `m${index}`;
/** What a variable of the document at a place is called. */
export const mergedName = (index: number, name: string): string => `${mergedKey(index)}_${name}`;

interface Shareable {
  readonly operation: OperationDefinitionNode;
  readonly field: FieldNode;
  readonly fragments: readonly FragmentDefinitionNode[];
  /** Fragments that come to a variable, themselves or through another: they mean something else for every record. */
  readonly personal: ReadonlySet<string>;
}

const shareables = new WeakMap<DocumentNode, Shareable | null>();

/** What hangs on its whole document (a directive of the operation, an answer in parts) goes alone, and so does what cannot be read. */
export function canMerge(document: string): boolean {
  return shareableOf(document) !== null;
}

function shareableOf(text: string): Shareable | null {
  let document: DocumentNode;
  try {
    document = parseDocument(text);
  } catch {
    return null;
  }
  let shareable = shareables.get(document);
  if (shareable === undefined) {
    shareable = readShareable(document);
    shareables.set(document, shareable);
  }
  return shareable;
}

function readShareable({ definitions }: DocumentNode): Shareable | null {
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const [operation, ...more] = definitions.filter((node) => node.kind !== Kind.FRAGMENT_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== 'mutation' || more.length > 0) return null;
  const [field, ...others] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || others.length > 0 || (operation.directives?.length ?? 0) > 0) return null;
  let isWhole = true;
  const personal = new Set<string>();
  const spreads = new Map<string, Set<string>>();
  for (const node of [field, ...fragments]) {
    const name = node.kind === Kind.FRAGMENT_DEFINITION ? node.name.value : '';
    visit(node, {
      Directive: (directive) => {
        if (directive.name.value === 'defer' || directive.name.value === 'stream') isWhole = false;
      },
      Variable: () => void personal.add(name),
      FragmentSpread: (spread) => void spreads.set(spread.name.value, (spreads.get(spread.name.value) ?? new Set()).add(name)),
    });
  }
  for (const name of personal) for (const user of spreads.get(name) ?? []) personal.add(user);
  return isWhole ? { operation, field, fragments, personal } : null;
}

const texts = new Map<string, string>();
const MAX_TEXTS = 20;

/**
 * Documents of one mutation root field each as one document, in their order. Text and names depend on the documents and their places
 * alone, so that both ends know the next one of that form by heart.
 */
export function mergeDocuments(documents: readonly string[]): string {
  const form = documents.join('\n');
  let text = texts.get(form);
  if (text === undefined) {
    text = print(merge(documents));
    const [oldest] = texts.keys();
    if (oldest !== undefined && texts.size >= MAX_TEXTS) texts.delete(oldest);
    texts.set(form, text);
  }
  return text;
}

function merge(documents: readonly string[]): DocumentNode {
  const places = new Map<string, number>();
  const fragments: FragmentDefinitionNode[] = [];
  const parts = documents.map((document, index) => {
    const part = shareableOf(document);
    if (part === null) throw new TypeError(`expected documents that can share one, got ${document.slice(0, 80)}`);
    const isFirst = !places.has(document);
    const place = places.get(document) ?? places.size;
    places.set(document, place);
    // Each name gets a prefix that no other place has, so nothing can clash.
    const nameOf = (fragment: string): string => (part.personal.has(fragment) ? mergedName(index, fragment) : `f${place}_${fragment}`);
    const own = <T extends FieldNode | FragmentDefinitionNode>(node: T): T =>
      visit(node, {
        Variable: (variable) => ({ ...variable, name: { kind: Kind.NAME, value: mergedName(index, variable.name.value) } }),
        FragmentSpread: (spread) => ({ ...spread, name: { kind: Kind.NAME, value: nameOf(spread.name.value) } }),
        FragmentDefinition: (definition) => ({ ...definition, name: { kind: Kind.NAME, value: nameOf(definition.name.value) } }),
      }) as T;
    for (const fragment of part.fragments) if (isFirst || part.personal.has(fragment.name.value)) fragments.push(own(fragment));
    return {
      field: { ...own(part.field), alias: { kind: Kind.NAME, value: mergedKey(index) } } satisfies FieldNode,
      definitions: (part.operation.variableDefinitions ?? []).map((definition) => ({
        ...definition,
        variable: {
          ...definition.variable,
          name: { kind: Kind.NAME as const, value: mergedName(index, definition.variable.name.value) },
        },
      })),
    };
  });
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: 'mutation' as OperationDefinitionNode['operation'],
        name: { kind: Kind.NAME, value: MERGED_OPERATION },
        variableDefinitions: parts.flatMap(({ definitions }) => definitions),
        selectionSet: { kind: Kind.SELECTION_SET, selections: parts.map(({ field }) => field) },
      },
      ...fragments,
    ],
  };
}
