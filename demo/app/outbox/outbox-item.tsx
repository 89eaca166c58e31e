import type { OutboxRecord } from 'farside';
import { useOffline } from 'farside/react';
import { useState } from 'react';
import { PendingMark } from '../status/pending-mark.tsx';
import { relativeTime, useNow } from '../status/use-now.ts';
import { Button } from '../ui/button.tsx';
import { useWorkspace } from '../workspace.tsx';
import { describeRecord } from './describe-record.ts';
import { DiscardDialog } from './discard-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import styles from './outbox.module.css';

export function OutboxItem({ record, onResolve }: { record: OutboxRecord; onResolve: (id: string) => void }) {
  const { outbox } = useOffline();
  const { title, detail } = describeRecord(record, useWorkspace());
  const [open, setOpen] = useState<'edit' | 'discard' | null>(null);
  const now = useNow(1000);
  const { id, state, stored, failure, attempts, nextAttemptAt, enqueuedAt, waitingFor } = record;
  const facts = [
    `Made ${relativeTime(enqueuedAt, now)}`,
    attempts === 0 ? null : attempts === 1 ? '1 attempt' : `${attempts} attempts`,
    state === 'queued' && nextAttemptAt !== null && nextAttemptAt > now ? `next ${relativeTime(nextAttemptAt, now)}` : null,
    waitingFor.length === 0 ? null : `after ${waitingFor.length === 1 ? 'one other change' : `${waitingFor.length} other changes`}`,
  ].filter((fact) => fact !== null);

  return (
    <li className={styles.item} data-testid="outbox-item" data-id={id} data-state={state}>
      <div className={styles.head}>
        <span className={styles.title}>{title}</span>
        <PendingMark state={state === 'acknowledged' ? null : stored ? state : 'storing'} />
      </div>
      {detail.map((line) => (
        <p key={line} className={styles.detail}>
          {line}
        </p>
      ))}
      {failure === null ? null : <p className={styles.reason}>{failure.message}</p>}
      <div className={styles.actions}>
        <span className={styles.facts}>{facts.join(' · ')}</span>
        {state === 'conflict' ? (
          <Button kind="primary" aria-haspopup="dialog" onClick={() => onResolve(id)}>
            Compare and choose
          </Button>
        ) : null}
        {state === 'dead' || (state === 'queued' && attempts > 0) ? (
          <Button kind="quiet" onClick={() => void outbox.retry(id)}>
            Retry
          </Button>
        ) : null}
        {(state === 'dead' || state === 'queued') && record.kind !== 'delete' ? (
          <Button kind="quiet" aria-haspopup="dialog" onClick={() => setOpen('edit')}>
            Edit
          </Button>
        ) : null}
        {state === 'sending' ? null : (
          <Button kind="quiet" className={styles.discard ?? ''} aria-haspopup="dialog" onClick={() => setOpen('discard')}>
            Discard
          </Button>
        )}
      </div>
      {open === 'edit' ? <EditDialog record={record} title={title} onClose={() => setOpen(null)} /> : null}
      {open === 'discard' ? <DiscardDialog record={record} title={title} onClose={() => setOpen(null)} /> : null}
    </li>
  );
}
