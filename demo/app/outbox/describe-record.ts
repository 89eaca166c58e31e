import type { OutboxRecord } from 'farside';
import { fieldSpec, formatValue } from '../fields/fields.ts';
import { inputOf } from '../status/pending-mark.tsx';
import type { Workspace } from '../workspace.tsx';

const VERBS = { create: 'New', update: 'Change', delete: 'Delete', custom: 'Action' } as const;

/** What a waiting change is, in the words of the app: "Change inspection “Roof drainage”", and "Visits: 3" for each field of an update. */
export function describeRecord(record: OutboxRecord, workspace: Workspace): { readonly title: string; readonly detail: readonly string[] } {
  const input = inputOf(record.variables);
  const name = nameOf(input, workspace);
  const fields = Object.keys(input).filter((field) => field !== 'id' && field !== '_version');
  return {
    title: `${VERBS[record.kind]} ${record.typename?.toLowerCase() ?? record.operationName}${name === null ? '' : ` “${name}”`}`,
    detail: record.kind === 'update' ? fields.map((field) => describeField(record.typename, field, input[field], workspace)) : [],
  };
}

function describeField(typename: string | null, field: string, value: unknown, workspace: Workspace): string {
  const spec = fieldSpec(typename, field);
  return `${spec.label}: ${formatValue(spec, value, workspace)}`;
}

function nameOf(input: Readonly<Record<string, unknown>>, { inspections, findings, sites }: Workspace): string | null {
  const known =
    inspections.find(({ id }) => id === input.id)?.title ??
    findings.find(({ id }) => id === input.id)?.summary ??
    sites.find(({ id }) => id === input.id)?.name;
  const given = input.title ?? input.summary ?? input.name;
  return known ?? (typeof given === 'string' ? given : null);
}
