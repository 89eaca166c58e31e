import type { InMemoryCache } from '@apollo/client';
import type { DocumentNode } from 'graphql';
import type { Cancel } from '../ports.ts';
import type { Read } from './reached.ts';

type Listener = (read: Read) => void;

const listeners = new WeakMap<InMemoryCache, Set<Listener>>();

/** Tells of every read, also of those that are answered from earlier results. On the instance, as others patch it. */
export function onRead(cache: InMemoryCache, listener: Listener): Cancel {
  const known = listeners.get(cache) ?? hook(cache);
  known.add(listener);
  return () => void known.delete(listener);
}

function hook(cache: InMemoryCache): Set<Listener> {
  const heard = new Set<Listener>();
  listeners.set(cache, heard);
  for (const name of ['read', 'diff'] as const) {
    const original = cache[name] as (read: Read) => unknown;
    Object.defineProperty(cache, name, {
      configurable: true,
      writable: true,
      value(this: InMemoryCache, read: Read) {
        for (const each of heard) each(read);
        return original.call(this, read);
      },
    });
  }
  return heard;
}

const numbers = new WeakMap<DocumentNode, number>();
let last = 0;

/** The same for reads of the same thing. */
export function readKey({ query, variables, id = '', rootId = id }: Read): string {
  const number = numbers.get(query) ?? ++last;
  numbers.set(query, number);
  return `${number} ${rootId} ${JSON.stringify(variables ?? {})}`;
}
