/** The simulated world that unit tests and the simulation share: nothing in it waits for real time or asks real chance. */
export { createSimulatedClock, type SimulatedClock } from './clock.ts';
export {
  createNetwork,
  createSimulatedConnectivity,
  type Network,
  type NetworkEntry,
  type NetworkFault,
  type SimulatedConnectivity,
} from './network.ts';
export { createSeededRandom, type SeededRandom } from './random.ts';
export { createFaultyStorage, type FaultyStorage, type StorageFaults, type StorageStep } from './storage.ts';
export {
  createMemoryChannelHub,
  createMemoryLocks,
  createSimulatedLifecycle,
  type MemoryChannelHub,
  type MemoryLocks,
  type SimulatedLifecycle,
  type TabLocks,
} from './tabs.ts';
