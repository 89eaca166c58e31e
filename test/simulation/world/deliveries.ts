import { type FieldNode, Kind, parse, valueFromASTUntyped } from 'graphql';
import type { Delivery } from './commit-log.ts';

interface Body {
  readonly query?: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: {
    readonly offline?: {
      readonly clientId: string;
      readonly ackedThrough: number;
      readonly retired?: readonly string[];
      readonly mutations: Readonly<Record<string, Entry>>;
    };
  };
}

interface Entry {
  readonly id: number;
  readonly base?: Readonly<Record<string, unknown>>;
  readonly lease?: number;
}

/** One of the writes that a request brings. */
export interface Part {
  readonly delivery: Delivery;
  /** What the answer says about it alone, as if it had come alone. */
  answer(body: string): string;
}

/** A request as the writes that it brings: the oracles know of writes, and not of how many travel together. */
export function readParts(text: string, from: Pick<Delivery, 'device' | 'tab' | 'user'>, number: () => number): readonly Part[] {
  const { operationName = '', query = '', variables = {}, extensions } = read(text);
  const offline = extensions?.offline;
  const entries = Object.entries(offline?.mutations ?? {});
  const about = { ...from, clientId: offline?.clientId ?? null, acked: offline?.ackedThrough ?? 0, retired: offline?.retired ?? [] };
  if (offline === undefined || entries.length < 2) {
    const [key, entry] = entries[0] ?? [];
    const identity = offline && key !== undefined && entry ? identityOf(offline.clientId, key, entry) : null;
    const delivery = { ...about, number: number(), operation: operationName, ticket: ticketIn(variables), variables, identity };
    return [{ delivery, answer: (body) => body }];
  }
  const fields = rootFields(query);
  return entries.map(([alias, entry]): Part => {
    const field = fields.find(({ alias: name }) => name?.value === alias);
    const own = field ? valuesOf(field, variables) : {};
    const key = field?.name.value ?? alias;
    const identity = identityOf(offline.clientId, key, entry);
    const operation = key.charAt(0).toUpperCase() + key.slice(1);
    const delivery = { ...about, number: number(), operation, ticket: ticketIn(own), variables: own, identity };
    return { delivery, answer: (body) => answerTo(body, alias, key) };
  });
}

function identityOf(clientId: string, key: string, { id, base, lease }: Entry) {
  return { clientId, mutationId: id, key, base: base ?? null, lease: lease ?? null };
}

/** The arguments of a field, and the arguments of what is marked on it, under their own names. */
function valuesOf(field: FieldNode, variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const ticket = field.directives?.find(({ name }) => name.value === 'ticket')?.arguments?.[0];
  const values = (field.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)] as const);
  return Object.fromEntries([...values, ...(ticket ? [['ticket', valueFromASTUntyped(ticket.value, variables)] as const] : [])]);
}

function answerTo(body: string, alias: string, key: string): string {
  const { data, errors, extensions } = JSON.parse(body) as {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly errors?: readonly { readonly path?: readonly unknown[] }[];
    readonly extensions?: { readonly offline?: { readonly mutations: Readonly<Record<string, unknown>> } };
  };
  const own = errors?.filter(({ path }) => path === undefined || path[0] === alias);
  const outcome = extensions?.offline?.mutations[alias];
  return JSON.stringify({
    data: data && { [key]: data[alias] },
    ...(own && own.length > 0
      ? { errors: own.map((error) => (error.path ? { ...error, path: [key, ...error.path.slice(1)] } : error)) }
      : {}),
    extensions: extensions?.offline
      ? { ...extensions, offline: { ...extensions.offline, mutations: outcome ? { [key]: outcome } : {} } }
      : extensions,
  });
}

function rootFields(query: string): readonly FieldNode[] {
  const [operation] = parse(query, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return operation.selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection] : []));
}

function ticketIn(variables: Readonly<Record<string, unknown>>): string | null {
  return typeof variables.ticket === 'string' ? variables.ticket : null;
}

function read(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}
