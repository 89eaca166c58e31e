import type { OutboxRecord } from 'farside';
import { useOffline, useOfflineStatus, useOutbox } from 'farside/react';
import { describeConnection } from '../status/describe-status.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty } from '../ui/notice.tsx';
import styles from './outbox.module.css';
import { OutboxItem } from './outbox-item.tsx';

const GROUPS = [
  { title: 'Needs your decision', states: ['conflict'] },
  { title: 'Refused', states: ['dead'] },
  { title: 'Waiting to be sent', states: ['sending', 'queued'] },
] as const satisfies readonly { title: string; states: readonly OutboxRecord['state'][] }[];

/** Everything that is on this device and not at the server, and what can be done about each. */
export function OutboxDrawer({ onClose, onResolve }: { onClose: () => void; onResolve: (id: string) => void }) {
  const records = useOutbox();
  const status = useOfflineStatus();
  const { outbox } = useOffline();
  const groups = GROUPS.map(({ title, states }) => ({
    title,
    records: records.filter(({ state }) => (states as readonly string[]).includes(state)),
  })).filter(({ records }) => records.length > 0);
  return (
    <Dialog title="Outbox" shape="drawer" onClose={onClose} testId="outbox">
      <div className={styles.summary}>
        <p>{describeConnection(status)}</p>
        {status.connection === 'online' && status.pending > 0 ? <Button onClick={() => void outbox.flush()}>Send now</Button> : null}
      </div>
      {groups.length === 0 ? <Empty>Everything is at the server.</Empty> : null}
      {groups.map(({ title, records }) => (
        <section key={title} className={styles.group} aria-label={title}>
          <h3>
            {title} ({records.length})
          </h3>
          <ul className={styles.group}>
            {records.map((record) => (
              <OutboxItem key={record.id} record={record} onResolve={onResolve} />
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
