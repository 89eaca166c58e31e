import { once } from 'node:events';
import { createServer as createHttpServer, request as send } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';

export interface Balancer {
  readonly port: number;
  /** How many requests each has got. */
  readonly handled: readonly number[];
  close(): Promise<void>;
}

/** One address for several servers, which get the requests in turn. One that is away answers 502. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const handled = ports.map(() => 0);
  let turn = 0;
  const server = createHttpServer((request, response) => {
    const { method, headers, url } = request;
    const index = turn++ % ports.length;
    handled[index] = (handled[index] ?? 0) + 1;
    const onward = send({ host: 'localhost', port: ports[index], path: url, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on('close', () => onward.destroy());
    request.on('error', () => onward.destroy());
    request.pipe(onward);
  });
  server.listen(0);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    handled,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
