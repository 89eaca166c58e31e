import type { SiteFragment } from '../../generated/documents.ts';
import { STATUSES } from '../fields/fields.ts';
import { Select } from '../ui/field.tsx';
import { Segments } from '../ui/segments.tsx';
import styles from './filters.module.css';

export interface Filter {
  readonly status: 'ALL' | (typeof STATUSES)[number][0];
  /** Empty: every site. */
  readonly siteId: string;
}

export const readFilter = (search: string): Filter => {
  const params = new URLSearchParams(search);
  const status = STATUSES.find(([value]) => value === params.get('status'))?.[0] ?? 'ALL';
  return { status, siteId: params.get('site') ?? '' };
};

export const writeFilter = ({ status, siteId }: Filter): string => {
  const params = new URLSearchParams();
  if (status !== 'ALL') params.set('status', status);
  if (siteId !== '') params.set('site', siteId);
  return params.size === 0 ? '/' : `/?${params}`;
};

export function Filters({
  filter,
  sites,
  onChange,
}: {
  filter: Filter;
  sites: readonly SiteFragment[];
  onChange: (filter: Filter) => void;
}) {
  return (
    <search className={styles.filters} aria-label="Filter inspections">
      <Segments
        label="Status"
        value={filter.status}
        options={[['ALL', 'All'], ...STATUSES]}
        onChange={(status) => onChange({ ...filter, status })}
      />
      <div className={styles.site}>
        <Select
          aria-label="Site"
          value={filter.siteId}
          options={[['', 'All sites'], ...sites.map((site) => [site.id, site.name] as const)]}
          onChange={(event) => onChange({ ...filter, siteId: event.target.value })}
        />
      </div>
    </search>
  );
}
