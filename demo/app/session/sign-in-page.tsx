import { useEffect } from 'react';
import type { User } from './session.ts';
import styles from './sign-in.module.css';
import { SignInForm } from './sign-in-form.tsx';

/** Two people, so that two browser windows can disagree. */
const PEOPLE = [
  { id: 'ada', password: 'north-star' },
  { id: 'grace', password: 'evening-tide' },
] as const;

export function SignInPage({ onSignedIn }: { onSignedIn: (user: User) => void }) {
  useEffect(() => {
    document.title = 'Sign in · Farside Inspections';
  }, []);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <img src="/icon.svg" alt="" width="52" height="52" />
        <h1>Farside Inspections</h1>
        <p className={styles.lead}>Field inspections that keep working without a signal.</p>
        <SignInForm onSignedIn={onSignedIn} />
      </div>
      <section className={styles.hint} aria-labelledby="demo-users">
        <h2 id="demo-users">Try it as two people</h2>
        <p>Sign in here as one and in a private window, or another browser, as the other.</p>
        <dl>
          {PEOPLE.map(({ id, password }) => (
            <div key={id}>
              <dt>{id}</dt>
              <dd>
                <code>{password}</code>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </main>
  );
}
