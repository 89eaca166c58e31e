import { type DocumentNode, parse } from 'graphql';

/**
 * Records keep their document as text; an app has few of them and many records. The same text gives the same node, so that
 * what Apollo and the conflict link remember by identity is found again.
 */
const parsed = new Map<string, DocumentNode>();
const MAX_DOCUMENTS = 500;

/** @throws GraphQLError when the text is no document. */
export function parseDocument(text: string): DocumentNode {
  let document = parsed.get(text);
  if (!document) {
    document = parse(text, { noLocation: true });
    if (parsed.size >= MAX_DOCUMENTS) parsed.clear();
    parsed.set(text, document);
  }
  return document;
}
