import type { ConflictRecord } from 'farside';
import { useConflicts, useOffline, useOutbox } from 'farside/react';
import { useEffect, useState } from 'react';
import { fieldSpec, formatValue } from '../fields/fields.ts';
import { useAnnounce } from '../ui/announcer.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useReport } from '../ui/problems.tsx';
import { useWorkspace } from '../workspace.tsx';
import { chosenValues, startChoices } from './choice.ts';
import styles from './conflict.module.css';
import { ConflictField } from './conflict-field.tsx';

type Resolution = Parameters<ReturnType<typeof useOffline>['conflicts']['resolve']>[1];

interface ConflictDialogProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onNext: (id: string) => void;
}

/** Two people changed one field: the three values, and a decision. What is decided is sent like any other change. */
export function ConflictDialog({ id, onClose, onNext }: ConflictDialogProps) {
  const conflicts = useConflicts();
  const records = useOutbox();
  const { conflicts: actions } = useOffline();
  const announce = useAnnounce();
  const report = useReport();
  const conflict = conflicts.find((other) => other.id === id);
  const next = conflicts.find((other) => other.id !== id);

  // Decided elsewhere, in another tab perhaps.
  useEffect(() => {
    if (conflict === undefined) onClose();
  }, [conflict, onClose]);
  if (conflict === undefined) return null;

  const resolve = async (how: Resolution) => {
    try {
      await actions.resolve(id, how);
      announce('Decided. Your choice is on its way.');
      if (next !== undefined) return onNext(next.id);
      onClose();
      // The button that led here is gone with the conflict.
      requestAnimationFrame(() => document.querySelector<HTMLElement>('#content h1')?.focus());
    } catch (error) {
      onClose();
      report(error instanceof Error ? error.message : String(error));
    }
  };
  const props = { conflict, onClose, onResolve: (how: Resolution) => void resolve(how) };
  const isDelete = records.find((record) => record.id === id)?.kind === 'delete';
  return conflict.remote === null || isDelete ? <WholeConflict {...props} /> : <FieldConflict {...props} />;
}

interface PartProps {
  readonly conflict: ConflictRecord;
  readonly onClose: () => void;
  readonly onResolve: (how: Resolution) => void;
}

function FieldConflict({ conflict, onClose, onResolve }: PartProps) {
  const [choices, setChoices] = useState(() => startChoices(conflict));
  const values = chosenValues(conflict, choices);
  return (
    <Dialog
      title={`Two versions of ${useName(conflict)}`}
      shape="wide"
      onClose={onClose}
      testId="conflict-dialog"
      foot={
        <>
          <Button onClick={() => onResolve({ take: 'remote' })}>Take all of theirs</Button>
          <Button onClick={() => onResolve({ take: 'local' })}>Keep all of mine</Button>
          <Button kind="primary" disabled={values === null} onClick={() => values !== null && onResolve({ value: values })}>
            Save my choice
          </Button>
        </>
      }
    >
      <p className={styles.intro}>
        You and somebody else changed the same {conflict.conflictingFields.length === 1 ? 'field' : 'fields'}. Everything else merges by
        itself.
      </p>
      <div className={styles.fields}>
        {conflict.conflictingFields.map((field) => (
          <ConflictField
            key={field}
            conflict={conflict}
            field={field}
            choice={choices[field] ?? { take: null, own: null }}
            onChoose={(choice) => setChoices((now) => ({ ...now, [field]: choice }))}
          />
        ))}
      </div>
    </Dialog>
  );
}

/** There are no fields to compare: deleted there and changed here, or the other way round. */
function WholeConflict({ conflict, onClose, onResolve }: PartProps) {
  const workspace = useWorkspace();
  const gone = conflict.remote === null;
  const values = conflict.remote ?? conflict.local;
  const changed = gone ? Object.keys(conflict.local) : conflict.conflictingFields;
  const lines = changed.map((field) => {
    const spec = fieldSpec(conflict.typename, field);
    return `${spec.label}: ${formatValue(spec, values[field], workspace)}`;
  });
  return (
    <Dialog
      title={`${useName(conflict)} ${gone ? 'was deleted' : 'was changed'} meanwhile`}
      onClose={onClose}
      testId="conflict-dialog"
      foot={
        <>
          <Button onClick={() => onResolve({ take: 'remote' })}>{gone ? 'Let it go' : 'Keep it'}</Button>
          <Button kind="primary" onClick={() => onResolve({ take: 'local' })}>
            {gone ? 'Bring it back with my change' : 'Delete it anyway'}
          </Button>
        </>
      }
    >
      <p className={styles.intro}>
        {gone ? 'Somebody else deleted it while you changed it.' : 'Somebody else changed it while you deleted it.'}
      </p>
      {lines.length === 0 ? null : (
        <>
          <h3 className={styles.who}>{gone ? 'Your change' : 'Changed there'}</h3>
          <ul>
            {lines.map((line) => (
              <li key={line} className={styles.text}>
                {line}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

/** "“Roof drainage”", or "The inspection" when nothing here knows its name any more. */
function useName({ typename, entityId, local, remote }: ConflictRecord): string {
  const { inspections, findings, sites } = useWorkspace();
  const known =
    inspections.find(({ id }) => id === entityId)?.title ??
    findings.find(({ id }) => id === entityId)?.summary ??
    sites.find(({ id }) => id === entityId)?.name;
  const name = known ?? remote?.title ?? remote?.summary ?? remote?.name ?? local.title ?? local.summary ?? local.name;
  return typeof name === 'string' ? `“${name}”` : `The ${typename.toLowerCase()}`;
}
