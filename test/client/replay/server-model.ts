import { Kind, parse } from 'graphql';
import type { Answer, AnswerError } from '../../../client/replay/outcome.ts';
import type { ReplayRequest } from '../../../client/replay/request.ts';
import { equal } from '../../../schema/equal.ts';
import { mergeFields } from '../../../schema/merge.ts';
import { type FieldOutcome, PROTOCOL_VERSION } from '../../../schema/protocol.ts';
import { manifest } from '../outbox/records.ts';

type Values = Readonly<Record<string, unknown>>;

export interface Row {
  readonly values: Values;
  readonly version: number;
  readonly changedAt: Readonly<Record<string, number>>;
  readonly deleted: boolean;
}

/** A server in a few lines: applies every (client, mutation id) once, finds conflicts per field, keeps answers until acknowledged. */
export interface ServerModel {
  handle(request: ReplayRequest): Answer;
  row(id: string): Row | undefined;
  /** Somebody else changes an entity. */
  edit(id: string, values: Values): void;
  put(id: string, values: Values): void;
  /** Effects in the order applied: `clientId:mutationId`, and the root field. */
  readonly effects: readonly { readonly key: string; readonly field: string; readonly input: Values }[];
  /** Answers that it still keeps. */
  readonly kept: number;
  /** Refuses what it says; runs nothing. */
  refuse: ((field: string, input: Values) => AnswerError | { readonly rejected: string } | null) | null;
  /** Root fields that one document may have; more: refused whole, as by a plugin that limits aliases. */
  maxFields: number;
  /** What it makes of values before it stores them. */
  normalise: (values: Values) => Values;
  /** Ids at or below the watermark that came all the same: a client that acknowledged too much, or too early. */
  readonly late: readonly string[];
}

const strategies = new Map(Object.values(manifest.types.Inspection?.fields ?? {}).map((field) => [field.input, field.strategy]));

const EMPTY: Values = Object.fromEntries(
  Object.values(manifest.types.Inspection?.fields ?? {})
    .filter(({ kind }) => kind === 'value')
    .map((field) => [field.input, field.list ? [] : null]),
);

