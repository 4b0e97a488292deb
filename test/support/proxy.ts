import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A way to a server that a test can cut, or make swallow everything without a word, as a network does. */
export interface Proxy {
  port: number;
  /** Breaks every connection; new ones are taken. */
  cut(): number;
  /** Refuses new connections, until it is told to take them again. */
  refuse(): Promise<void>;
  take(): Promise<void>;
  /** What is sent either way goes nowhere, and nobody is told. */
  stall(isStalled: boolean): void;
  close(): Promise<void>;
}

/** A proxy on loopback to a unix socket, or to a port of loopback. */
export async function openProxy(to: string | number): Promise<Proxy> {
  const pairs = new Set<[Socket, Socket]>();
  let isStalled = false;
  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    const target = typeof to === 'number' ? connect(to, '127.0.0.1') : connect(to);
    const pair: [Socket, Socket] = [client, target];
    pairs.add(pair);
    client.on('end', () => isStalled || client.end()); // a swallowed goodbye is not answered either
    for (const [from, into] of [pair, [target, client] as const]) {
      from.on('data', (data) => isStalled || into.write(data));
      from.on('error', () => undefined);
      from.on('close', () => {
        if (isStalled) return; // nor does the other side learn that this one has gone
        into.destroy();
        pairs.delete(pair);
      });
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    const count = pairs.size;
    for (const pair of pairs) pair.forEach((one) => one.destroy());
    pairs.clear();
    return count;
  };
  const refuse = async () => {
    const closed = server.listening ? once(server, 'close') : Promise.resolve();
    server.close();
    cut();
    await closed;
  };
  return {
    port,
    cut,
    refuse,
    take: () => (server.listening ? Promise.resolve() : listen(port)),
    stall: (next) => void (isStalled = next),
    close: refuse,
  };
}
