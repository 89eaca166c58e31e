import { buildIfStale } from '../demo/server/build.ts';

/** Before the story tests: they open the built app, and none of them should pay for the build with its own time-out. */
export default function setup(): Promise<void> {
  return buildIfStale((line) => void process.stdout.write(`${line}\n`));
}
