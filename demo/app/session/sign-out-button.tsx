import { useOffline, useOfflineStatus } from 'farside/react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../ui/button.tsx';
import { useReport } from '../ui/problems.tsx';
import { endSession } from './session.ts';
import { type PendingChoice, SignOutDialog } from './sign-out-dialog.tsx';

export function SignOutButton({ onSignedOut }: { onSignedOut: () => void }) {
  const offline = useOffline();
  const report = useReport();
  const [, navigate] = useLocation();
  const { pending, conflicts, deadLetters } = useOfflineStatus();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const unsent = pending + conflicts + deadLetters;

  const leave = async (choice: PendingChoice) => {
    setBusy(true);
    try {
      await offline.signOut({ pending: choice });
      await endSession();
      navigate('/', { replace: true });
      onSignedOut();
    } catch (error) {
      report(`Still signed in. ${error instanceof Error ? error.message : String(error)}`);
      setBusy(false);
      setAsking(false);
    }
  };

  return (
    <>
      <Button kind="quiet" disabled={busy} onClick={() => (unsent === 0 ? void leave('discard') : setAsking(true))}>
        Sign out
      </Button>
      {asking ? (
        <SignOutDialog unsent={unsent} busy={busy} onChoose={(choice) => void leave(choice)} onClose={() => setAsking(false)} />
      ) : null}
    </>
  );
}
