import type { ReactNode } from 'react';
import styles from './notice.module.css';

export function Notice({
  tone = 'plain',
  children,
  action,
  testId,
}: {
  tone?: 'plain' | 'wait' | 'bad';
  children: ReactNode;
  action?: ReactNode;
  testId?: string;
}) {
  return (
    <div className={`${styles.notice} ${tone === 'plain' ? '' : styles[tone]}`} data-testid={testId}>
      <div>{children}</div>
      {action}
    </div>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <div className={styles.empty}>{children}</div>;
}
