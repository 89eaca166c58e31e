import { FORBIDDEN, STRATEGY } from '../world/app.ts';
import type { Commit, Put } from '../world/commit-log.ts';
import type { Intent } from '../world/intent.ts';
import { type Evidence, meantBy, same, type TicketFile } from './evidence.ts';
import type { Oracle, Violation } from './oracle.ts';
import { rank } from './rank.ts';

/** Bookkeeping of the server's, not of anybody's edit. */
const OWN = new Set(['_version', '_lastChangedAt', '_deleted', '__typename', 'id']);

/**
 * Every commit does what its mutation meant, and nothing else: edits of different fields both survive, counters add, sets join,
 * and over one field the declared strategy decides.
 */
export const meant: Oracle = {
  invariant: 'I13',
  promise: 'Edits of different fields survive; one field goes by its strategy',
  judge(evidence) {
    return evidence.commits.flatMap((commit) =>
      commit.puts.flatMap((put): readonly Omit<Violation, 'invariant'>[] => {
        const ticket = evidence.ticketOf(commit.delivery);
        const file = ticket === null ? undefined : evidence.tickets.get(ticket);
        if (file === undefined) {
          const operator = commit.delivery !== null && evidence.deliveries.get(commit.delivery)?.identity === null;
          if (operator || commit.delivery === null) return [];
          return [{ figure: 'other', says: `commit ${commit.index} changes ${put.entity}, and nobody asked for it`, about: [put.entity] }];
        }
        // Put on top of what somebody else made meanwhile, by its maker's choice: all of it is what the maker wants.
        const became = commit.delivery !== null && evidence.deliveries.get(commit.delivery)?.ticket === null;
        return fewest(meaningsOf(evidence, file, commit).map((meaning) => faultsOf(evidence, file, meaning, put, commit, became))).map(
          (says) => ({
            figure: 'lost',
            says: `${file.ticket} (${file.intent.kind} of ${file.entity}, commit ${commit.index}): ${says}`,
            about: [file.ticket, put.entity],
          }),
        );
      }),
    );
  },
};

/** One, as a rule. A disk that is put back takes back what was decided, so that every decision may have been the one that was sent. */
function meaningsOf(evidence: Evidence, file: TicketFile, { delivery }: Pick<Commit, 'delivery'>): readonly Intent[] {
  const device = delivery === null ? undefined : evidence.deliveries.get(delivery)?.device;
  const meaning = meantBy(file, device ?? file.device, evidence);
  if (!file.unmade) return [meaning];
  return [meaning, file.intent, ...file.decided.map((each) => meantBy({ ...file, decided: [each] }, each.device, evidence))];
}

function fewest(found: readonly (readonly string[])[]): readonly string[] {
  return found.reduce((best, each) => (each.length < best.length ? each : best));
}

function faultsOf(
  evidence: Evidence,
  file: TicketFile,
  meaning: Intent,
  put: Put,
  { index }: Pick<Commit, 'index'>,
  became: boolean,
): readonly string[] {
  const { before, after } = put;
  const isChosen = file.decided.some(({ how }) => how === 'local' || how === 'value');
  const found: string[] = [];
  // It may have become one with an edit that made another title of it.
  const isForbidden = meaning.forbidden && String(after.title).startsWith(FORBIDDEN);
  if (isForbidden && !file.decided.some(({ how }) => how === 'edit')) found.push('it is forbidden, and was done');
  const fields = Object.keys(after).filter((field) => !OWN.has(field));
  if (meaning.kind === 'delete') {
    if (!after._deleted) found.push('it deletes, and what stands is not deleted');
    for (const field of fields) if (!same(before?.[field], after[field])) found.push(`it deletes, and ${field} changed too`);
    return found;
  }
  if (after._deleted) found.push('it does not delete, and what stands is deleted');
  const isCreated = before === null || before._deleted;
  // Decided against a delete: it comes back as it was on screen, with the edit.
  if (isCreated && meaning.kind !== 'create' && !isChosen) found.push('it does not create, and something came to be');
  for (const field of fields) {
    const was = isCreated ? undefined : before?.[field];
    const is = after[field];
    if (field in meaning.set) found.push(...plain(evidence, file, field, meaning.set[field], was, is, index, isChosen));
    else if (field in meaning.add) {
      const by = meaning.add[field] as number;
      if (isCreated ? meaning.kind === 'create' && is !== by : !isChosen && is !== Number(was) + by)
        found.push(`${field} was ${show(was)}, it adds ${by}, and it is ${show(is)} now`);
    } else if (field in meaning.join || field in meaning.leave) {
      if (isChosen) continue;
      const [join, leave] = [meaning.join[field] ?? [], meaning.leave[field] ?? []];
      const wanted = new Set([...((was ?? []) as readonly string[]).filter((item) => !leave.includes(item)), ...join]);
      const got = is as readonly string[];
      if (wanted.size !== got.length || got.some((item) => !wanted.has(item)))
        found.push(`${field} was ${show(was)}, it adds ${show(join)}, removes ${show(leave)}, and it is ${show(is)} now`);
    } else if (!isCreated && !became && !same(was, is))
      found.push(`${field} is not its business, and went from ${show(was)} to ${show(is)}`);
  }
  return found;
}

