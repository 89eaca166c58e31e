import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

export interface Row {
  readonly metric: string;
  readonly unit: string;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  /** How many times as good as the peer of the goal; null: there is none to compare with. */
  readonly ratio: number | null;
  /** In words; null: only for the record. */
  readonly goal: string | null;
  /** null: no goal, or not at this size. */
  readonly holds: boolean | null;
}

export interface Report {
  readonly name: string;
  readonly machine: string;
  readonly rows: readonly Row[];
}

export interface BenchOptions {
  readonly count: number | undefined;
  readonly rounds: number | undefined;
  /** Without the peers. */
  readonly alone: boolean;
  readonly say: (text: string) => void;
}

export interface Bench {
  readonly name: string;
  readonly says: string;
  /** Peers that are not installed. */
  missing(): readonly string[];
  run(options: BenchOptions): Promise<Report>;
}

/** Which of these packages `bench/node_modules` has not. */
export function notInstalled(packages: readonly string[]): readonly string[] {
  return packages.filter((name) => !existsSync(new URL(`node_modules/${name}/package.json`, import.meta.url)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN];
  return (low + high) / 2;
}

export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${memory} GiB, Node ${process.versions.node}, ${process.platform}`;
}

export const round = (value: number): number => (Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100);

export function formatReport({ name, machine: on, rows }: Report): string {
  const lines = rows.map(({ metric, unit, ours, peers, ratio, goal, holds }) => {
    const others = Object.entries(peers).map(([peer, value]) => `${peer} ${value}`);
    const verdict = goal === null ? '' : `  goal ${goal}: ${holds === null ? 'not measured at this size' : holds ? 'holds' : 'MISSED'}`;
    return `  ${metric}\n    farside ${ours} ${unit}${others.length > 0 ? `, ${others.join(', ')}` : ''}${ratio === null ? '' : `  (${ratio} ×)`}${verdict}`;
  });
  return [`${name}  on ${on}`, ...lines].join('\n');
}
