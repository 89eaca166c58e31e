import { Findings } from '../findings/findings.tsx';
import { RowMark } from '../status/pending-mark.tsx';
import { Empty } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useWorkspace } from '../workspace.tsx';
import { WorkspaceGate } from '../workspace-gate.tsx';
import { InspectionForm } from './inspection-form.tsx';
import styles from './inspection-page.module.css';

const BACK = { href: '/', label: 'Inspections' };

export function InspectionPage({ id }: { id: string }) {
  const { inspections } = useWorkspace();
  const inspection = inspections.find((other) => other.id === id);
  if (inspection === undefined) {
    return (
      <Page title="Inspection" back={BACK}>
        <WorkspaceGate>
          <Empty>This inspection is not here. It may have been deleted.</Empty>
        </WorkspaceGate>
      </Page>
    );
  }
  return (
    <Page
      title={inspection.title}
      back={BACK}
      heading={
        <span className={styles.heading}>
          {inspection.title}
          <RowMark typename="Inspection" id={id} />
        </span>
      }
    >
      <InspectionForm inspection={inspection}>
        <Findings inspectionId={id} />
      </InspectionForm>
    </Page>
  );
}
