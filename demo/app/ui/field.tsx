import type { ComponentProps, ReactNode } from 'react';
import control from './control.module.css';

/** A label, what stands beside it (a mark that the field waits), and the control. */
export function Field({
  label,
  htmlFor,
  mark,
  error,
  children,
}: {
  label: string;
  htmlFor: string;
  mark?: ReactNode;
  error?: string | null;
  children: ReactNode;
}) {
  return (
    <div className={control.field}>
      <div className={control.label}>
        <label htmlFor={htmlFor}>{label}</label>
        {mark}
      </div>
      {children}
      {error ? (
        <p className={control.error} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}

/** The same for a group of controls. */
export function FieldGroup({ label, mark, children, testId }: { label: string; mark?: ReactNode; children: ReactNode; testId?: string }) {
  return (
    <fieldset className={control.field} data-testid={testId}>
      <legend className={control.label}>
        <span>{label}</span>
        {mark}
      </legend>
      {children}
    </fieldset>
  );
}

export const Input = (props: ComponentProps<'input'>) => <input className={control.control} {...props} />;
export const TextArea = (props: ComponentProps<'textarea'>) => <textarea className={control.control} {...props} />;

export function Select({ options, ...rest }: ComponentProps<'select'> & { options: readonly (readonly [value: string, label: string])[] }) {
  return (
    <select className={control.control} {...rest}>
      {options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
