import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A provider that answers as it is told, at an address of this machine, and keeps what it was sent. */
export interface ProviderServer {
  url: string;
  /** how the next calls are answered; undefined never answers */
  status: number | undefined;
  seen: IncomingMessage[];
}

/** Starts one that ends with the file's tests. Its answers repeat the key, as those of some providers do. */
export async function startProvider(): Promise<ProviderServer> {
  const held: ProviderServer = { url: '', status: 200, seen: [] };
  const server = createServer((request, response) => {
    held.seen.push(request);
    if (held.status === undefined) return;
    response.writeHead(held.status, {
      location: 'http://attacker.example.com/',
      'content-type': 'application/json',
    });
    response.end(JSON.stringify({ error: `Incorrect API key provided: ${JSON.stringify(request.headers)}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  held.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return held;
}
