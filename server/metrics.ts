import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MutationEvent, SyncEvent } from './event.ts';
import { checkOptions, expected } from './options.ts';
import type { Store } from './store/store.ts';

export interface OfflineMetricsOptions {
  /** The package `prom-client`, as `import * as prometheus from 'prom-client'` gives it. */
  readonly prometheus: { readonly Counter: typeof Counter; readonly Gauge: typeof Gauge; readonly Histogram: typeof Histogram };
  /** What `GET /metrics` answers with. */
  readonly registry: Registry;
  /** Asked for what it keeps, whenever the figures are read. */
  readonly store: Pick<Store, 'reads'>;
}

/** Hand both to `useOffline`. */
export interface OfflineMetrics {
  readonly onMutation: (event: MutationEvent) => void;
  readonly onSync: (event: SyncEvent) => void;
}

/**
 * What an operator wants to see, for Prometheus. Labels are names of the schema and outcomes: nobody who calls can add to them.
 *
 * | metric | labels |
 * | --- | --- |
 * | `farside_mutations_total` | `outcome`: applied, duplicate, conflict, rejected, unauthenticated, failed |
 * | `farside_conflicts_total` | `type` |
 * | `farside_mutation_duration_seconds` | |
 * | `farside_sync_lag_seconds`: the age of the oldest change of a page, for who did not begin anew | |
 * | `farside_sync_resets_total`: pages that begin anew, first ones left out | |
 * | `farside_dedupe_rows`, `farside_tombstones`: what is kept now | |
 *
 * @throws OfflineServerError `BAD_OPTION`
 */
export function offlineMetrics(options: OfflineMetricsOptions): OfflineMetrics {
  checkOptions('offlineMetrics', options, ['prometheus', 'registry', 'store']);
  const { prometheus, registry, store } = options;
  if (typeof prometheus?.Counter !== 'function')
    throw expected('offlineMetrics', 'prometheus', "what import * as prometheus from 'prom-client' gives", prometheus);
  if (typeof registry?.registerMetric !== 'function') throw expected('offlineMetrics', 'registry', 'a registry of prom-client', registry);
  if (typeof store?.reads !== 'object') throw expected('offlineMetrics', 'store', 'a store that is open or being opened', store);

  const registers = [registry];
  const mutations = new prometheus.Counter({
    name: 'farside_mutations_total',
    help: 'Mutation root fields by how they ended.',
    labelNames: ['outcome'],
    registers,
  });
  const conflicts = new prometheus.Counter({
    name: 'farside_conflicts_total',
    help: 'Conflicts by type.',
    labelNames: ['type'],
    registers,
  });
  const duration = new prometheus.Histogram({
    name: 'farside_mutation_duration_seconds',
    help: 'From the turn of a mutation to its answer.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers,
  });
  const lag = new prometheus.Histogram({
    name: 'farside_sync_lag_seconds',
    help: 'How far behind readers were when they synchronised.',
    buckets: [1, 10, 60, 600, 3_600, 86_400, 604_800, 2_592_000],
    registers,
  });
  const resets = new prometheus.Counter({ name: 'farside_sync_resets_total', help: 'Readers who have to begin anew.', registers });
  const gauge = (name: string, help: string, kept: 'results' | 'tombstones') =>
    new prometheus.Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set((await store.reads.statistics())[kept]);
      },
    });
  gauge('farside_dedupe_rows', 'Answers that wait to be acknowledged.', 'results');
  gauge('farside_tombstones', 'Deletions that are remembered.', 'tombstones');

  return {
    onMutation({ outcome, typename, durationMs }) {
      mutations.inc({ outcome });
      if (outcome === 'conflict') conflicts.inc({ type: typename ?? 'other' });
      duration.observe(durationMs / 1000);
    },
    onSync({ lagMs, reset }) {
      if (reset) resets.inc();
      if (lagMs !== null) lag.observe(lagMs / 1000);
    },
  };
}
