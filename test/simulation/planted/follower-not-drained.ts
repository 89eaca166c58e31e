import type { PlantedBug } from '../world/world.ts';

interface Envelope {
  readonly message?: { readonly kind?: string };
}

const RECORD = 'record/';

/** The tab that sends knows of its own records, and of those that were there when it began. */
export const followerNotDrained: PlantedBug = {
  name: 'follower-not-drained',
  says: 'the tab that sends for all does not look at what the others have stored',
  breaks: ['I15', 'I2'],
  ports(ports) {
    let known: Set<string> | null = null;
    const learn = (key: string): void => void known?.add(key);
    return {
      ...ports,
      channel: {
        ...ports.channel,
        post(envelope) {
          const kind = (envelope as Envelope | null)?.message?.kind;
          if (kind !== 'changed' && kind !== 'enqueued') ports.channel.post(envelope);
        },
      },
      outbox: {
        ...ports.outbox,
        put(key, value) {
          learn(key);
          return ports.outbox.put(key, value);
        },
        ...(ports.outbox.putMany && {
          putMany(pairs: Parameters<NonNullable<typeof ports.outbox.putMany>>[0]) {
            for (const [key] of pairs) learn(key);
            return (ports.outbox.putMany as NonNullable<typeof ports.outbox.putMany>)(pairs);
          },
        }),
        async entries(prefix) {
          const all = await ports.outbox.entries(prefix);
          if (!prefix.includes(RECORD)) return all;
          known ??= new Set(all.map(([key]) => key));
          return all.filter(([key]) => known?.has(key));
        },
      },
    };
  },
};
