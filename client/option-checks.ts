import { OfflineError } from './errors.ts';

export function checkMethods(name: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return;
  for (const method of methods) {
    if (!isObject(value) || typeof value[method] !== 'function') throw invalid(name, `an object with ${methods.join(', ')}`, value);
  }
}

export function checkRecords(name: string, value: unknown): void {
  if (value === undefined) return;
  if (!isObject(value)) throw invalid(name, 'an object', value);
  for (const [key, entry] of Object.entries(value)) if (!isObject(entry)) throw invalid(`${name}.${key}`, 'an object', entry);
}

export function checkMembers(name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined) return;
  if (!isObject(value)) throw invalid(name, 'an object', value);
  for (const key of Object.keys(value)) if (!known.includes(key)) throw invalid(`${name}.${key}`, `one of ${known.join(', ')}`, key);
}

export function checkImport(source: unknown): void {
  if (source === undefined) return;
  checkMembers('importCache', source as object, ['storage', 'key']);
  const { storage, key } = source as Record<string, unknown>;
  checkMethods('importCache.storage', storage ?? null, ['getItem', 'removeItem']);
  if (key !== undefined && (typeof key !== 'string' || key === '')) throw invalid('importCache.key', 'a key', key);
}

export function checkRetention(retention: unknown): void {
  checkMembers('retention', retention, ['timeToLiveMs', 'maxEntities', 'maxBytes']);
  const { timeToLiveMs, ...budget } = (retention ?? {}) as Record<string, unknown>;
  if (timeToLiveMs !== undefined && !isObject(timeToLiveMs))
    throw invalid('retention.timeToLiveMs', 'milliseconds by type name', timeToLiveMs);
  for (const [typename, ms] of Object.entries(timeToLiveMs ?? {}))
    if (typeof ms !== 'number' || !(ms > 0)) throw invalid(`retention.timeToLiveMs.${typename}`, 'a number of milliseconds > 0', ms);
  for (const [member, most] of Object.entries(budget))
    if (most !== undefined && (!Number.isInteger(most) || (most as number) < 1))
      throw invalid(`retention.${member}`, 'a whole number ≥ 1', most);
}

export function checkStorage(storage: unknown): void {
  if (storage === undefined) return;
  const methods = ['get', 'put', 'remove', 'entries'];
  if (isObject(storage) && 'outbox' in storage) {
    checkMethods('storage.outbox', storage.outbox, methods);
    checkMethods('storage.cache', storage.cache ?? null, methods);
  } else checkMethods('storage', storage, methods);
}

export function invalid(name: string, expected: string, got: unknown): OfflineError {
  const isOther = typeof got === 'function' || typeof got === 'bigint';
  const shown =
    typeof got === 'object' && got !== null
      ? (got.constructor?.name ?? 'object')
      : isOther
        ? `a ${typeof got}`
        : (JSON.stringify(got) ?? String(got));
  return new OfflineError('INVALID_OPTION', `createOffline: option ${name}: expected ${expected}, got ${shown.slice(0, 80)}`);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
