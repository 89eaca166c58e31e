import { useOfflineStatus } from 'farside/react';
import { useEffect, useRef } from 'react';
import { useAnnounce } from '../ui/announcer.tsx';
import { changes, describeConnection } from './describe-status.ts';

/** Reads out what the status bar shows when it matters: the connection turns, a conflict or a refusal comes in, everything is sent. */
export function StatusAnnouncer() {
  const status = useOfflineStatus();
  const before = useRef(status);
  const announce = useAnnounce();

  useEffect(() => {
    const last = before.current;
    before.current = status;
    if (status.conflicts > last.conflicts) announce('A change needs your decision: somebody else changed the same field.');
    else if (status.deadLetters > last.deadLetters) announce('A change was refused. It is kept in the outbox.');
    else if (status.connection !== last.connection) {
      const waiting = status.pending > 0 ? `, ${changes(status.pending)} waiting` : '';
      announce(`${describeConnection(status)}${waiting}`);
    } else if (last.pending > 0 && status.pending === 0 && status.connection === 'online') announce('All changes are sent.');
  }, [status, announce]);
  return null;
}
