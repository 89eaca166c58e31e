import { Page } from '../ui/page.tsx';
import { useWorkspace } from '../workspace.tsx';
import { WorkspaceGate } from '../workspace-gate.tsx';
import { SiteForm } from './site-form.tsx';
import { SiteItem } from './site-item.tsx';
import styles from './sites.module.css';

export function SitesPage() {
  const { sites } = useWorkspace();
  return (
    <Page title="Sites">
      <WorkspaceGate>
        <div className={styles.columns}>
          <ul className={styles.list} aria-label="Sites">
            {sites.map((site) => (
              <SiteItem key={site.id} site={site} />
            ))}
          </ul>
          <SiteForm />
        </div>
      </WorkspaceGate>
    </Page>
  );
}
