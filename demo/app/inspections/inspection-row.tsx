import { Link } from 'wouter';
import type { InspectionFragment } from '../../generated/documents.ts';
import { formatDate } from '../fields/fields.ts';
import { RowMark } from '../status/pending-mark.tsx';
import styles from './inspection-list.module.css';
import { SeverityLabel, StatusBadge } from './labels.tsx';

export function InspectionRow({ inspection }: { inspection: InspectionFragment }) {
  const { id, title, site, inspector, dueOn, severity, status } = inspection;
  return (
    <li className={styles.row} data-testid="inspection-row" data-id={id}>
      <Link href={`/inspections/${id}`} className={styles.link}>
        <div>
          <div className={styles.title}>{title}</div>
          <div className={styles.facts}>
            <span>{site.name}</span>
            {inspector === null ? null : <span>{inspector}</span>}
            {dueOn === null ? null : <span>Due {formatDate(dueOn)}</span>}
          </div>
        </div>
        <div className={styles.marks}>
          <RowMark typename="Inspection" id={id} />
          <SeverityLabel severity={severity} />
          <StatusBadge status={status} />
        </div>
      </Link>
    </li>
  );
}