function plain(
  evidence: Evidence,
  file: TicketFile,
  field: string,
  value: unknown,
  was: unknown,
  is: unknown,
  index: number,
  isChosen: boolean,
): readonly string[] {
  const seen = file.intent.seen?.[field];
  // It left the field as it found it: what others did there stands.
  const isUnchanged = same(value, seen) && same(is, was);
  if (same(is, value)) {
    if (isChosen || same(was, value) || same(was, seen) || file.intent.kind === 'create') return [];
    if (field in STRATEGY)
      return STRATEGY[field] === 'SERVER_WINS' && othersChanged(evidence, file, field, value, index)
        ? [`${field}: the server wins, and ${show(was)} became ${show(is)}`]
        : [];
    return othersChanged(evidence, file, field, value, index)
      ? [`${field}: somebody else had made ${show(was)} of ${show(seen)}, and it was overwritten by ${show(is)} without asking`]
      : [];
  }
  if (isUnchanged || agreed(evidence, file, field, value, was, is)) return [];
  if (STRATEGY[field] === 'TEXT' && !isChosen) return text(field, seen, value, was, is);
  if (STRATEGY[field] === 'LAST_WRITE_WINS' && same(is, was) && othersChanged(evidence, file, field, value, index)) return [];
  if (STRATEGY[field] === 'SERVER_WINS' && same(is, was))
    return othersChanged(evidence, file, field, value, index)
      ? []
      : [`${field}: nobody else had changed it, and ${show(value)} was dropped`];
  return [`${field}: it sets ${show(value)}, and it is ${show(is)} now`];
}

/**
 * A create that found its id taken is an edit of what stood there, by its maker's choice; and so is an edit that met another one. Where
 * the two said the same, and the choice was about something else, what others have done there since stands.
 */
function agreed({ commits }: Evidence, file: TicketFile, field: string, value: unknown, was: unknown, is: unknown): boolean {
  if (!same(is, was)) return false;
  const choices = file.decided.filter(({ how }) => how === 'local' || how === 'value');
  if (choices.length === 0 || choices.some(({ set }) => field in set)) return false;
  const since = file.intent.kind === 'create' ? Number.NEGATIVE_INFINITY : rank(file.intent.seen?._version);
  const isIt = ({ entity, after }: Put): boolean => entity === file.entity && rank(after._version) > since && same(after[field], value);
  return commits.some(({ puts }) => puts.some(isIt));
}

/** Lines that the editor added are there, and those that they took away are not; so are all that others wrote. */
function text(field: string, seen: unknown, value: unknown, was: unknown, is: unknown): readonly string[] {
  const lines = (each: unknown): readonly string[] => String(each ?? '').split('\n');
  const [had, left, found, stands] = [seen, value, was, is].map(lines) as [string[], string[], string[], string[]];
  const wanted = new Set([
    ...found.filter((line) => !had.includes(line) || left.includes(line)),
    ...left.filter((line) => !had.includes(line)),
  ]);
  if (wanted.size === new Set(stands).size && stands.every((line) => wanted.has(line))) return [];
  return [`${field} was ${show(was)}, it makes ${show(value)} of ${show(seen)}, and it is ${show(is)} now`];
}

/**
 * Whether what stands in the field is another device's change, to something else, after the version that the editor had on screen.
 * Where the editor's own device wrote it last, that write has been judged: what it replaced was dealt with then.
 */
function othersChanged(
  { commits, ticketOf, tickets, copied }: Evidence,
  file: TicketFile,
  field: string,
  value: unknown,
  index: number,
): boolean {
  const since = rank(file.intent.seen?._version);
  const changes = commits.slice(0, index).flatMap(({ puts, delivery }) =>
    puts.flatMap((put) => {
      if (put.entity !== file.entity || rank(put.after._version) <= since || same(put.before?.[field], put.after[field])) return [];
      return [{ to: put.after[field], device: tickets.get(ticketOf(delivery) ?? '')?.device }];
    }),
  );
  const last = changes.at(-1);
  if (last === undefined || same(last.to, value) || last.device === file.device) return false;
  // By a copy the two have come to wait in one outbox, one after the other.
  return !copied.some(({ from, to, order }) => from === file.device && to === last.device && order > file.made);
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
