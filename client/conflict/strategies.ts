import type { ManifestField, ManifestType, OfflineManifest } from '../../schema/manifest.ts';
import { type ConflictRules, MANUAL, type MergeFunction, type MergeStrategy } from '../../schema/merge.ts';

/** What the editor wrote stands. */
export const clientWins: MergeStrategy = 'CLIENT_WINS';
/** What the server has stands. */
export const serverWins: MergeStrategy = 'SERVER_WINS';
/** The later edit stands, by the clocks of the devices. The server decides, and until then what the editor wrote is shown. */
export const lastWriteWins: MergeStrategy = 'LAST_WRITE_WINS';
/** Lists as sets: additions and removals of both sides. */
export const setUnion: MergeStrategy = 'SET_UNION';
/** Numbers as sums: what the editor added is added to what the server has. */
export const counter: MergeStrategy = 'COUNTER';

/** `recordId`: whose merge it is, for the event of a rule that throws. */
export type RuleOf = (typename: string, field: string, recordId?: string) => MergeStrategy | MergeFunction;

/**
 * The rule for a field: the application's, else the schema's, else a person decides.
 * A rule that throws is reported and leaves the decision to a person.
 */
export function createRules(
  manifest: OfflineManifest | null,
  own: ConflictRules,
  onThrow: (event: { readonly code: 'STRATEGY_THREW'; readonly message: string; readonly key?: string }) => void,
): RuleOf {
  // What is shown is merged again with every change under it; one word about it is enough.
  const told = new Set<string>();
  return (typename, field, recordId) => {
    const rule = own[typename]?.[field] ?? own[typename]?.['*'] ?? fieldByInput(manifest?.types[typename], field)?.strategy ?? 'REPORT';
    if (typeof rule !== 'function') return rule;
    return (base, local, remote, context) => {
      try {
        return rule(base, local, remote, context);
      } catch (error) {
        const about = `${recordId} ${typename}.${field}`;
        const message = `conflict rule of ${typename}.${field}: ${String(error)}`;
        if (!told.has(about)) onThrow({ code: 'STRATEGY_THREW', message, ...(recordId === undefined ? {} : { key: recordId }) });
        told.add(about);
        return MANUAL;
      }
    };
  };
}

function fieldByInput(type: ManifestType | undefined, input: string): ManifestField | undefined {
  return type && Object.values(type.fields).find((field) => field.input === input);
}

/** An entity as it came from the server, by input field names: `site { id }` becomes `siteId`. Unselected fields stay away. */
export function inputValues(type: ManifestType, entity: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const name of ['id', '_version', '_lastChangedAt', '_deleted']) if (entity[name] !== undefined) values[name] = entity[name];
  for (const [name, field] of Object.entries(type.fields)) {
    const value = entity[name];
    if (value === undefined) continue;
    values[field.input] = field.kind === 'reference' && value !== null ? (value as { readonly id?: unknown }).id : value;
  }
  return values;
}
