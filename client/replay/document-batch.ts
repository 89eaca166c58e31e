import { EXTENSION, type OfflineResponse } from '../../schema/protocol.ts';
import { canMerge, mergeDocuments, mergedKey, mergedName } from '../outbox/merged-document.ts';
import { sizeOf as contentsOf } from '../outbox/plain.ts';
import type { MutationRecord } from '../outbox/record.ts';
import { type Answer, type AnswerError, classify } from './outcome.ts';

/**
 * Several records in one document: one aliased root field each, in the order given. GraphQL runs the root fields of a mutation
 * one after another, so no server needs to know of batches.
 *
 * It also runs a field after one that failed. So only records that do not wait for one another share a document (lanes.ts): a child
 * beside its parent would be refused for good where the parent failed for the moment, and a second edit of an entity needs the
 * version that the first one is answered with (conflict/rebase.ts).
 */
export interface BatchDocument {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The response key of each record. */
  readonly keys: readonly string[];
}

export interface BatchLimits {
  /** Records in one document. */
  readonly maxCount: number;
  /** Bytes of their documents and variables, before links add to them. */
  readonly maxBytes: number;
}

/**
 * At most `count` batches, from records that are ready, best first. A batch holds records of one tab (a request names one client)
 * and of one priority (nobody urgent waits for an answer to all the others). `sizeOf`: the most records that may be in one with it.
 */
export function planBatches(
  ready: Iterable<MutationRecord>,
  count: number,
  limits: BatchLimits,
  sizeOf: (record: MutationRecord) => number,
): readonly (readonly MutationRecord[])[] {
  const batches: { records: MutationRecord[]; bytes: number; most: number }[] = [];
  let full = 0;
  let passed = 0;
  for (const record of ready) {
    // Whoever finds no room is looked at again soon; nobody has to look through thousands of them now.
    if (full === count || passed > limits.maxCount) break;
    // Files make a request of another form, and a large one.
    const isPlain = canMerge(record.document) && contentsOf(record.variables).bytes === 0;
    const most = isPlain ? Math.min(limits.maxCount, sizeOf(record)) : 1;
    const bytes = most === 1 ? 0 : bytesOf(record);
    const open = batches.find(
      ({ records: [first, ...others], ...batch }) =>
        first?.clientId === record.clientId &&
        first.priority === record.priority &&
        others.length + 2 <= Math.min(most, batch.most) &&
        batch.bytes + bytes <= limits.maxBytes,
    );
    if (open) {
      open.records.push(record);
      open.bytes += bytes;
      open.most = Math.min(open.most, most);
    } else if (batches.length < count) batches.push({ records: [record], bytes, most });
    else passed += 1;
    full = batches.filter(({ records, most: room }) => records.length >= room).length;
  }
  return batches.map(({ records }) => records);
}

/** Text and names depend on the documents and their places alone, so that both ends know the next batch of that form by heart. */
export function batchDocument(records: readonly MutationRecord[]): BatchDocument {
  const texts = records.map(({ document }) => document);
  const keys = records.map((_, index) => mergedKey(index));
  const variables = records.flatMap((record, index) =>
    Object.entries(record.variables).map(([name, value]) => [mergedName(index, name), value] as const),
  );
  return { document: mergeDocuments(texts), variables: Object.fromEntries(variables), keys };
}

/**
 * What one answer to a batch says to each of its records, as if each had been sent alone; `refused` when the server would have
 * none of the document and nothing of it ran. Nobody knows then whose fault it is: a smaller document will tell.
 */
export function splitAnswer(answer: Answer, records: readonly MutationRecord[], keys: readonly string[]): readonly Answer[] | 'refused' {
  if (answer.kind !== 'result') return isRefusal(answer) ? 'refused' : records.map(() => answer);
  const known = new Set(keys);
  const named = answer.errors.some(({ path }) => known.has(String(path?.[0])));
  const answered = answer.data !== null && keys.some((key) => Object.hasOwn(answer.data as object, key));
  if (!named && !answered) return isRefusal(answer) ? 'refused' : records.map(() => answer);
  const nobodys = answer.errors.filter(({ path }) => !known.has(String(path?.[0])));
  const response = answer.extensions[EXTENSION] as Partial<OfflineResponse> | undefined;
  return records.map(({ responseKey }, index): Answer => {
    const key = keys[index] as string;
    const stated = response?.mutations?.[key];
    const value = answer.data?.[key] ?? null;
    const own = answer.errors.filter(({ path }) => path?.[0] === key).map((error) => renamePath(error, responseKey));
    return {
      kind: 'result',
      data: answer.data !== null && Object.hasOwn(answer.data, key) ? { [responseKey]: value } : null,
      // A server may leave aliases out of paths: an error that names nobody is about those who got nothing.
      errors: own.length > 0 || value !== null || stated ? own : nobodys.map((error) => renamePath(error, responseKey)),
      extensions: response
        ? { ...answer.extensions, [EXTENSION]: { ...response, mutations: stated ? { [responseKey]: stated } : {} } }
        : answer.extensions,
    };
  });
}

/** Whether the server would not have the request, rather than one write in it, and would not have it later either. */
export function isRefusal(answer: Answer): boolean {
  if (answer.kind === 'result' && answer.errors.some(({ path }) => path !== undefined && path.length > 0)) return false;
  const { kind } = classify(answer, { responseKey: '', mutation: null }, 0);
  return kind !== 'retryable' && kind !== 'unauthenticated' && kind !== 'applied' && kind !== 'duplicate';
}

function renamePath(error: AnswerError, responseKey: string): AnswerError {
  return { ...error, path: [responseKey, ...(error.path ?? []).slice(1)] };
}

/** About: names are a little longer in the batch, and links add their own. */
function bytesOf({ document, variables, base }: MutationRecord): number {
  return document.length + utf8Length(JSON.stringify(variables)) + utf8Length(JSON.stringify(base));
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) length += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return length;
}
