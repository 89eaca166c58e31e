import { type FormEvent, useId, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { signIn, type User } from './session.ts';
import styles from './sign-in.module.css';

export function SignInForm({ user, onSignedIn }: { user?: User; onSignedIn: (user: User) => void }) {
  const id = useId();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await signIn(String(form.get('user') ?? '').trim(), String(form.get('password') ?? ''));
    setBusy(false);
    if (answer.ok) onSignedIn(answer.user);
    else setError(answer.message);
  };

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} aria-label="Sign in">
      <Field label="Name" htmlFor={`${id}-user`}>
        <Input
          id={`${id}-user`}
          name="user"
          autoComplete="username"
          autoCapitalize="none"
          required
          defaultValue={user?.id}
          readOnly={user !== undefined}
          autoFocus={user === undefined}
        />
      </Field>
      <Field label="Password" htmlFor={`${id}-password`} error={error}>
        <Input
          id={`${id}-password`}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          data-begin
          aria-invalid={error !== null}
        />
      </Field>
      <Button type="submit" kind="primary" disabled={busy}>
        {busy ? 'Signing in …' : 'Sign in'}
      </Button>
    </form>
  );
}
