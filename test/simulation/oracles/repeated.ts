import type { Delivery } from '../world/commit-log.ts';
import type { Oracle } from './oracle.ts';

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions?: { readonly code?: string };
  }[];
  readonly extensions?: { readonly offline?: { readonly mutations?: Readonly<Record<string, { readonly outcome?: string }>> } };
}

/** A repeat gets the very answer of the first delivery, until the client has said that it has it. */
export const repeated: Oracle = {
  invariant: 'I4',
  promise: 'A repeated delivery gets the same answer, byte for byte',
  judge({ events, deliveries, restored }) {
    const first = new Map<string, { readonly text: string; readonly input: string; readonly order: number }>();
    /** By client: up to where its answers are settled, as it said itself. */
    const settled = new Map<string, number>();
    /** Where it was copied, a client that is gone may live on: what came until then is settled. */
    const highest = new Map<string, number>();
    // What a request says of earlier answers holds also where the server dies before it answers that request.
    const hear = ({ clientId, identity, user, acked, retired }: Delivery): void => {
      if (clientId === null || user === null) return;
      const client = `${user} ${clientId}`;
      settled.set(client, Math.max(settled.get(client) ?? 0, acked));
      highest.set(client, Math.max(highest.get(client) ?? 0, identity?.mutationId ?? 0));
      for (const each of retired) settled.set(`${user} ${each}`, highest.get(`${user} ${each}`) ?? 0);
    };
    return events.flatMap((event) => {
      if (event.kind === 'arrived') hear(event.delivery);
      if (event.kind !== 'answered') return [];
      const { delivery: number, body, order } = event;
      const delivery = deliveries.get(number) as Delivery;
      const { clientId, identity, user } = delivery;
      if (clientId === null || user === null || identity === null) return [];
      const client = `${user} ${clientId}`;

      const { data, errors = [], extensions } = JSON.parse(body) as Answer;
      const isFinal = extensions?.offline?.mutations?.[identity.key]?.outcome !== undefined;
      const key = `${client} ${identity.mutationId}`;
      const before = first.get(key);
      const input = JSON.stringify(delivery.variables);
      if (before === undefined || restored.some((at) => at > before.order && at < order)) {
        const text = JSON.stringify([data?.[identity.key], errors]);
        if (isFinal) first.set(key, { text, input, order });
        return [];
      }
      if (before.input !== input) return [];
      const mayBeForgotten = identity.mutationId <= (settled.get(client) ?? 0);
      const isForgotten = errors.some((error) => error.extensions?.code === 'ALREADY_ACKNOWLEDGED');
      if (isForgotten && mayBeForgotten) return [];
      // Not now: the server could not, and said nothing about the write.
      if (!isFinal && !isForgotten) return [];
      const text = JSON.stringify([data?.[identity.key], errors]);
      if (text === before.text) return [];
      const says = `${delivery.ticket ?? key} came again and was answered ${text.slice(0, 200)}, not ${before.text.slice(0, 200)}`;
      return [{ figure: 'other' as const, says, about: delivery.ticket ? [delivery.ticket] : [] }];
    });
  },
};
