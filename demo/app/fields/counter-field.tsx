import { useEffect, useRef } from 'react';
import { PendingMark } from '../status/pending-mark.tsx';
import { Button } from '../ui/button.tsx';
import { FieldGroup } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import styles from './counter.module.css';
import type { FieldProps } from './field-props.ts';

/** A number that two people may count up apart: both counts add up at the server. */
export function CounterField({ label, value, version, state, save }: FieldProps<number>) {
  // A second click may come before the first is drawn: it counts from what the first has made, not from what is still on screen.
  const counted = useRef(value);
  useEffect(() => {
    counted.current = value;
  }, [value]);
  const count = (by: number): void => {
    counted.current += by;
    void save(counted.current, version);
  };
  return (
    <FieldGroup label={label} mark={<PendingMark state={state} />}>
      <div className={styles.counter}>
        <Button aria-label={`One fewer: ${label}`} disabled={value <= 0} onClick={() => count(-1)}>
          <Icon name="minus" />
        </Button>
        <output className={styles.value} aria-label={label} data-testid={`counter-${label.toLowerCase()}`}>
          {value}
        </output>
        <Button aria-label={`One more: ${label}`} onClick={() => count(1)}>
          <Icon name="plus" />
        </Button>
      </div>
    </FieldGroup>
  );
}
