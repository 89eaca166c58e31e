import { useId } from 'react';
import { PendingMark } from '../status/pending-mark.tsx';
import { Field, FieldGroup, Select } from '../ui/field.tsx';
import { Segments } from '../ui/segments.tsx';
import type { FieldProps } from './field-props.ts';

type Choice<T extends string> = FieldProps<T> & { readonly options: readonly (readonly [value: T, label: string])[] };

export function ChoiceField<T extends string>({ label, value, version, state, save, options }: Choice<T>) {
  const id = useId();
  return (
    <Field label={label} htmlFor={id} mark={<PendingMark state={state} />}>
      <Select id={id} value={value} options={options} onChange={(event) => void save(event.target.value as T, version)} />
    </Field>
  );
}

/** The same for two to four options that deserve to be seen at once. */
export function SegmentField<T extends string>({ label, value, version, state, save, options }: Choice<T>) {
  return (
    <FieldGroup label={label} mark={<PendingMark state={state} />}>
      <Segments value={value} options={options} onChange={(next) => void save(next, version)} label={label} />
    </FieldGroup>
  );
}
