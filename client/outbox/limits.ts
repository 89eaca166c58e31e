import { OfflineError } from '../errors.ts';
import { sizeOf } from './plain.ts';
import type { MutationRecord } from './record.ts';

export interface OutboxLimits {
  /** Records that may wait at once. Default 10 000. */
  readonly maxRecords: number;
  /** Size of one record, in UTF-16 units of its JSON. Default 1 000 000. */
  readonly maxRecordLength: number;
  /** Size of the files and buffers in one record, in bytes. Default: no limit. */
  readonly maxFileBytes?: number;
}

/** @throws OfflineError `OUTBOX_FULL`, `RECORD_TOO_LARGE` */
export function checkLimits(added: readonly MutationRecord[], size: number, limits: OutboxLimits): void {
  const { maxRecords } = limits;
  if (size + added.length > maxRecords)
    throw new OfflineError(
      'OUTBOX_FULL',
      `expected at most ${maxRecords} waiting mutations, got one more; send or discard some, or raise limits.maxRecords`,
    );
  for (const record of added) checkSize(record, limits);
}

function checkSize(record: MutationRecord, { maxRecordLength, maxFileBytes = Number.POSITIVE_INFINITY }: OutboxLimits): void {
  const { length, bytes } = sizeOf(record);
  const refuse = (limit: string, got: string): never => {
    throw new OfflineError(
      'RECORD_TOO_LARGE',
      `expected a mutation of at most ${limit}, got ${got} (${record.operationName}); send less at once`,
      { recordId: record.id },
    );
  };
  if (length > maxRecordLength) refuse(`${maxRecordLength} characters (limits.maxRecordLength)`, `${length}`);
  if (bytes > maxFileBytes) refuse(`${maxFileBytes} bytes in files (limits.maxFileBytes)`, `${bytes}`);
}
