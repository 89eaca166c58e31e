import { useId, useState } from 'react';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { useWorkspace } from '../workspace.tsx';
import { dayOf, instantOf } from './date-field.tsx';
import { type FieldSpec, passedOf, SEVERITIES, VERDICTS, verdictOf } from './fields.ts';

/** Edits one value of any field, outside its page: a refused change, or a merge by hand. */
export function ValueEditor({ spec, value, onChange }: { spec: FieldSpec; value: unknown; onChange: (value: unknown) => void }) {
  const id = useId();
  return (
    <Field label={spec.label} htmlFor={id}>
      <Control id={id} spec={spec} value={value} onChange={onChange} />
    </Field>
  );
}

function Control({ id, spec, value, onChange }: { id: string; spec: FieldSpec; value: unknown; onChange: (value: unknown) => void }) {
  const { sites, inspections } = useWorkspace();
  const text = value === null || value === undefined ? '' : String(value);
  switch (spec.kind) {
    case 'text':
      return (
        <TextArea id={id} rows={6} value={text} onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)} />
      );
    case 'number':
      return (
        <Input
          id={id}
          type="number"
          inputMode="numeric"
          step={1}
          value={text}
          onChange={(event) => onChange(Number.parseInt(event.target.value, 10) || 0)}
        />
      );
    case 'date':
      return <Input id={id} type="date" value={dayOf(text)} onChange={(event) => onChange(instantOf(event.target.value))} />;
    case 'tags':
      return <TagsInput id={id} value={value} onChange={onChange} />;
    case 'flag':
      return (
        <Select
          id={id}
          value={value === true ? 'yes' : 'no'}
          options={[
            ['no', 'No'],
            ['yes', 'Yes'],
          ]}
          onChange={(event) => onChange(event.target.value === 'yes')}
        />
      );
    case 'verdict':
      return (
        <Select
          id={id}
          value={verdictOf(value as boolean | null)}
          options={VERDICTS}
          onChange={(event) => onChange(passedOf(event.target.value))}
        />
      );
    case 'choice':
      return (
        <Select
          id={id}
          value={text}
          options={spec.options ?? SEVERITIES}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
        />
      );
    case 'site':
      return (
        <Select
          id={id}
          value={text}
          options={sites.map((site) => [site.id, site.name] as const)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'inspection':
      return (
        <Select
          id={id}
          value={text}
          options={inspections.map((inspection) => [inspection.id, inspection.title] as const)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'line':
      return <Input id={id} value={text} onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)} />;
  }
}

/** Keeps the text as typed: a comma that nothing follows yet must stay. */
function TagsInput({ id, value, onChange }: { id: string; value: unknown; onChange: (value: unknown) => void }) {
  const [text, setText] = useState(() => (Array.isArray(value) ? value.join(', ') : ''));
  return (
    <Input
      id={id}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(splitTags(event.target.value));
      }}
    />
  );
}

const splitTags = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
];
