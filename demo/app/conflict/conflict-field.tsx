import type { ConflictRecord } from 'farside';
import { useId } from 'react';
import { fieldSpec, formatValue } from '../fields/fields.ts';
import { ValueEditor } from '../fields/value-editor.tsx';
import { useWorkspace } from '../workspace.tsx';
import type { Choice } from './choice.ts';
import styles from './conflict.module.css';

/** One field in its three states side by side, with a choice between the last two or a value of one's own. */
export function ConflictField({
  conflict,
  field,
  choice,
  onChoose,
}: {
  conflict: ConflictRecord;
  field: string;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}) {
  const name = useId();
  const workspace = useWorkspace();
  const spec = fieldSpec(conflict.typename, field);
  const show = (value: unknown) => formatValue(spec, value, workspace);
  const radio = (take: Choice['take']) => ({
    type: 'radio',
    name,
    checked: choice.take === take,
    onChange: () => onChoose({ ...choice, take }),
  });
  return (
    <fieldset className={styles.field} data-testid="conflict-field" data-field={field}>
      <legend>{spec.label}</legend>
      <div className={styles.values}>
        <div className={`${styles.value} ${styles.base}`} data-testid="conflict-base">
          <span className={styles.who}>Before</span>
          <span className={styles.text}>{conflict.base[field] === undefined ? 'Not known' : show(conflict.base[field])}</span>
        </div>
        <label className={styles.value} data-testid="conflict-local">
          <span className={styles.who}>
            <input {...radio('local')} /> Yours
          </span>
          <span className={styles.text}>{show(conflict.local[field])}</span>
        </label>
        <label className={styles.value} data-testid="conflict-remote">
          <span className={styles.who}>
            <input {...radio('remote')} /> Theirs
          </span>
          <span className={styles.text}>{show(conflict.remote?.[field])}</span>
        </label>
      </div>
      <div className={styles.merge} data-testid="conflict-own">
        <label>
          <input {...radio('own')} /> Write it anew from both
        </label>
        {choice.take === 'own' ? <ValueEditor spec={spec} value={choice.own} onChange={(own) => onChoose({ take: 'own', own })} /> : null}
      </div>
    </fieldset>
  );
}
