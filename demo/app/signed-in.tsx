import { ApolloProvider } from '@apollo/client/react';
import { OfflineProvider } from 'farside/react';
import { useEffect, useState } from 'react';
import { type Running, startClient } from './client.ts';
import type { User } from './session/session.ts';
import { Shell } from './shell.tsx';
import { Empty } from './ui/notice.tsx';
import { WorkspaceProvider } from './workspace.tsx';

interface SignedInProps {
  readonly user: User;
  readonly onSignedOut: () => void;
  /** Somebody signed in again, perhaps somebody else. */
  readonly onUser: (user: User) => void;
}

/** Runs one client for one person, and shows the app as soon as what is on this device is on screen. */
export function SignedIn({ user, onSignedOut, onUser }: SignedInProps) {
  const [running, setRunning] = useState<Running | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    let mounted = true;
    const started = startClient(user);
    started.ready.then(
      () => mounted && setRunning(started),
      (error: unknown) => mounted && setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      mounted = false;
      void started.offline.dispose();
    };
  }, [user]);

  if (problem !== null) return <Empty>The app could not start: {problem}</Empty>;
  if (running === null) return null;
  return (
    <ApolloProvider client={running.client}>
      <OfflineProvider offline={running.offline}>
        <WorkspaceProvider>
          <Shell user={user} onSignedOut={onSignedOut} onUser={onUser} />
        </WorkspaceProvider>
      </OfflineProvider>
    </ApolloProvider>
  );
}
