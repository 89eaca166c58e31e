export { OfflineProvider, useOffline } from './provider.ts';
export { useConflicts, useOfflineStatus, useOutbox, usePending } from './status.ts';
export { type OfflineMutationState, useOfflineMutation } from './mutation.ts';
