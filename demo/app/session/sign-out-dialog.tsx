import { useOfflineStatus } from 'farside/react';
import { changes } from '../status/describe-status.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import styles from './sign-out-dialog.module.css';

export type PendingChoice = 'flush' | 'keep' | 'discard';

/** Signing out with changes that the server does not have: what becomes of them is the person's decision. */
export function SignOutDialog({
  unsent,
  busy,
  onChoose,
  onClose,
}: {
  unsent: number;
  busy: boolean;
  onChoose: (choice: PendingChoice) => void;
  onClose: () => void;
}) {
  const { connection } = useOfflineStatus();
  return (
    <Dialog
      title={`Sign out with ${changes(unsent)} not sent?`}
      onClose={onClose}
      testId="sign-out-dialog"
      foot={<Button onClick={onClose}>Stay signed in</Button>}
    >
      <ul className={styles.choices}>
        <li>
          <Button kind="primary" disabled={busy || connection !== 'online'} onClick={() => onChoose('flush')}>
            Send, then sign out
          </Button>
          <p>{connection === 'online' ? 'What the server does not get in time stays on this device.' : 'Needs a connection.'}</p>
        </li>
        <li>
          <Button disabled={busy} onClick={() => onChoose('keep')}>
            Keep them on this device
          </Button>
          <p>They are sent when you sign in here again. Nobody else’s session sends them.</p>
        </li>
        <li>
          <Button kind="danger" disabled={busy} onClick={() => onChoose('discard')}>
            Discard {changes(unsent)}
          </Button>
          <p>They are gone for good.</p>
        </li>
      </ul>
    </Dialog>
  );
}
