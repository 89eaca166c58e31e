import { useQuery } from '@apollo/client/react';
import { OfflineError } from 'farside';
import { useOfflineStatus } from 'farside/react';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { type FindingFragment, type InspectionFragment, type SiteFragment, WorkspaceDocument } from '../generated/documents.ts';

export interface Workspace {
  readonly inspections: readonly InspectionFragment[];
  readonly findings: readonly FindingFragment[];
  readonly sites: readonly SiteFragment[];
  readonly state: 'loading' | 'ready' | 'empty';
  /** Why it is `empty`. */
  readonly problem: string | null;
  readonly retry: () => void;
}

const Context = createContext<Workspace | null>(null);

/**
 * Holds everything the app shows under one query, so that every page opens offline, visited before or not. Asked of the server
 * once; from then on deltas keep it fresh.
 */
export function WorkspaceProvider({ children }: { children: ReactNode }) {
  const { data, loading, error, refetch } = useQuery(WorkspaceDocument);
  const { connection, pausedBecause } = useOfflineStatus();
  const isMissing = data === undefined && !loading;
  // A first start without a connection: what was missing is fetched as soon as there is one.
  useEffect(() => {
    if (isMissing && connection === 'online') refetch().catch(() => undefined);
  }, [isMissing, connection, refetch]);
  const value = useMemo<Workspace>(
    () => ({
      inspections: data?.inspections.nodes ?? [],
      findings: data?.findings.nodes ?? [],
      sites: data?.sites.nodes ?? [],
      state: data !== undefined ? 'ready' : loading ? 'loading' : 'empty',
      problem: error === undefined ? null : describe(error, pausedBecause === 'user'),
      retry: () => void refetch().catch(() => undefined),
    }),
    [data, loading, error, refetch, pausedBecause],
  );
  return <Context value={value}>{children}</Context>;
}

function describe(error: Error, byChoice: boolean): string {
  if (!OfflineError.is(error)) return `The server did not give the inspections: ${error.message}`;
  return byChoice
    ? 'Nothing is on this device yet. Switch “Work offline” off to load it.'
    : 'Nothing is on this device yet, and the server cannot be reached.';
}

export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (workspace === null) throw new Error('useWorkspace needs a WorkspaceProvider above it');
  return workspace;
}
