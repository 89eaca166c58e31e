import { Link } from 'wouter';
import { type SiteFragment, UpdateSiteDocument } from '../../generated/documents.ts';
import { labelOf, REGIONS } from '../fields/fields.ts';
import { LineField } from '../fields/line-field.tsx';
import { RowMark, usePendingFields } from '../status/pending-mark.tsx';
import { useSave } from '../use-save.ts';
import { useWorkspace } from '../workspace.tsx';
import styles from './sites.module.css';

export function SiteItem({ site: { id, _version, name, address, region } }: { site: SiteFragment }) {
  const update = useSave(UpdateSiteDocument);
  const states = usePendingFields('Site', id);
  const { inspections } = useWorkspace();
  const count = inspections.filter(({ site }) => site.id === id).length;
  return (
    <li className={styles.site} data-testid="site" data-id={id}>
      <div className={styles.head}>
        <h2>{name}</h2>
        <RowMark typename="Site" id={id} />
      </div>
      <p className={styles.facts}>
        {labelOf(REGIONS, region)} ·{' '}
        <Link href={`/?site=${id}`}>
          {count} {count === 1 ? 'inspection' : 'inspections'}
        </Link>
      </p>
      <LineField
        label="Address"
        value={address}
        version={_version}
        state={states.get('address') ?? null}
        save={(value, version) => update({ input: { id, _version: version, address: value } })}
      />
    </li>
  );
}
