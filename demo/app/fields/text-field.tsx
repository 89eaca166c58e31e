import { useId } from 'react';
import { PendingMark } from '../status/pending-mark.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import type { FieldProps } from './field-props.ts';
import { Overtaken } from './overtaken.tsx';
import { useDraft } from './use-draft.ts';

/** Long text is lost by closing a laptop, so it is saved while it is written, whenever the typing rests. */
const REST_MS = 1500;

export function TextField({ label, value, version, state, save }: FieldProps<string | null>) {
  const id = useId();
  const draft = useDraft({ value: value ?? '', version, restMs: REST_MS, save: (text, seen) => save(text === '' ? null : text, seen) });
  return (
    <Field label={label} htmlFor={id} mark={draft.overtaken ? <Overtaken /> : <PendingMark state={state} />}>
      <TextArea id={id} value={draft.text} rows={8} onChange={(event) => draft.change(event.target.value)} onBlur={draft.commit} />
    </Field>
  );
}
