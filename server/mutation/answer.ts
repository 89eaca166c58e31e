import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { FieldOutcome } from '../../schema/protocol.ts';

/** How one mutation root field ended. */
export interface FieldAnswer {
  readonly data: unknown;
  readonly errors: readonly GraphQLError[];
  /** `null`: nothing was consumed; the same delivery may come again. */
  readonly outcome: FieldOutcome | null;
}

/** An error as it is kept: without its place in the document, which a repeat may not share, and its path below the root field. */
interface KeptError {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly extensions?: GraphQLErrorExtensions;
}

interface Kept {
  readonly data: unknown;
  readonly errors?: readonly KeptError[];
}

/** A final answer as text. JSON of JSON is the same text again, so what is read back and sent is byte-equal to what was sent first. */
export function writeAnswer({ data, errors }: Pick<FieldAnswer, 'data' | 'errors'>): string {
  const kept: Kept = errors.length > 0 ? { data: data ?? null, errors: errors.map(keep) } : { data: data ?? null };
  return JSON.stringify(kept);
}

export function readAnswer(text: string, responseKey: string): Pick<FieldAnswer, 'data' | 'errors'> {
  const { data, errors = [] } = JSON.parse(text) as Kept;
  return { data, errors: errors.map((error) => revive(error, responseKey)) };
}

/** The errors of a first delivery in the form in which every repeat has them. */
export function settled(errors: readonly GraphQLError[], responseKey: string): readonly GraphQLError[] {
  return errors.map((error) => revive(keep(error), responseKey));
}

function keep({ message, path, extensions }: GraphQLError): KeptError {
  const below = path?.slice(1) ?? [];
  // A status that one refusal asks for would hide the answers of its neighbours in the batch.
  const { http: _, ...rest } = extensions;
  return Object.keys(rest).length > 0 ? { message, path: below, extensions: rest } : { message, path: below };
}

function revive({ message, path, extensions }: KeptError, responseKey: string): GraphQLError {
  return new GraphQLError(message, { path: [responseKey, ...path], extensions: extensions ?? null });
}
