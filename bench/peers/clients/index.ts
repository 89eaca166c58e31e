import type { Contestant } from '../contestant.ts';
import { linkQueue, linkQueueSerialized } from './link-queue.ts';
import { tanstack, tanstackKeyed } from './tanstack.ts';

export const PEERS: readonly Contestant[] = [linkQueue, linkQueueSerialized, tanstack, tanstackKeyed];
