import type { OutboxRecord } from 'farside';
import { fieldSpec } from '../fields/fields.ts';
import { inputOf } from '../status/pending-mark.tsx';
import type { Workspace } from '../workspace.tsx';

const VERBS = { create: 'New', update: 'Change', delete: 'Delete', custom: 'Action' } as const;

/** What a waiting change is, in the words of the app: "Change · Roof drainage". */
export function describeRecord(record: OutboxRecord, workspace: Workspace): { title: string; detail: string } {
  const input = inputOf(record.variables);
  const name = nameOf(input, workspace);
  const fields = Object.keys(input).filter((field) => field !== 'id' && field !== '_version');
  return {
    title: `${VERBS[record.kind]} ${record.typename?.toLowerCase() ?? record.operationName}${name === null ? '' : ` “${name}”`}`,
    detail: record.kind === 'update' ? fields.map((field) => fieldSpec(record.typename, field).label).join(', ') : '',
  };
}

function nameOf(input: Readonly<Record<string, unknown>>, { inspections, findings, sites }: Workspace): string | null {
  const known = inspections.find(({ id }) => id === input.id)?.title ?? findings.find(({ id }) => id === input.id)?.summary ?? sites.find(({ id }) => id === input.id)?.name;
  const given = input.title ?? input.summary ?? input.name;
  return known ?? (typeof given === 'string' ? given : null);
}
