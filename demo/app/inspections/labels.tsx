import type { InspectionStatus, Severity } from '../../generated/documents.ts';
import { labelOf, SEVERITIES, STATUSES } from '../fields/fields.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const STATUS_TONE: Readonly<Record<InspectionStatus, Tone>> = { OPEN: 'neutral', IN_PROGRESS: 'accent', DONE: 'good' };

export const StatusBadge = ({ status }: { status: InspectionStatus }) => (
  <Badge tone={STATUS_TONE[status]}>{labelOf(STATUSES, status)}</Badge>
);

export function SeverityLabel({ severity }: { severity: Severity | null }) {
  if (severity === null) return null;
  return <Badge tone={severity === 'CRITICAL' || severity === 'HIGH' ? 'bad' : 'neutral'}>{labelOf(SEVERITIES, severity)}</Badge>;
}
