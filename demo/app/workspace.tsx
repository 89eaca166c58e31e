import { useQuery } from '@apollo/client/react';
import { OfflineError } from 'farside';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
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

/** Holds everything the app shows under one query, so that every page opens offline, visited before or not. */
export function WorkspaceProvider({ children }: { children: ReactNode }) {
  const { data, loading, error, refetch } = useQuery(WorkspaceDocument, { fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' });
  const value = useMemo<Workspace>(
    () => ({
      inspections: data?.inspections.nodes ?? [],
      findings: data?.findings.nodes ?? [],
      sites: data?.sites.nodes ?? [],
      state: data !== undefined ? 'ready' : loading ? 'loading' : 'empty',
      problem: error === undefined ? null : describe(error),
      retry: () => void refetch().catch(() => undefined),
    }),
    [data, loading, error, refetch],
  );
  return <Context value={value}>{children}</Context>;
}

function describe(error: Error): string {
  return OfflineError.is(error) ? 'Nothing is on this device yet, and the server cannot be reached.' : `The server did not give the inspections: ${error.message}`;
}

export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (workspace === null) throw new Error('useWorkspace needs a WorkspaceProvider above it');
  return workspace;
}
