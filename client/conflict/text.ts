import { type MergeFunction, mergeField } from '../../schema/merge.ts';
import { mergeText } from '../../schema/text-merge.ts';

/**
 * Text: what both sides changed, where it does not overlap. The server merges fields of the strategy TEXT by itself; with
 * `conflict: { Todo: { note: text } }` a pending edit is shown merged before it has been sent, too.
 */
export const text: MergeFunction = (base, local, remote) => mergeField('TEXT', { base, local, remote }, { mergeText });
