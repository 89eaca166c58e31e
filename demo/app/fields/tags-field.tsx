import { type FormEvent, useId, useState } from 'react';
import { PendingMark } from '../status/pending-mark.tsx';
import { Button } from '../ui/button.tsx';
import { FieldGroup, Input } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import type { FieldProps } from './field-props.ts';
import styles from './tags.module.css';

/** Tags that two people add or remove apart are merged as sets. */
export function TagsField({ label, value, version, state, save }: FieldProps<readonly string[]>) {
  const id = useId();
  const [text, setText] = useState('');
  const add = (event: FormEvent) => {
    event.preventDefault();
    const tag = text.trim().toLowerCase();
    setText('');
    if (tag !== '' && !value.includes(tag)) void save([...value, tag], version);
  };
  return (
    <FieldGroup label={label} mark={<PendingMark state={state} />} testId="tags">
      <ul className={styles.tags} aria-label={label}>
        {value.map((tag) => (
          <li key={tag} className={styles.tag}>
            {tag}
            <button
              type="button"
              aria-label={`Remove tag ${tag}`}
              onClick={() =>
                void save(
                  value.filter((other) => other !== tag),
                  version,
                )
              }
            >
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
      </ul>
      <form className={styles.form} onSubmit={add}>
        <label htmlFor={id} className="visually-hidden">
          New tag
        </label>
        <Input
          id={id}
          value={text}
          placeholder="New tag"
          autoComplete="off"
          enterKeyHint="done"
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" aria-label="Add tag">
          <Icon name="plus" />
        </Button>
      </form>
    </FieldGroup>
  );
}
