import { inputOf, isGenerated, type MutationRecord, writtenFields } from '../outbox/record.ts';
import type { RuleOf } from './strategies.ts';

/**
 * Whether the server sees by the version of what is written that it has had this write before, under whatever key it comes: then
 * sending it again cannot do it twice. A sum would be added twice, and what a custom mutation does nobody here knows.
 */
export function isRecognizable(record: MutationRecord, ruleOf: RuleOf): boolean {
  const { kind, typename, entityId } = record;
  if (!isGenerated(record) || kind === 'custom' || typename === null || entityId === null) return false;
  if (kind === 'create') return true;
  if (inputOf(record)._version === undefined) return false;
  return !Object.keys(writtenFields(record)).some((field) => ruleOf(typename, field) === 'COUNTER');
}
