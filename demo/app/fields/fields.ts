import type { Workspace } from '../workspace.tsx';

export type FieldKind = 'line' | 'text' | 'choice' | 'tags' | 'number' | 'flag' | 'verdict' | 'date' | 'site' | 'inspection';

export interface FieldSpec {
  readonly label: string;
  readonly kind: FieldKind;
  readonly options?: Options;
}

export type Options = readonly (readonly [value: string, label: string])[];

export const STATUSES = [
  ['OPEN', 'Open'],
  ['IN_PROGRESS', 'In progress'],
  ['DONE', 'Done'],
] as const;

export const SEVERITIES = [
  ['LOW', 'Low'],
  ['MEDIUM', 'Medium'],
  ['HIGH', 'High'],
  ['CRITICAL', 'Critical'],
] as const;

export const REGIONS = [
  ['NORTH', 'North'],
  ['EAST', 'East'],
  ['SOUTH', 'South'],
  ['WEST', 'West'],
] as const;

export const VERDICTS = [
  ['undecided', 'Undecided'],
  ['passed', 'Passed'],
  ['failed', 'Failed'],
] as const;
export type Verdict = (typeof VERDICTS)[number][0];

export const verdictOf = (passed: boolean | null | undefined): Verdict =>
  passed === true ? 'passed' : passed === false ? 'failed' : 'undecided';
export const passedOf = (verdict: string): boolean | null => (verdict === 'passed' ? true : verdict === 'failed' ? false : null);

/** Every input field that a person can set: what the outbox and the conflict dialog call it, and how it is edited. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, FieldSpec>>>> = {
  Inspection: {
    title: { label: 'Title', kind: 'line' },
    status: { label: 'Status', kind: 'choice', options: STATUSES },
    severity: { label: 'Severity', kind: 'choice', options: [['', 'Not set'], ...SEVERITIES] },
    inspector: { label: 'Inspector', kind: 'line' },
    dueOn: { label: 'Due', kind: 'date' },
    notes: { label: 'Notes', kind: 'text' },
    tags: { label: 'Tags', kind: 'tags' },
    visits: { label: 'Visits', kind: 'number' },
    passed: { label: 'Outcome', kind: 'verdict' },
    siteId: { label: 'Site', kind: 'site' },
  },
  Finding: {
    summary: { label: 'Summary', kind: 'line' },
    severity: { label: 'Severity', kind: 'choice', options: SEVERITIES },
    resolved: { label: 'Resolved', kind: 'flag' },
    count: { label: 'Times seen', kind: 'number' },
    inspectionId: { label: 'Inspection', kind: 'inspection' },
  },
  Site: {
    name: { label: 'Name', kind: 'line' },
    address: { label: 'Address', kind: 'line' },
    region: { label: 'Region', kind: 'choice', options: REGIONS },
  },
};

export function fieldSpec(typename: string | null, field: string): FieldSpec {
  return FIELDS[typename ?? '']?.[field] ?? { label: field, kind: 'line' };
}

export const labelOf = (options: Options, value: string | null | undefined): string =>
  options.find(([option]) => option === value)?.[1] ?? 'Not set';

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
export const formatDate = (iso: string): string => (Number.isNaN(Date.parse(iso)) ? iso : DATE.format(new Date(iso)));

/** A value as a person reads it. */
export function formatValue(spec: FieldSpec, value: unknown, workspace: Workspace): string {
  if (spec.kind === 'verdict') return labelOf(VERDICTS, verdictOf(value as boolean | null));
  if (value === null || value === undefined || value === '') return 'Empty';
  switch (spec.kind) {
    case 'choice':
      return labelOf(spec.options ?? [], String(value));
    case 'tags':
      return Array.isArray(value) && value.length > 0 ? value.join(', ') : 'None';
    case 'flag':
      return value === true ? 'Yes' : 'No';
    case 'date':
      return formatDate(String(value));
    case 'site':
      return workspace.sites.find(({ id }) => id === value)?.name ?? 'Another site';
    case 'inspection':
      return workspace.inspections.find(({ id }) => id === value)?.title ?? 'Another inspection';
    default:
      return String(value);
  }
}
