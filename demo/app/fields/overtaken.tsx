import { Badge } from '../ui/badge.tsx';

/** Shown beside a field that somebody else changed while it was being edited here. */
export function Overtaken() {
  return <Badge tone="wait">Changed elsewhere meanwhile</Badge>;
}
