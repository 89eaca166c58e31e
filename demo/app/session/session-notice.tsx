import { useOffline, useOfflineStatus } from 'farside/react';
import { useEffect, useState } from 'react';
import { changes } from '../status/describe-status.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { REMEMBERED, rememberedUser, type User } from './session.ts';
import { SignInForm } from './sign-in-form.tsx';

/** The session at the server has ended. Everything here stays, and goes on where it stopped after signing in again. */
export function SessionNotice({ user, onUser }: { user: User; onUser: (user: User) => void }) {
  const { outbox } = useOffline();
  const { pausedBecause, pending } = useOfflineStatus();
  const [asking, setAsking] = useState(false);
  const isEnded = pausedBecause === 'unauthenticated';

  // Signing in again in another tab is enough: the cookie is shared.
  useEffect(() => {
    if (!isEnded) return;
    const follow = (event: StorageEvent) => {
      if (event.key === REMEMBERED && rememberedUser()?.id === user.id) outbox.resume();
    };
    window.addEventListener('storage', follow);
    return () => window.removeEventListener('storage', follow);
  }, [isEnded, user.id, outbox]);
  if (!isEnded) return null;

  const signedIn = (found: User) => {
    setAsking(false);
    if (found.id === user.id) outbox.resume();
    else onUser(found);
  };
  const task = pending === 0 ? 'Sign in again to stay up to date' : `Sign in again to send ${changes(pending)}`;
  return (
    <Notice
      tone="wait"
      testId="session-notice"
      action={
        <Button kind="primary" aria-haspopup="dialog" onClick={() => setAsking(true)}>
          Sign in again
        </Button>
      }
    >
      <strong>Your session has ended.</strong> {task}. Nothing is lost meanwhile.
      {asking ? (
        <Dialog title={task} onClose={() => setAsking(false)} testId="sign-in-again">
          <SignInForm user={user} onSignedIn={signedIn} />
        </Dialog>
      ) : null}
    </Notice>
  );
}
