import type { ReactNode } from 'react';
import type { InspectionFragment } from '../../generated/documents.ts';
import { ChoiceField, SegmentField } from '../fields/choice-field.tsx';
import { CounterField } from '../fields/counter-field.tsx';
import { DateField } from '../fields/date-field.tsx';
import { passedOf, SEVERITIES, STATUSES, VERDICTS, verdictOf } from '../fields/fields.ts';
import { LineField } from '../fields/line-field.tsx';
import { TagsField } from '../fields/tags-field.tsx';
import { TextField } from '../fields/text-field.tsx';
import { DeleteInspection } from './delete-inspection.tsx';
import styles from './inspection-page.module.css';
import { useInspectionFields } from './use-inspection-fields.ts';

export function InspectionForm({ inspection, children }: { inspection: InspectionFragment; children: ReactNode }) {
  const field = useInspectionFields(inspection);
  const title = field('title');
  const passed = field('passed');
  const severity = field('severity');
  return (
    <div className={styles.columns}>
      <div className={styles.main}>
        <section className={styles.card} aria-label="Inspection">
          <LineField {...title} required save={(text, version) => title.save(text ?? title.value, version)} />
          <SegmentField {...field('status')} options={STATUSES} />
          <TextField {...field('notes')} />
        </section>
        {children}
      </div>
      <aside className={styles.side} aria-label="Details">
        <section className={styles.card}>
          <SegmentField
            {...passed}
            value={verdictOf(passed.value)}
            options={VERDICTS}
            save={(verdict, version) => passed.save(passedOf(verdict), version)}
          />
          <CounterField {...field('visits')} />
          <TagsField {...field('tags')} save={(tags, version) => field('tags').save([...tags], version)} />
        </section>
        <section className={styles.card}>
          <ChoiceField
            {...severity}
            value={severity.value ?? ''}
            options={[['', 'Not set'], ...SEVERITIES]}
            save={(value, version) => severity.save(value === '' ? null : value, version)}
          />
          <LineField {...field('inspector')} />
          <DateField {...field('dueOn')} />
        </section>
        <DeleteInspection inspection={inspection} />
      </aside>
    </div>
  );
}
