import { useQuery } from '@apollo/client/react';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type FindingFragment, type InspectionFragment, type SiteFragment, WorkspaceDocument } from '../generated/documents.ts';

export interface Workspace {
  readonly inspections: readonly InspectionFragment[];
  readonly findings: readonly FindingFragment[];
  readonly sites: readonly SiteFragment[];
  /** `empty`: nothing on this device yet, and no way to get it. */
  readonly state: 'loading' | 'ready' | 'empty';
  readonly retry: () => void;
}

const Context = createContext<Workspace | null>(null);

/** Holds everything the app shows under one query, so that every page opens offline, visited before or not. */
export function WorkspaceProvider({ children }: { children: ReactNode }) {
  const { data, loading, refetch } = useQuery(WorkspaceDocument, { fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' });
  const value = useMemo<Workspace>(
    () => ({
      inspections: data?.inspections.nodes ?? [],
      findings: data?.findings.nodes ?? [],
      sites: data?.sites.nodes ?? [],
      state: data !== undefined ? 'ready' : loading ? 'loading' : 'empty',
      retry: () => void refetch().catch(() => undefined),
    }),
    [data, loading, refetch],
  );
  return <Context value={value}>{children}</Context>;
}

export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (workspace === null) throw new Error('useWorkspace needs a WorkspaceProvider above it');
  return workspace;
}
