import { type FormEvent, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { CreateInspectionDocument, type Severity } from '../../generated/documents.ts';
import { instantOf } from '../fields/date-field.tsx';
import { SEVERITIES } from '../fields/fields.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { useSave } from '../use-save.ts';
import { useWorkspace } from '../workspace.tsx';
import { WorkspaceGate } from '../workspace-gate.tsx';
import styles from './new-inspection-page.module.css';

export function NewInspectionPage() {
  return (
    <Page title="New inspection" back={{ href: '/', label: 'Inspections' }}>
      <WorkspaceGate>
        <NewInspectionForm />
      </WorkspaceGate>
    </Page>
  );
}

function NewInspectionForm() {
  const { sites } = useWorkspace();
  const [, navigate] = useLocation();
  const create = useSave(CreateInspectionDocument);
  const [error, setError] = useState<string | null>(null);
  const id = useId();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const optional = (name: string): string | null => (text(name) === '' ? null : text(name));
    if (text('title') === '') return setError('Give the inspection a title.');
    const ticket = await create({
      input: {
        title: text('title'),
        siteId: text('siteId'),
        status: 'OPEN',
        severity: optional('severity') as Severity | null,
        inspector: optional('inspector'),
        dueOn: instantOf(text('dueOn')),
        notes: optional('notes'),
        tags: [],
        visits: 0,
        passed: null,
      },
    });
    if (ticket !== null) navigate(`/inspections/${ticket.entityIds.createInspection}`);
  };

  if (sites.length === 0) return <p>An inspection belongs to a site. Add a site first.</p>;
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <Field label="Title" htmlFor={`${id}-title`} error={error}>
        <Input id={`${id}-title`} name="title" required autoComplete="off" aria-invalid={error !== null} onChange={() => setError(null)} />
      </Field>
      <Field label="Site" htmlFor={`${id}-site`}>
        <Select id={`${id}-site`} name="siteId" options={sites.map((site) => [site.id, site.name] as const)} />
      </Field>
      <div className={styles.pair}>
        <Field label="Inspector" htmlFor={`${id}-inspector`}>
          <Input id={`${id}-inspector`} name="inspector" autoComplete="off" />
        </Field>
        <Field label="Due" htmlFor={`${id}-due`}>
          <Input id={`${id}-due`} name="dueOn" type="date" />
        </Field>
        <Field label="Severity" htmlFor={`${id}-severity`}>
          <Select id={`${id}-severity`} name="severity" options={[['', 'Not set'], ...SEVERITIES]} />
        </Field>
      </div>
      <Field label="Notes" htmlFor={`${id}-notes`}>
        <TextArea id={`${id}-notes`} name="notes" rows={5} />
      </Field>
      <div className={styles.actions}>
        <Button type="submit" kind="primary">
          Create inspection
        </Button>
      </div>
    </form>
  );
}
