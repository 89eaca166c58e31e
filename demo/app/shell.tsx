import { useState } from 'react';
import { Link, Redirect, Route, Switch, useRoute } from 'wouter';
import { ConflictDialog } from './conflict/conflict-dialog.tsx';
import { InspectionPage } from './inspections/inspection-page.tsx';
import { InspectionsPage } from './inspections/inspections-page.tsx';
import { NewInspectionPage } from './inspections/new-inspection-page.tsx';
import { OutboxDrawer } from './outbox/outbox-drawer.tsx';
import type { User } from './session/session.ts';
import { SessionNotice } from './session/session-notice.tsx';
import { SignOutButton } from './session/sign-out-button.tsx';
import styles from './shell.module.css';
import { SitesPage } from './sites/sites-page.tsx';
import { ConflictsNotice } from './status/conflicts-notice.tsx';
import { StatusAnnouncer } from './status/status-announcer.tsx';
import { StatusBar } from './status/status-bar.tsx';
import { StorageNotice } from './status/storage-notice.tsx';

/** What is around every page: where you are, who you are, how things stand with the server. */
export function Shell({ user, onSignedOut, onUser }: { user: User; onSignedOut: () => void; onUser: (user: User) => void }) {
  const [outboxOpen, setOutboxOpen] = useState(false);
  const [conflict, setConflict] = useState<string | null>(null);
  const [onSites] = useRoute('/sites');

  return (
    <>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <header className={styles.header}>
        <div className={styles.inner}>
          <Link href="/" className={styles.brand} aria-label="Farside Inspections">
            <img src="/icon.svg" alt="" width="28" height="28" />
            <span>Farside</span>
          </Link>
          <nav className={styles.nav} aria-label="Main">
            <Link href="/" aria-current={onSites ? undefined : 'page'}>
              Inspections
            </Link>
            <Link href="/sites" aria-current={onSites ? 'page' : undefined}>
              Sites
            </Link>
          </nav>
          <span className={styles.user} data-testid="user">
            {user.name}
          </span>
          <SignOutButton onSignedOut={onSignedOut} />
        </div>
      </header>
      <StatusBar onOpenOutbox={() => setOutboxOpen(true)} />
      <StatusAnnouncer />
      <div className={styles.notices}>
        <SessionNotice user={user} onUser={onUser} />
        <StorageNotice />
        <ConflictsNotice onResolve={setConflict} />
      </div>
      <Switch>
        <Route path="/">
          <InspectionsPage />
        </Route>
        <Route path="/new">
          <NewInspectionPage />
        </Route>
        <Route path="/inspections/:id">{({ id }) => <InspectionPage key={id} id={id} />}</Route>
        <Route path="/sites">
          <SitesPage />
        </Route>
        <Route>
          <Redirect to="/" replace />
        </Route>
      </Switch>
      {outboxOpen ? (
        <OutboxDrawer
          onClose={() => setOutboxOpen(false)}
          onResolve={(id) => {
            setOutboxOpen(false);
            setConflict(id);
          }}
        />
      ) : null}
      {conflict === null ? null : <ConflictDialog key={conflict} id={conflict} onClose={() => setConflict(null)} onNext={setConflict} />}
    </>
  );
}
