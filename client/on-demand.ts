import { OfflineError } from './errors.ts';
import type { OnDemand } from './ports.ts';

/** Asked for by `compact: true`. Until it is there every mutation goes out as it was made, to the same effect. */
export const compactionCode = /* @__PURE__ */ onDemand('compaction', () => import('./outbox/compactor.ts'));
/** Asked for by the first pull: without a network there is nothing to pull. */
export const syncCode = /* @__PURE__ */ onDemand('sync', () => import('./sync/delta.ts'));
/** Asked for by the first lease: without a network there is none. */
export const leaseCode = /* @__PURE__ */ onDemand('leases', () => import('./lease/leases.ts'));
/** Asked for by `retention`. Until it is there everything stays. */
export const retentionCode = /* @__PURE__ */ onDemand('retention', () => import('./cache/retention.ts'));
/** Asked for by `importCache`, at one start. */
export const importCode = /* @__PURE__ */ onDemand('the import of a cache', () => import('./cache/cache-import.ts'));

/** `what`: named in the error. */
export function onDemand<T>(what: string, bring: () => Promise<T>): OnDemand<T> {
  let loading: Promise<T> | null = null;
  const code = {
    loaded: null as T | null,
    load: () =>
      (loading ??= bring().then(
        (module) => (code.loaded = module),
        (cause: unknown) => {
          loading = null;
          throw new OfflineError(
            'CODE_NOT_LOADED',
            `expected the code of ${what} from the server of the app, it could not be loaded; try again with a network, or load the page anew`,
            { cause },
          );
        },
      )),
  };
  return code;
}
