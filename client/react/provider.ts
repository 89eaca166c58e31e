import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react';
import type { Offline } from '../surface.ts';

const OfflineContext = createContext<Offline | null>(null);

/** Makes one {@link Offline} known to the hooks below it. Beside, not instead of, `ApolloProvider`. */
export function OfflineProvider({ offline, children }: { readonly offline: Offline; readonly children?: ReactNode }): ReactElement {
  return createElement(OfflineContext.Provider, { value: offline }, children);
}

/**
 * The provided {@link Offline}.
 * @throws Error outside of an `OfflineProvider`.
 */
export function useOffline(): Offline {
  const offline = useContext(OfflineContext);
  if (!offline)
    throw new Error(
      'expected an <OfflineProvider> above this component, got none; wrap the app in <OfflineProvider offline={createOffline(…)}>',
    );
  return offline;
}
