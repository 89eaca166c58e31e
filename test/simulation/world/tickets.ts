import type { Intent } from './intent.ts';

/** Which ticket stands for which mutation, while the world runs. */
export interface Tickets {
  open(tab: string, intent: Intent): string;
  durable(ticket: string, record: string): void;
  ofRecord(record: string): string | null;
  intent(ticket: string): Intent;
  /** An id for an entity that nobody has; `isUuid`: of the form that says so. */
  entity(typename: string, isUuid?: boolean): string;
  /** An id that stands for one that the server will make. */
  temporary(): string;
  /** A text that nobody has written yet, so that where it appears tells whose it is. */
  text(): string;
}

const TEMPORARY = '0198c0de-0000-4000-9000-';

/** What the server makes of a temporary id; any other id stays. */
export const assignedId = (id: string): string => (id.startsWith(TEMPORARY) ? `numbered-${id}` : id);

export function createTickets(): Tickets {
  const intents: Intent[] = [];
  const records = new Map<string, string>();
  let entities = 0;
  let texts = 0;
  return {
    open(_tab, intent) {
      intents.push(intent);
      return `t${intents.length}`;
    },
    durable: (ticket, record) => void records.set(record, ticket),
    ofRecord: (record) => records.get(record) ?? null,
    intent(ticket) {
      const found = intents[Number(ticket.slice(1)) - 1];
      if (found === undefined) throw new Error(`no ticket ${ticket}`);
      return found;
    },
    entity: (typename, isUuid = false) =>
      isUuid ? `0198c0de-0000-7000-8000-${String(++entities).padStart(12, '0')}` : `${typename.toLowerCase()}-${++entities}`,
    temporary: () => `${TEMPORARY}${String(++entities).padStart(12, '0')}`,
    text: () => `text ${++texts}`,
  };
}