export function createServerModel(): ServerModel {
  const rows = new Map<string, Row>();
  const results = new Map<string, { readonly fingerprint: string; readonly value: unknown }>();
  const watermarks = new Map<string, number>();
  const effects: { key: string; field: string; input: Values }[] = [];
  const late: string[] = [];

  const payload = (kind: string, id: string, mergedFields: readonly string[] = []) => {
    const row = rows.get(id) as Row;
    const { siteId, ...values } = row.values as { siteId?: string };
    const entity = {
      __typename: 'Inspection',
      id,
      _version: row.version,
      _lastChangedAt: '',
      _deleted: row.deleted,
      ...values,
      ...(siteId ? { site: { __typename: 'Site', id: siteId } } : {}),
    };
    return { __typename: `${kind}InspectionPayload`, inspection: entity, mergedFields };
  };
  const conflict = (code: string, id: string, conflictingFields: readonly string[]) => {
    const row = rows.get(id);
    const server = row && !row.deleted ? payload('', id).inspection : null;
    return {
      __typename: 'InspectionConflict',
      conflictCode: code,
      message: 'changed',
      currentVersion: row?.version ?? null,
      conflictingFields,
      server,
    };
  };
  const write = (id: string, changed: Values, deleted = false): void => {
    const before = rows.get(id);
    const version = (before?.version ?? 0) + 1;
    const changedAt = {
      ...before?.changedAt,
      ...Object.fromEntries(Object.keys(changed).map((field) => [field, version])),
      ...(deleted ? { '*': version } : {}),
    };
    rows.set(id, { values: { ...before?.values, ...changed }, version, changedAt, deleted });
  };

  const run = (field: string, input: Values, base: Values): { readonly value: unknown; readonly wrote: boolean } => {
    const { id, _version, ...given } = input as { id: string; _version: number } & Values;
    const row = rows.get(id);
    if (field === 'createInspection') {
      if (row && !row.deleted) return { value: conflict('ALREADY_EXISTS', id, []), wrote: false };
      write(id, { ...EMPTY, ...model.normalise(given) });
      return { value: payload('Create', id), wrote: true };
    }
    if (field === 'deleteInspection') {
      if (!row || row.deleted) return { value: row ? payload('Delete', id) : conflict('DELETED', id, []), wrote: false };
      const changed = Object.keys(row.changedAt).filter((each) => (row.changedAt[each] as number) > _version);
      if (changed.length > 0) return { value: conflict('VERSION_MISMATCH', id, changed), wrote: false };
      write(id, {}, true);
      return { value: payload('Delete', id), wrote: true };
    }
    if (field === 'updateInspection') {
      if (!row || row.deleted) return { value: conflict('DELETED', id, []), wrote: false };
      const isStale = (each: string): boolean => (row.changedAt[each] ?? 0) > _version;
      // What nobody else changed is its own base; a sum or a set says what the editor added, whatever it was added to.
      const adds = (each: string): boolean => base[each] !== undefined && ['COUNTER', 'SET_UNION'].includes(strategies.get(each) ?? '');
      const own = Object.keys(given).filter((each) => !isStale(each) && !adds(each));
      const known = { ...base, ...Object.fromEntries(own.map((each) => [each, row.values[each]])) };
      const merged = mergeFields({
        typename: 'Inspection',
        base: known,
        local: model.normalise(given),
        remote: row.values,
        ruleOf: (each) => strategies.get(each) ?? 'REPORT',
      });
      if (merged.conflictingFields.length > 0) return { value: conflict('VERSION_MISMATCH', id, merged.conflictingFields), wrote: false };
      const changed = Object.fromEntries(Object.entries(merged.values).filter(([each, value]) => !equal(value, row.values[each])));
      if (Object.keys(changed).length > 0) write(id, changed);
      return { value: payload('Update', id, merged.mergedFields), wrote: true };
    }
    return { value: true, wrote: true };
  };

  const model: ServerModel = {
    effects,
    late,
    refuse: null,
    maxFields: Number.POSITIVE_INFINITY,
    normalise: (values) => values,
    get kept() {
      return results.size;
    },
    row: (id) => rows.get(id),
    edit: (id, values) => write(id, values),
    put: (id, values) => write(id, values),
    handle({ document, variables, extensions: { offline } }) {
      const { clientId, ackedThrough, retired = [], mutations } = offline;
      const definition = parse(document).definitions[0];
      const fields = (definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : []).flatMap((field) =>
        field.kind === Kind.FIELD ? [field] : [],
      );
      if (fields.length > model.maxFields)
        return { kind: 'result', data: null, errors: [{ message: 'too many', extensions: { code: 'TOO_MANY_ALIASES' } }], extensions: {} };
      const forget = (client: string, through: number): void => {
        watermarks.set(client, Math.max(watermarks.get(client) ?? 0, through));
        for (const key of [...results.keys()]) {
          const [owner, id] = key.split(':') as [string, string];
          if (owner === client && Number(id) <= through) results.delete(key);
        }
      };
      forget(clientId, ackedThrough);
      for (const client of retired) {
        const ids = [...results.keys()].filter((key) => key.startsWith(`${client}:`)).map((key) => Number(key.split(':')[1]));
        forget(client, Math.max(0, ...ids));
      }
      const answered = fields.map((field) => {
        const [argument] = field.arguments ?? [];
        const input = (argument?.value.kind === Kind.VARIABLE ? variables[argument.value.name.value] : {}) as Values;
        const responseKey = field.alias?.value ?? field.name.value;
        return { responseKey, ...deliver(clientId, field.name.value, input ?? {}, mutations[responseKey] ?? { id: 0 }) };
      });
      return {
        kind: 'result',
        data: Object.fromEntries(answered.map(({ responseKey, value }) => [responseKey, value])),
        errors: answered.flatMap(({ responseKey, errors }) => errors.map((error) => ({ path: [responseKey], ...error }))),
        extensions: {
          offline: {
            protocol: PROTOCOL_VERSION,
            mutations: Object.fromEntries(answered.flatMap(({ responseKey, outcome }) => (outcome ? [[responseKey, { outcome }]] : []))),
            serverTime: 0,
            epoch: 'e',
          },
        },
      };
    },
  };

  /** One root field, once. */
  function deliver(
    clientId: string,
    field: string,
    input: Values,
    entry: { readonly id: number; readonly base?: Values },
  ): { readonly value: unknown; readonly outcome: FieldOutcome | null; readonly errors: readonly AnswerError[] } {
    const respond = (value: unknown, outcome: FieldOutcome | null, errors: readonly AnswerError[] = []) => ({ value, outcome, errors });
    const fail = (code: string) => respond(null, null, [{ message: code, extensions: { code } }]);
    const key = `${clientId}:${entry.id}`;
    if (entry.id <= (watermarks.get(clientId) ?? 0)) {
      late.push(key);
      return fail('ALREADY_ACKNOWLEDGED');
    }
    // Of field and arguments alone, whatever they are called in a document.
    const fingerprint = JSON.stringify([field, input]);
    const stored = results.get(key);
    if (stored) return stored.fingerprint === fingerprint ? respond(stored.value, 'duplicate') : fail('IDEMPOTENCY_KEY_REUSED');
    const refused = model.refuse?.(field, input) ?? null;
    if (refused && 'message' in refused) return respond(null, null, [refused]);
    const { value, wrote } = refused
      ? { value: { __typename: 'MutationRejected', rejectedCode: refused.rejected, message: 'no', field: null }, wrote: false }
      : run(field, input, (entry.base ?? {}) as Values);
    results.set(key, { fingerprint, value });
    if (wrote) effects.push({ key, field, input });
    const isConflict = (value as { __typename?: string }).__typename === 'InspectionConflict';
    return respond(value, wrote ? 'applied' : refused ? 'rejected' : isConflict ? 'conflict' : 'applied');
  }
  return model;
}
