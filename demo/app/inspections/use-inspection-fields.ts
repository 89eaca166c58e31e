import { type InspectionFragment, UpdateInspectionDocument, type UpdateInspectionInput } from '../../generated/documents.ts';
import type { FieldProps } from '../fields/field-props.ts';
import { fieldSpec } from '../fields/fields.ts';
import { usePendingFields } from '../status/pending-mark.tsx';
import { useSave } from '../use-save.ts';

type Fields = Omit<Required<UpdateInspectionInput>, 'id' | '_version' | 'siteId'>;

/** What the controls of one inspection need, by field: each saves its own field alone, so that edits of different fields merge. */
export function useInspectionFields(inspection: InspectionFragment) {
  const { id, _version } = inspection;
  const update = useSave(UpdateInspectionDocument);
  const states = usePendingFields('Inspection', id);
  return <K extends keyof Fields & keyof InspectionFragment>(name: K): FieldProps<InspectionFragment[K]> => ({
    label: fieldSpec('Inspection', name).label,
    value: inspection[name],
    version: _version,
    state: states.get(name) ?? null,
    save: (value, version) => update({ input: { id, _version: version, [name]: value } }),
  });
}
