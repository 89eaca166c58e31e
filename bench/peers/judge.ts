import type { Change } from './change.ts';
import type { StoredNote } from './server.ts';

/** What became of one change, as far as its maker was told. */
export interface ChangeFile {
  readonly change: Change;
  readonly device: string;
  isStored: boolean;
  isAcknowledged: boolean;
  isFailed: boolean;
}

export interface PeerFigures {
  /** Changes that were made. */
  readonly mutations: number;
  /** … of which the client had said, or could have said, that they are safe: stored, or answered. */
  readonly accepted: number;
  /** Accepted, in no queue any more, never carried out, and nobody was told. */
  readonly lost: number;
  /** Times that a change was carried out beyond the first. */
  readonly repeated: number;
  /** Changes that came after one which the same device had made to the same note later. */
  readonly reordered: number;
  /** Not carried out, and whoever made them was told. */
  readonly refused: number;
  /** Accepted and still in a queue, though nothing has been in the way for long and the app was started again. */
  readonly stuck: number;
}

/**
 * Counts from outside: what the client had of each change on its disk, what it told, and what the notes at the server show.
 * @param made in the order made.
 */
export function judge(made: readonly ChangeFile[], waiting: ReadonlySet<string>, notes: readonly StoredNote[]): PeerFigures {
  const effects = new Map<string, number>();
  for (const { log } of notes) for (const token of log) effects.set(token, (effects.get(token) ?? 0) + 1);
  const accepted = made.filter(({ isStored, isAcknowledged }) => isStored || isAcknowledged);
  const absent = made.filter(({ change }) => !effects.has(change.token));
  const isAccepted = new Set(accepted);
  const count = (files: readonly ChangeFile[], is: (file: ChangeFile) => boolean): number => files.filter(is).length;
  checkVotes(made, notes);
  return {
    mutations: made.length,
    accepted: accepted.length,
    lost: count(absent, (file) => isAccepted.has(file) && !file.isFailed && !waiting.has(file.change.token)),
    repeated: made.reduce((sum, { change }) => sum + Math.max(0, (effects.get(change.token) ?? 0) - 1), 0),
    reordered: notes.reduce(
      (sum, { id, log }) =>
        sum +
        overtaken(
          made.filter(({ change }) => change.id === id),
          log,
        ),
      0,
    ),
    refused: count(absent, ({ isFailed, change }) => isFailed && !waiting.has(change.token)),
    stuck: count(absent, (file) => isAccepted.has(file) && waiting.has(file.change.token)),
  };
}

/** The first effect of each change counts: what comes again is a repetition. */
function overtaken(made: readonly ChangeFile[], log: readonly string[]): number {
  const devices = new Set(made.map(({ device }) => device));
  return [...devices].reduce((sum, device) => {
    const positions = made.flatMap((file) =>
      file.device === device && log.includes(file.change.token) ? [log.indexOf(file.change.token)] : [],
    );
    return sum + positions.filter((position, index) => positions.slice(index + 1).some((later) => later < position)).length;
  }, 0);
}

/** The counters must say what the tokens say: else it is the counting that is wrong. */
function checkVotes(made: readonly ChangeFile[], notes: readonly StoredNote[]): void {
  const by = new Map(made.map(({ change }) => [change.token, change.by ?? 0]));
  for (const { id, votes, log } of notes) {
    const told = log.reduce((sum, token) => sum + (by.get(token) ?? 0), 0);
    if (told !== votes) throw new Error(`expected ${told} votes on ${id} by the tokens in its log, got ${votes}`);
  }
}
