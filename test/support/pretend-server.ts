import { readFileSync } from 'node:fs';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { parseDatabaseUrl } from '../../src/database/address.ts';

/** Something on a port that is no PostgreSQL server, or not quite. */
export interface PretendServer {
  port: number;
  /** how many connections came */
  readonly count: number;
  /** what was sent to it, of all connections */
  readonly received: string;
  close(): Promise<void>;
}

/** Whether this machine has an address ::1. */
export const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

const message = (kind: string, body: Buffer) => {
  const head = Buffer.from(`${kind}0000`);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const authentication = (method: number, more = '') =>
  message('R', Buffer.concat([Buffer.from([0, 0, 0, method]), Buffer.from(more)]));
const refusal = (code: string, text: string) =>
  message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`));

/** What they do at the first packet of a client. */
export const manners: Record<string, (client: net.Socket) => void> = {
  closes: (client) => client.destroy(),
  resets: (client) => client.resetAndDestroy(),
  'is silent': () => undefined,
  'says S and closes': (client) => (client.write('S'), setTimeout(() => client.destroy(), 20)),
  'says S, then garbage': (client) => (
    client.write('S'),
    setTimeout(() => client.write('HTTP/1.1 400\r\n'), 20)
  ),
  'says S and more at once': (client) => client.write('SX'),
  'says N and closes': (client) => (client.write('N'), client.once('data', () => client.destroy())),
  'speaks HTTP': (client) => client.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'asks for a password and closes': (client) => (
    client.write(authentication(3)),
    client.once('data', () => client.end())
  ),
  'asks for Kerberos': (client) => client.write(authentication(7)),
  'asks for another SASL': (client) => client.write(authentication(10, 'OAUTHBEARER\0\0')),
  'answers SCRAM with garbage': (client) => {
    client.write(authentication(10, 'SCRAM-SHA-256\0\0'));
    client.once('data', () => client.write(authentication(11, 'garbage')));
  },
  'lets in and closes': (client) => (client.write(authentication(0)), setTimeout(() => client.destroy(), 20)),
  'lets in and resets': (client) => (
    client.write(authentication(0)),
    setTimeout(() => client.resetAndDestroy(), 20)
  ),
  'lets in and cuts a message short': (client) => (
    client.write(authentication(0)),
    client.write(message('Z', Buffer.alloc(0)))
  ),
};

/** A server that ends every login with an SQLSTATE. */
export const refusing =
  (code: string, text = 'a sentence') =>
  (client: net.Socket) =>
    void client.end(refusal(code, text));

export function openPretendServer(
  act: (client: net.Socket) => void,
  { host = '127.0.0.1', atOnce = false }: { host?: string; atOnce?: boolean } = {},
): Promise<PretendServer> {
  const clients = new Set<net.Socket>();
  let count = 0;
  let received = '';
  const server = net.createServer((client) => {
    count++;
    clients.add(client);
    client.on('error', () => undefined).on('data', (bytes: Buffer) => (received += bytes.toString('latin1')));
    if (atOnce) act(client);
    else client.once('data', () => act(client));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, host, () =>
      resolve({
        port: (server.address() as net.AddressInfo).port,
        get count() {
          return count;
        },
        get received() {
          return received;
        },
        async close() {
          for (const client of clients) client.destroy();
          await new Promise((done) => server.close(done));
        },
      }),
    );
  });
}

export const certificate = (name: string) =>
  path.join(import.meta.dirname, 'certificates', name.includes('.') ? name : `${name}.crt`);

/** The test's own server behind TLS, with one of the certificates of `certificates/`: `name` for localhost, `address` for 127.0.0.1 and ::1. */
export function openTlsServer(url: string, name: string, host = '127.0.0.1'): Promise<PretendServer> {
  const { hosts, ports } = parseDatabaseUrl(url);
  const secureContext = tls.createSecureContext({
    cert: readFileSync(certificate(name)),
    key: readFileSync(certificate(`${name}.key`)),
  });
  return openPretendServer(
    (client) => {
      client
        .removeAllListeners('data')
        .on('error', () => undefined)
        .write('S');
      const inside = new tls.TLSSocket(client, { isServer: true, secureContext });
      const behind = hosts[0]!.startsWith('/')
        ? net.connect(`${hosts[0]}/.s.PGSQL.${ports[0]}`)
        : net.connect(ports[0]!, hosts[0]);
      inside.pipe(behind).pipe(inside);
      inside.on('error', () => behind.destroy()).on('close', () => behind.destroy());
      behind.on('error', () => inside.destroy());
    },
    { host },
  );
}
