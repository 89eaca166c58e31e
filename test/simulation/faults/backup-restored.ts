import type { EventFault } from './fault.ts';

/** A backup is made, and one day the server starts on it: everything since is gone from its history. */
export const backupRestored: EventFault = {
  name: 'backup-restored',
  says: 'was there when the server was put back to a backup',
  at: 'event',
  weight: 1,
  async run({ world }) {
    if (world.server.hasBackup) await world.server.restore();
    else world.server.backUp();
  },
};
