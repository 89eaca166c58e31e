import { useOffline, useOfflineStatus } from 'farside/react';
import { useEffect, useState } from 'react';
import styles from './switch.module.css';

/** The app's own "work offline": nothing is sent until it is off again. */
export function OfflineSwitch() {
  const { outbox } = useOffline();
  const { connection, pausedBecause } = useOfflineStatus();
  const paused = connection === 'paused' && pausedBecause === 'user';
  // The switch follows the finger; the status follows when every tab knows.
  const [wanted, setWanted] = useState(paused);
  useEffect(() => setWanted(paused), [paused]);
  const change = (on: boolean) => {
    setWanted(on);
    if (on) outbox.pause();
    else outbox.resume();
  };
  return (
    <label className={styles.switch}>
      <input
        type="checkbox"
        role="switch"
        aria-checked={wanted}
        checked={wanted}
        onChange={(event) => change(event.target.checked)}
        data-testid="work-offline"
      />
      Work offline
    </label>
  );
}
