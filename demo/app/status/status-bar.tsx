import { useOfflineStatus } from 'farside/react';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { changes, describeConnection, describeSync } from './describe-status.ts';
import { OfflineSwitch } from './offline-switch.tsx';
import styles from './status-bar.module.css';
import { useDrain } from './use-drain.ts';
import { useNow } from './use-now.ts';

/** Always in sight: whether there is a connection, when the server was last heard, what waits. */
export function StatusBar({ onOpenOutbox }: { onOpenOutbox: () => void }) {
  const status = useOfflineStatus();
  const drain = useDrain();
  const now = useNow(10_000);
  const attention = status.conflicts + status.deadLetters;
  const waiting = status.pending + attention;

  return (
    <section className={styles.bar} aria-label="Connection" data-testid="status-bar">
      <div className={styles.row}>
        <div className={styles.state}>
          <span className={styles.dot} data-connection={status.connection} />
          <div className={styles.words}>
            <span className={styles.connection} data-testid="connection" data-connection={status.connection}>
              {describeConnection(status)}
            </span>
            <span className={styles.sync} data-testid="last-sync">
              {drain === null
                ? describeSync(status.lastSyncedAt, now)
                : `Sending ${drain.done + 1 > drain.total ? drain.total : drain.done + 1} of ${drain.total}`}
            </span>
          </div>
        </div>
        <OfflineSwitch />
        <Button
          kind="quiet"
          onClick={onOpenOutbox}
          aria-haspopup="dialog"
          aria-busy={status.storing > 0}
          aria-label={`Outbox, ${waiting === 0 ? 'empty' : changes(waiting)}`}
          data-testid="open-outbox"
        >
          <Icon name="tray" />
          <span className={styles.label}>Outbox</span>
          <span className={styles.count} data-tone={attention > 0 ? 'bad' : waiting > 0 ? 'wait' : 'none'} data-testid="outbox-count">
            {waiting}
          </span>
        </Button>
      </div>
      {drain === null ? null : <progress className={styles.progress} max={drain.total} value={drain.done} aria-label="Sending changes" />}
    </section>
  );
}
