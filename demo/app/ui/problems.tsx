import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import styles from './problems.module.css';

const Report = createContext<(problem: string) => void>(() => {});

/** Where a change that could not even be kept on this device is reported: it stays in sight until somebody has read it. */
export function Problems({ children }: { children: ReactNode }) {
  const [problem, setProblem] = useState<string | null>(null);
  const report = useCallback((text: string) => setProblem(text), []);
  return (
    <Report value={report}>
      {children}
      <div className={styles.place} role="alert">
        {problem === null ? null : (
          <Notice tone="bad" action={<Button onClick={() => setProblem(null)}>Close</Button>} testId="problem">
            {problem}
          </Notice>
        )}
      </div>
    </Report>
  );
}

export const useReport = (): ((problem: string) => void) => useContext(Report);
