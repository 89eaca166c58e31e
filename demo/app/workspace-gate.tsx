import type { ReactNode } from 'react';
import { Button } from './ui/button.tsx';
import { Empty } from './ui/notice.tsx';
import { useWorkspace } from './workspace.tsx';
import styles from './workspace-gate.module.css';

/** Shows its children once there is something to show; before that, why not. */
export function WorkspaceGate({ children }: { children: ReactNode }) {
  const { state, problem, retry } = useWorkspace();
  if (state === 'ready') return children;
  if (state === 'loading') {
    return (
      <div role="status" className={styles.skeleton}>
        <span className="visually-hidden">Loading</span>
        <div />
        <div />
        <div />
        <div />
      </div>
    );
  }
  return (
    <Empty>
      <p>{problem ?? 'Nothing is here yet.'}</p>
      <Button onClick={retry}>Try again</Button>
    </Empty>
  );
}
