import { readConfig } from './server/config.ts';
import { startDemoServer } from './server/demo-server.ts';
import { StartProblem } from './server/problem.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const server = await startDemoServer(readConfig(process.env), say);
  say(`Farside demo: ${server.url}  (GraphiQL: ${server.url}/graphql, Ctrl-C stops it)`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  if (!(error instanceof StartProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
