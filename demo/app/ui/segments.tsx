import { useId } from 'react';
import styles from './segments.module.css';

/** A few choices side by side: radio buttons, so arrow keys and screen readers know them. */
export function Segments<T extends string>({
  value,
  options,
  onChange,
  label,
}: {
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
  label?: string;
}) {
  const name = useId();
  return (
    <div className={styles.segments} role="radiogroup" aria-label={label}>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} value={option} checked={option === value} onChange={() => onChange(option)} />
          {text}
        </label>
      ))}
    </div>
  );
}
