import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '../harness/postgres.ts';
import { type DemoOptions, type DemoProcess, startDemoProcess } from './support/demo-process.ts';
import { until } from './support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'farside-health-'));
let postgres: TestPostgres | null = null;
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const started: DemoProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((demo) => demo.end('SIGKILL')));
});
let count = 0;
const start = (options: Omit<DemoOptions, 'dataDirectory'>): DemoProcess => {
  const demo = startDemoProcess({ dataDirectory: join(folder, String(count++)), ...options });
  started.push(demo);
  return demo;
};

/** What the server says of itself; `gone`: nobody listens. */
const asked = async (url: string, path: '/readyz' | '/healthz'): Promise<number | 'gone'> => {
  const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.status ?? 'gone';
};
const says = async (url: string) => ({ ready: await asked(url, '/readyz'), lives: await asked(url, '/healthz') });

describe('a server lives, but is not ready', () => {
  test('while it starts', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const free = createServer().listen(0);
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const demo = start({ port, databaseUrl: `postgres://a:b@127.0.0.1:${(silent.address() as AddressInfo).port}/c` });
    await until(() => says(`http://localhost:${port}`)).toEqual({ ready: 503, lives: 200 });
    expect(demo.output.stdout).not.toContain('Farside demo:');
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test('while the database is gone; it is again when the database is back', async () => {
    postgres = await startPostgres();
    const url = await start({ databaseUrl: postgres.url }).url;
    expect(await says(url)).toEqual({ ready: 200, lives: 200 });
    await postgres.kill();
    expect(await says(url)).toEqual({ ready: 503, lives: 200 });
    await postgres.start();
    await until(() => says(url)).toEqual({ ready: 200, lives: 200 });
  });

  test('between the signal to stop and its end, while it still answers whoever comes', async () => {
    const demo = start({ drainMs: 3000 });
    const url = await demo.url;
    expect(await says(url)).toEqual({ ready: 200, lives: 200 });
    demo.send('SIGTERM');
    await until(() => says(url)).toEqual({ ready: 503, lives: 200 });
    expect((await fetch(url)).status).toBe(200);
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    expect(await says(url)).toEqual({ ready: 'gone', lives: 'gone' });
  });
});
