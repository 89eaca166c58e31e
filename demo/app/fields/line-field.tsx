import { useId, useState } from 'react';
import { PendingMark } from '../status/pending-mark.tsx';
import { Field, Input } from '../ui/field.tsx';
import type { FieldProps } from './field-props.ts';
import { Overtaken } from './overtaken.tsx';
import { useDraft } from './use-draft.ts';

/** One line of text, saved when it is left or on Enter; Escape takes it back. Empty text is `null` unless the field is required. */
export function LineField({ label, value, version, state, save, required = false }: FieldProps<string | null> & { required?: boolean }) {
  const id = useId();
  const [error, setError] = useState<string | null>(null);
  const draft = useDraft({ value: value ?? '', version, save: (text, seen) => save(text.trim() === '' ? null : text.trim(), seen) });
  const leave = () => {
    const missing = required && draft.text.trim() === '';
    setError(missing ? `${label} must not be empty; the old one stays.` : null);
    if (missing) draft.cancel();
    else draft.commit();
  };
  return (
    <Field label={label} htmlFor={id} error={error} mark={draft.overtaken ? <Overtaken /> : <PendingMark state={state} />}>
      <Input
        id={id}
        value={draft.text}
        required={required}
        aria-invalid={error !== null}
        onChange={(event) => draft.change(event.target.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === 'Enter') leave();
          if (event.key === 'Escape') draft.cancel();
        }}
      />
    </Field>
  );
}
