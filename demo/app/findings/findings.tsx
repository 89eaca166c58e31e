import { useWorkspace } from '../workspace.tsx';
import { FindingForm } from './finding-form.tsx';
import { FindingItem } from './finding-item.tsx';
import styles from './findings.module.css';

export function Findings({ inspectionId }: { inspectionId: string }) {
  const { findings } = useWorkspace();
  const own = findings.filter(({ inspection }) => inspection.id === inspectionId);
  const open = own.filter(({ resolved }) => !resolved).length;
  return (
    <section className={styles.section} aria-labelledby="findings-title" data-testid="findings">
      <div className={styles.title}>
        <h2 id="findings-title">Findings</h2>
        <p className={styles.none}>{own.length === 0 ? 'Nothing found so far' : `${own.length} in all, ${open} open`}</p>
      </div>
      <ul>
        {own.map((finding) => (
          <FindingItem key={finding.id} finding={finding} />
        ))}
      </ul>
      <FindingForm inspectionId={inspectionId} />
    </section>
  );
}
