import { eventsOf } from '../history.ts';
import type { Oracle } from './oracle.ts';

/** What people made by the app's own forms is never refused for its form: a version that is missing, an id that is none. */
export const valid: Oracle = {
  invariant: 'I15',
  promise: 'Nothing is sent that the schema refuses',
  judge({ events, deliveries, ticketOf }) {
    return eventsOf(events, 'answered').flatMap(({ delivery: number, status, body }) => {
      const delivery = deliveries.get(number);
      if (status !== 400 || delivery === undefined || delivery.identity === null) return [];
      const ticket = ticketOf(number);
      const says = `${ticket ?? delivery.operation} was sent from ${delivery.tab} in a form that the server refuses: ${body.slice(0, 200)}`;
      return [{ figure: 'other' as const, says, about: ticket === null ? [] : [ticket] }];
    });
  },
};
