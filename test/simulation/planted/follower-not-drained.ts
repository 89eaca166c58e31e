import type { PlantedBug } from '../world/world.ts';

interface Envelope {
  readonly message?: { readonly kind?: string };
}

/** The tab that sends knows of its own records only. */
export const followerNotDrained: PlantedBug = {
  name: 'follower-not-drained',
  says: 'the tab that sends for all is not told of what the others have stored',
  breaks: ['I15', 'I2'],
  ports: (ports) => ({
    ...ports,
    channel: {
      ...ports.channel,
      post(envelope) {
        const kind = (envelope as Envelope | null)?.message?.kind;
        if (kind !== 'changed' && kind !== 'enqueued') ports.channel.post(envelope);
      },
    },
  }),
};
