import { OfflineServerError } from './errors.ts';

/**
 * Refuses what is no options object, and options that do not exist: a misspelt one would be ignored in silence.
 * @throws OfflineServerError `BAD_OPTION`
 */
export function checkOptions(of: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new OfflineServerError('BAD_OPTION', `${of}: expected an options object, got ${show(options)}`);
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw new OfflineServerError(
        'BAD_OPTION',
        `${of}: expected options among ${known.join(', ')}, got ${JSON.stringify(name)}; check its spelling`,
      );
}

/** `sqliteStore: option file: expected a path, got 7` */
export function expected(of: string, name: string, what: string, got: unknown): OfflineServerError {
  return new OfflineServerError('BAD_OPTION', `${of}: option ${name}: expected ${what}, got ${show(got)}`);
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return (JSON.stringify(value) ?? typeof value).slice(0, 80);
}
