import { gql } from '@apollo/client';
import { describe, expect, it, vi } from 'vitest';
import { memoryLocks, memoryStorage, silentChannel } from '../../../client/adapters/memory.ts';
import type { Observed } from '../../../client/observed.ts';
import type { OfflineStatus } from '../../../client/status.ts';
import { handleBackgroundSync, registerBackgroundSync } from '../../../client/worker/index.ts';
import { createSeededRandom, createSimulatedClock } from '../../harness/index.ts';
import { createWorld } from '../../harness/world.ts';

const ports = () => ({ clock: createSimulatedClock(), random: createSeededRandom(1), locks: memoryLocks(), channel: silentChannel() });
function event(tag: string) {
  const work: Promise<unknown>[] = [];
  return { tag, work, waitUntil: (promise: Promise<unknown>) => void work.push(promise) };
}

describe('the event of the service worker', () => {
  it('leaves the tags of others alone', () => {
    const theirs = event('photos');
    expect(handleBackgroundSync(theirs)).toBeNull();
    expect(theirs.work).toEqual([]);
  });

  it('is done when nobody is signed in', async () => {
    const fired = event('farside-outbox');
    const report = handleBackgroundSync(fired, { storage: memoryStorage(), ports: ports() });
    expect(await report).toMatchObject({ ended: 'nobody' });
    await expect(Promise.all(fired.work)).resolves.toHaveLength(1);
  });

  it('fails while something is left that the network holds back, so that it is fired again; and is done when it is sent', async () => {
    const world = await createWorld();
    const device = world.device('ada');
    const tab = await device.open();
    device.setOnline(false);
    await tab.offline.mutate({
      mutation: gql`mutation CreateList($input: CreateListInput!) { createList(input: $input) { __typename } }`,
      variables: { input: { name: 'a' } },
    });
    await tab.close();
    const options = {
      endpoint: 'http://server/graphql',
      headers: () => ({ 'x-user': 'ada' }),
      storage: { outbox: tab.disks.outbox, cache: tab.disks.cache },
      fetch: device.network.fetch,
    };
    const early = event('farside-outbox');
    handleBackgroundSync(early, { ...options, ports: { ...ports(), clock: world.clock } });
    await expect(Promise.all(early.work)).rejects.toMatchObject({ code: 'OFFLINE', message: expect.stringContaining('1 mutations') });
    device.setOnline(true);
    const fired = event('farside-outbox');
    handleBackgroundSync(fired, { ...options, ports: { ...ports(), clock: world.clock } });
    await Promise.all(fired.work);
    expect(device.network.operations('CreateList').at(-1)?.outcome).toBe(200);
    await world.close();
  });
});

function observed(first: Partial<OfflineStatus>) {
  const listeners = new Set<() => void>();
  let value = first as OfflineStatus;
  return {
    status: {
      get: () => value,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    } satisfies Observed<OfflineStatus>,
    set(next: Partial<OfflineStatus>) {
      value = { ...value, ...next };
      for (const listener of listeners) listener();
    },
  };
}

describe('the page asks to be woken for', () => {
  it('what waits without a network, once until it was of use, and not for what is sent anyway', async () => {
    const register = vi.fn(async () => undefined);
    const periodic = vi.fn(async () => undefined);
    const registration = { sync: { register }, periodicSync: { register: periodic } } as unknown as ServiceWorkerRegistration;
    const offline = observed({ pending: 0, connection: 'online' });
    const arrangement = await registerBackgroundSync(offline, { registration });
    expect(arrangement).toMatchObject({ sync: true, periodicSync: true });
    expect(periodic.mock.calls).toEqual([['farside-outbox', { minInterval: 43_200_000 }]]);
    offline.set({ pending: 1 });
    expect(register).not.toHaveBeenCalled();
    offline.set({ connection: 'offline' });
    offline.set({ pending: 2 });
    expect(register.mock.calls).toEqual([['farside-outbox', undefined]]);
    offline.set({ pending: 0, connection: 'online' });
    offline.set({ pending: 1, connection: 'offline' });
    expect(register).toHaveBeenCalledTimes(2);
    offline.set({ pending: 0 });
    arrangement.stop();
    offline.set({ pending: 1 });
    expect(register).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['no service worker', undefined],
    ['no background sync', async () => ({}) as ServiceWorkerRegistration],
    ['a registration that failed', () => Promise.reject(new Error('no'))],
  ])('nothing where there is %s, and does not mind', async (_name, registration) => {
    const given = registration === undefined ? {} : { registration: registration() };
    expect(await registerBackgroundSync(observed({ pending: 1, connection: 'offline' }), given)).toMatchObject({
      sync: false,
      periodicSync: false,
    });
  });

  it('nothing that the browser refuses', async () => {
    const refused = { register: () => Promise.reject(new Error('NotAllowedError')) };
    const registration = { sync: refused, periodicSync: refused } as unknown as ServiceWorkerRegistration;
    expect(await registerBackgroundSync(observed({ pending: 1, connection: 'offline' }), { registration })).toMatchObject({
      periodicSync: false,
    });
  });
});
