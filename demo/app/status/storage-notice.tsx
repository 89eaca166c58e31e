import { useOfflineStatus } from 'farside/react';
import { Notice } from '../ui/notice.tsx';

/** Private windows keep nothing: whoever works there must know it before, not after. */
export function StorageNotice() {
  const { storage } = useOfflineStatus();
  if (storage === 'durable') return null;
  return (
    <Notice tone="wait" testId="storage-notice">
      <strong>This browser keeps nothing here.</strong> Changes that are not sent are lost when this tab closes. A window that is not
      private would keep them.
    </Notice>
  );
}
