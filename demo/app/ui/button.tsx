import type { ComponentProps } from 'react';
import styles from './button.module.css';

export function Button({
  kind = 'plain',
  className,
  ...rest
}: ComponentProps<'button'> & { kind?: 'plain' | 'primary' | 'danger' | 'quiet' }) {
  return <button type="button" className={buttonClass(kind, className)} {...rest} />;
}

/** For links that look like buttons. */
export function buttonClass(kind: 'plain' | 'primary' | 'danger' | 'quiet' = 'plain', extra?: string): string {
  return [styles.button, kind === 'plain' ? undefined : styles[kind], extra].filter(Boolean).join(' ');
}
