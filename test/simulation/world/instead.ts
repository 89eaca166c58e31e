import type { ExpiredMutation, Fallback } from '../../../client/fallback.ts';
import type { History } from '../history.ts';
import { documentOf } from './app.ts';
import { inputOf, intent } from './intent.ts';
import type { Screen } from './screen.ts';
import type { Tickets } from './tickets.ts';

/** What this application does about an urgent mutation that was not sent in time: somebody votes for the thing instead. */
export interface Instead {
  readonly fallback: Fallback;
  /** What came of it is in the outbox, in place of the expired one. */
  queued(expired: string): void;
}

export function createInstead(
  tab: { readonly name: string; readonly device: string; readonly screen: () => Screen },
  { history, tickets }: { readonly history: History; readonly tickets: Tickets },
): Instead {
  const made = new Map<string, { readonly ticket: string; readonly expired: string }>();
  return {
    fallback({ id, variables }: ExpiredMutation) {
      const { input, ticket: expired } = variables as { readonly input: { readonly id: string }; readonly ticket: string };
      const seen = tab.screen().entities.get(`Todo:${input.id}`);
      if (seen === undefined || seen._deleted === true) return null;
      const wanted = intent('update', 'Todo', input.id, seen, { add: { votes: 1 } });
      const ticket = tickets.open(tab.name, wanted);
      history.note({ kind: 'made', ticket, tab: tab.name, intent: wanted });
      made.set(id, { ticket, expired });
      return { mutation: documentOf(wanted), variables: { input: inputOf(wanted), ticket } };
    },
    queued(record) {
      const { ticket, expired } = made.get(record) ?? {};
      if (ticket === undefined || expired === undefined) return;
      history.note({ kind: 'durable', ticket, record: `instead of ${record}` });
      history.note({ kind: 'decided', ticket: expired, record, device: tab.device, how: 'discard' });
    },
  };
}
