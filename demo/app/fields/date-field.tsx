import { useId } from 'react';
import { PendingMark } from '../status/pending-mark.tsx';
import { Field, Input } from '../ui/field.tsx';
import type { FieldProps } from './field-props.ts';
import { useDraft } from './use-draft.ts';

export function DateField({ label, value, version, state, save }: FieldProps<string | null>) {
  const id = useId();
  const draft = useDraft({ value: dayOf(value), version, save: (day, seen) => save(instantOf(day), seen) });
  return (
    <Field label={label} htmlFor={id} mark={<PendingMark state={state} />}>
      <Input id={id} type="date" value={draft.text} onChange={(event) => draft.change(event.target.value)} onBlur={draft.commit} />
    </Field>
  );
}

/** A day is stored as its midnight in UTC and shown in UTC, so that it is the same day everywhere. */
export const instantOf = (day: string): string | null => (day === '' ? null : `${day}T00:00:00.000Z`);
export const dayOf = (instant: string | null): string => instant?.slice(0, 10) ?? '';
