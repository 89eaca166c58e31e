import { useOffline, useOfflineStatus } from 'farside/react';
import styles from './switch.module.css';

/** The app's own "work offline": nothing is sent until it is off again. */
export function OfflineSwitch() {
  const { outbox } = useOffline();
  const { connection, pausedBecause } = useOfflineStatus();
  const on = connection === 'paused' && pausedBecause === 'user';
  return (
    <label className={styles.switch}>
      <input type="checkbox" role="switch" checked={on} onChange={() => (on ? outbox.resume() : outbox.pause())} data-testid="work-offline" />
      Work offline
    </label>
  );
}
