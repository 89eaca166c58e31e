import type { PlantedBug } from '../world/world.ts';

interface Waiting {
  resolve(response: Response): void;
  reject(error: unknown): void;
}

/** Two requests under way, answered in the other order: each gets the answer of the other. */
export const acknowledgedByPosition: PlantedBug = {
  name: 'acknowledged-by-position',
  says: 'an answer is taken for that of the oldest request under way, not of the one that it answers',
  breaks: ['I1', 'I2', 'I5', 'I13', 'I15'],
  broughtOutBy: ['delay', 'drop-response', 'drop-request'],
  ports(ports) {
    const line: Waiting[] = [];
    return {
      ...ports,
      fetch: (input, init) => {
        if (!String((init?.body as string | undefined) ?? '').includes('mutation ')) return ports.fetch(input, init);
        return new Promise((resolve, reject) => {
          line.push({ resolve, reject });
          ports.fetch(input, init).then(
            (response) => line.shift()?.resolve(response),
            (error: unknown) => line.shift()?.reject(error),
          );
        });
      },
    };
  },
};
