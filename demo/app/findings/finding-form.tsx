import { type FormEvent, useState } from 'react';
import { CreateFindingDocument, type Severity } from '../../generated/documents.ts';
import { SEVERITIES } from '../fields/fields.ts';
import { Button } from '../ui/button.tsx';
import { Input, Select } from '../ui/field.tsx';
import { useSave } from '../use-save.ts';
import styles from './findings.module.css';

export function FindingForm({ inspectionId }: { inspectionId: string }) {
  const [summary, setSummary] = useState('');
  const [severity, setSeverity] = useState<Severity>('MEDIUM');
  const create = useSave(CreateFindingDocument);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const text = summary.trim();
    if (text === '') return;
    if ((await create({ input: { inspectionId, summary: text, severity, resolved: false, count: 1 } })) !== null) setSummary('');
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} aria-label="Add a finding">
      <Input
        aria-label="New finding"
        placeholder="What did you find?"
        autoComplete="off"
        value={summary}
        onChange={(event) => setSummary(event.target.value)}
      />
      <Select
        aria-label="Severity of the new finding"
        value={severity}
        options={SEVERITIES}
        onChange={(event) => setSeverity(event.target.value as Severity)}
      />
      <Button type="submit">Add</Button>
    </form>
  );
}
