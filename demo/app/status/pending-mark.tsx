import { useOutbox, usePending } from 'farside/react';
import { useMemo } from 'react';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Icon } from '../ui/icon.tsx';

export type Pending = ReturnType<typeof usePending>;

const PENDING: Readonly<Record<NonNullable<Pending>, { label: string; tone: Tone; icon: 'clock' | 'send' | 'split' | 'stop' }>> = {
  storing: { label: 'Saving', tone: 'wait', icon: 'clock' },
  queued: { label: 'Waiting', tone: 'wait', icon: 'clock' },
  sending: { label: 'Sending', tone: 'wait', icon: 'send' },
  conflict: { label: 'Conflict', tone: 'bad', icon: 'split' },
  dead: { label: 'Refused', tone: 'bad', icon: 'stop' },
};

/** Says that something is here but not yet at the server. Nothing is shown when nothing waits. */
export function PendingMark({ state }: { state: Pending }) {
  if (state === null) return null;
  const { label, tone, icon } = PENDING[state];
  return (
    <Badge tone={tone} data-testid="pending-mark" data-state={state}>
      <Icon name={icon} size={14} />
      {label}
    </Badge>
  );
}

/** The mark of a whole row. */
export function RowMark({ typename, id }: { typename: string; id: string }) {
  return <PendingMark state={usePending({ __typename: typename, id })} />;
}

/** Which fields of one entity wait, by input field name. A create or a delete says nothing about single fields. */
export function usePendingFields(typename: string, id: string): ReadonlyMap<string, NonNullable<Pending>> {
  const records = useOutbox();
  return useMemo(() => {
    const fields = new Map<string, NonNullable<Pending>>();
    for (const record of records) {
      if (record.kind !== 'update' || record.state === 'acknowledged' || !record.entities.includes(`${typename}:${id}`)) continue;
      for (const field of Object.keys(inputOf(record.variables)))
        if (field !== 'id' && field !== '_version') fields.set(field, record.stored ? record.state : 'storing');
    }
    return fields;
  }, [records, typename, id]);
}

export function inputOf(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { input } = variables;
  return typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
}
