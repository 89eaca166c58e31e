import { OfflineError } from '../errors.ts';
import type { OnDemand } from '../ports.ts';
import type * as LeasesModule from './leases.ts';

/** Leases for whoever asks for one: their code comes with the first. */
export function leasesOnDemand(
  code: OnDemand<typeof LeasesModule>,
  deps: Parameters<typeof LeasesModule.createLeases>[0],
): LeasesModule.Leases {
  let leases: LeasesModule.Leases | null = null;
  let isDisposed = false;

  return {
    async lease(...call) {
      const { createLeases } = code.loaded ?? (await code.load());
      if (isDisposed) throw new OfflineError('DISPOSED', `the offline layer was disposed of before ${call[0]} ${call[1]} was leased`);
      leases ??= createLeases(deps);
      return leases.lease(...call);
    },
    tokenOf: (writes) => leases?.tokenOf(writes) ?? null,
    dispose() {
      isDisposed = true;
      leases?.dispose();
    },
  };
}
