import { type FormEvent, useId } from 'react';
import { CreateSiteDocument, type Region } from '../../generated/documents.ts';
import { REGIONS } from '../fields/fields.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { useSave } from '../use-save.ts';
import styles from './sites.module.css';

export function SiteForm() {
  const id = useId();
  const create = useSave(CreateSiteDocument);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    if (text('name') === '') return;
    if (
      (await create({
        input: { name: text('name'), address: text('address') === '' ? null : text('address'), region: text('region') as Region },
      })) !== null
    )
      element.reset();
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Add a site</h2>
      <Field label="Name" htmlFor={`${id}-name`}>
        <Input id={`${id}-name`} name="name" required autoComplete="off" />
      </Field>
      <Field label="Address" htmlFor={`${id}-address`}>
        <Input id={`${id}-address`} name="address" autoComplete="off" />
      </Field>
      <Field label="Region" htmlFor={`${id}-region`}>
        <Select id={`${id}-region`} name="region" options={REGIONS} />
      </Field>
      <Button type="submit" kind="primary">
        Add site
      </Button>
    </form>
  );
}
