import { ErrorCode } from '../../schema/protocol.ts';
import { clientError } from '../errors.ts';
import type { ResultKey, StoredResult, WriteTransaction } from '../store/store.ts';
import { type FieldAnswer, readAnswer, settled, writeAnswer } from './answer.ts';
import type { KeyIdentity } from './idempotency-key.ts';

/** Carries an answer out of a savepoint whose effects are to be undone. */
class Undone extends Error {
  readonly answer: FieldAnswer;
  constructor(answer: FieldAnswer) {
    super('undone');
    this.answer = answer;
  }
}

type Run = (part: WriteTransaction) => Promise<FieldAnswer>;

/** Runs a field so that its effects stay only when it was applied. What it throws is an internal error, undone too. */
export async function runUndoable(transaction: WriteTransaction, run: Run): Promise<FieldAnswer> {
  try {
    return await transaction.savepoint(async (part) => {
      const answer = await run(part);
      if (answer.outcome !== 'applied') throw new Undone(answer);
      return answer;
    });
  } catch (error) {
    if (error instanceof Undone) return error.answer;
    throw error;
  }
}

export interface Delivery {
  readonly key: ResultKey;
  readonly responseKey: string;
  readonly fingerprint: () => string;
  /** Ids at or below are settled for ever. */
  readonly watermark: number;
  readonly unacknowledgedResults: number;
}

/**
 * Runs a delivery at most once (I3): its answer is kept in the transaction of its effects, and a repeat gets that answer (I4).
 * Every final outcome consumes the id; an error that is nobody's decision consumes nothing.
 */
export async function runOnce(transaction: WriteTransaction, delivery: Delivery, run: Run): Promise<FieldAnswer> {
  const { key, responseKey, watermark, unacknowledgedResults } = delivery;
  const { mutationId, clientId, user } = key;
  const refuse = (code: ErrorCode, message: string): FieldAnswer => ({
    data: null,
    errors: settled([clientError(code, message)], responseKey),
    outcome: null,
  });

  if (mutationId <= watermark)
    return refuse(
      ErrorCode.ALREADY_ACKNOWLEDGED,
      `Mutation ${mutationId} of this client was settled and acknowledged; its answer is forgotten, and it does not run again.`,
    );
  const fingerprint = delivery.fingerprint();
  const stored = await transaction.findResult(key);
  if (stored !== null) {
    if (stored.fingerprint !== fingerprint)
      return refuse(
        ErrorCode.IDEMPOTENCY_KEY_REUSED,
        `Mutation ${mutationId} of this client was another one: two writers share a clientId. Take a new one and send this again.`,
      );
    return { ...readAnswer(stored.answer, responseKey), outcome: 'duplicate' };
  }
  // Ids only rise, so there cannot be more results than ids above the watermark: counting is for the rare case.
  if (mutationId - watermark > unacknowledgedResults && (await transaction.countResults(user, clientId)) >= unacknowledgedResults)
    return refuse(ErrorCode.TOO_MANY_UNACKNOWLEDGED, `${unacknowledgedResults} answers wait to be acknowledged: send ackedThrough first.`);

  const save = (target: WriteTransaction, answer: FieldAnswer, outcome: StoredResult['outcome']) =>
    target.saveResult(key, { fingerprint, outcome, answer: writeAnswer(answer) });
  const answer = await runUndoable(transaction, async (part) => {
    const ended = await run(part);
    // In the savepoint of the effects: neither is ever without the other.
    if (ended.outcome === 'applied') await save(part, ended, ended.outcome);
    return ended;
  });
  if (answer.outcome === null || answer.outcome === 'duplicate') return answer;
  if (answer.outcome !== 'applied') await save(transaction, answer, answer.outcome);
  return { ...answer, errors: settled(answer.errors, responseKey) };
}

/** The same for a client that names its delivery by a key. Answers of days gone by are forgotten on the way. */
export async function runUnderKey(
  transaction: WriteTransaction,
  delivery: Omit<Delivery, 'key' | 'watermark'>,
  { key, places, settledThrough }: KeyIdentity,
  run: Run,
): Promise<FieldAnswer> {
  const [today, yesterday] = places;
  const watermark = await transaction.acknowledge(today.user, today.clientId, settledThrough);
  const place = (await transaction.findResult(yesterday)) === null ? today : yesterday;
  // The whole key, because the place is made of a part of its hash.
  const fingerprint = (): string => `${delivery.fingerprint()} ${key}`;
  // Ids are far apart here, so the limit is asked of the store each time.
  return runOnce(transaction, { ...delivery, fingerprint, key: place, watermark }, run);
}
