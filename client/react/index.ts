export { type OfflineMutationState, useOfflineMutation } from './mutation.ts';
export { OfflineProvider, useOffline } from './provider.ts';
export { useConflicts, useOfflineStatus, useOutbox, usePending } from './status.ts';
