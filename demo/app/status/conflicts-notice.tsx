import { useConflicts } from 'farside/react';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** Shown as long as a conflict waits for a person. */
export function ConflictsNotice({ onResolve }: { onResolve: (id: string) => void }) {
  const conflicts = useConflicts();
  const first = conflicts[0];
  if (first === undefined) return null;
  return (
    <Notice
      tone="bad"
      testId="conflicts-notice"
      action={
        <Button kind="primary" aria-haspopup="dialog" onClick={() => onResolve(first.id)}>
          {conflicts.length === 1 ? 'Compare and choose' : 'Compare the first'}
        </Button>
      }
    >
      <strong>{conflicts.length === 1 ? 'One change meets another one.' : `${conflicts.length} changes meet other ones.`}</strong> Somebody
      else changed the same field. Both values are kept until you choose.
    </Notice>
  );
}
