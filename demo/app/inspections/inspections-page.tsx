import { Link, useLocation, useSearch } from 'wouter';
import { buttonClass } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useWorkspace } from '../workspace.tsx';
import { WorkspaceGate } from '../workspace-gate.tsx';
import { type Filter, Filters, readFilter, writeFilter } from './filters.tsx';
import styles from './inspection-list.module.css';
import { InspectionRow } from './inspection-row.tsx';

export function InspectionsPage() {
  const { inspections, sites } = useWorkspace();
  const [, navigate] = useLocation();
  const filter = readFilter(useSearch());
  const matching = inspections.filter(
    ({ site, status }) => (filter.status === 'ALL' || status === filter.status) && (filter.siteId === '' || site.id === filter.siteId),
  );
  // By date as the server orders them, with what is done at the end.
  const shown = [...matching.filter(({ status }) => status !== 'DONE'), ...matching.filter(({ status }) => status === 'DONE')];
  const change = (next: Filter) => navigate(writeFilter(next), { replace: true });

  return (
    <Page
      title="Inspections"
      actions={
        <Link href="/new" className={buttonClass('primary')}>
          <Icon name="plus" /> New inspection
        </Link>
      }
    >
      <WorkspaceGate>
        <Filters filter={filter} sites={sites} onChange={change} />
        {shown.length > 0 ? (
          <ul className={styles.list} aria-label="Inspections">
            {shown.map((inspection) => (
              <InspectionRow key={inspection.id} inspection={inspection} />
            ))}
          </ul>
        ) : (
          <Empty>{inspections.length === 0 ? 'No inspections yet. Plan the first one.' : 'No inspection matches this filter.'}</Empty>
        )}
      </WorkspaceGate>
    </Page>
  );
}
