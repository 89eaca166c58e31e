import type { OutboxRecord } from 'farside';
import { useOffline } from 'farside/react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useWorkspace } from '../workspace.tsx';
import { describeRecord } from './describe-record.ts';
import styles from './outbox.module.css';

export function DiscardDialog({ record, title, onClose }: { record: OutboxRecord; title: string; onClose: () => void }) {
  const { outbox } = useOffline();
  const workspace = useWorkspace();
  const dependents = outbox.dependents(record.id);
  const discard = async () => {
    await outbox.discard(record.id);
    onClose();
  };
  return (
    <Dialog
      title="Discard this change?"
      onClose={onClose}
      testId="discard-dialog"
      foot={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger" onClick={() => void discard()}>
            {dependents.length === 0 ? 'Discard' : `Discard ${dependents.length + 1} changes`}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p>
          <strong>{title}</strong> is only on this device. It will not be sent, and cannot be brought back.
        </p>
        {dependents.length === 0 ? null : (
          <div>
            <p>What builds on it goes too:</p>
            <ul aria-label="Goes too">
              {dependents.map((dependent) => (
                <li key={dependent.id}>· {describeRecord(dependent, workspace).title}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Dialog>
  );
}
