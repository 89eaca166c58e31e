import type { ManifestField } from '../../schema/manifest.ts';
import type { MergeStrategy } from '../../schema/merge.ts';
import type { Row, StoredRow, TypeModel } from '../../server/store/store.ts';

/** A field of the model that the server's tests share. */
export function value(input: string, type: string, more: Partial<ManifestField> = {}): ManifestField {
  return { kind: 'value', input, type, list: false, nullable: true, strategy: 'REPORT' as MergeStrategy, ...more };
}

/** Every kind of column once. */
export const types = {
  Todo: {
    version: 'COUNTER',
    fields: {
      title: value('title', 'String', { nullable: false }),
      done: value('done', 'Boolean'),
      priority: value('priority', 'Int'),
      weight: value('weight', 'Float'),
      severity: value('severity', 'Severity'),
      count: value('count', 'Int', { strategy: 'COUNTER' }),
      tags: value('tags', 'String', { list: true, nullable: false, strategy: 'SET_UNION' }),
      note: value('note', 'JSON'),
      site: { ...value('siteId', 'Site'), kind: 'reference' },
    },
  },
  Site: { version: 'COUNTER', fields: { name: value('name', 'String', { nullable: false }) } },
} as const satisfies TypeModel;

/** A stored todo with every field, of which `fields` are given. */
export function todo(id: string, fields: Readonly<Record<string, unknown>> = {}): StoredRow {
  const row = {
    __typename: 'Todo',
    id,
    title: `title of ${id}`,
    done: null,
    priority: null,
    weight: null,
    severity: null,
    count: null,
    tags: [],
    note: null,
    siteId: null,
    _version: 1,
    _lastChangedAt: '2026-01-01T00:00:00.000Z',
    _deleted: false,
    ...fields,
  };
  return { row: row as Row, fieldVersions: { '*': row._version } };
}

export function site(id: string, name = id): StoredRow {
  const row = { __typename: 'Site', id, name, _version: 1, _lastChangedAt: '2026-01-01T00:00:00.000Z', _deleted: false };
  return { row, fieldVersions: { '*': 1 } };
}
