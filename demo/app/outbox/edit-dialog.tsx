import type { OutboxRecord } from 'farside';
import { useOffline } from 'farside/react';
import { useState } from 'react';
import { fieldSpec } from '../fields/fields.ts';
import { ValueEditor } from '../fields/value-editor.tsx';
import { inputOf } from '../status/pending-mark.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import styles from './outbox.module.css';

/** Changes what a waiting or refused record says, before it is sent again. */
export function EditDialog({ record, title, onClose }: { record: OutboxRecord; title: string; onClose: () => void }) {
  const { outbox } = useOffline();
  const [input, setInput] = useState(() => inputOf(record.variables));
  const [error, setError] = useState<string | null>(null);
  const save = async () => {
    try {
      await outbox.edit(record.id, { ...record.variables, input });
      onClose();
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      testId="edit-dialog"
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" onClick={() => void save()}>
            Save and send
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {record.failure === null ? null : <p className={styles.reason}>{record.failure.message}</p>}
        {Object.entries(input).map(([field, value]) =>
          field === 'id' || field === '_version' ? null : (
            <ValueEditor
              key={field}
              spec={fieldSpec(record.typename, field)}
              value={value}
              onChange={(next) => setInput((now) => ({ ...now, [field]: next }))}
            />
          ),
        )}
        {error === null ? null : (
          <p role="alert" className={styles.reason}>
            {error}
          </p>
        )}
      </div>
    </Dialog>
  );
}
