import net from 'node:net';
import { once } from 'node:events';
import type { Address } from './address.ts';
import { isWeak } from './ssl-mode.ts';
import { encrypt, loadTls, tlsOptions } from './tls.ts';
import { ConnectError, closedEarly, notPostgres } from './connect-error.ts';

const askForTls = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Connects to the `at`th server of `address`, with TLS where `sslmode` wants it, up to where the client says who it is. `hold` is
 * given each socket as soon as it is there, to destroy it when this takes too long.
 * @throws what the socket or TLS says, a ConnectError, or a Failure for a file of keys
 */
export async function connectServer(
  address: Address,
  at: number,
  hold: (socket: net.Socket) => void,
): Promise<net.Socket> {
  const { hosts, ports, hostaddrs, sslmode, directTls } = address;
  const host = hosts[at]!;
  const port = ports[at]!;
  const isSocket = host.startsWith('/');
  const options = isSocket || sslmode === 'disable' ? undefined : tlsOptions(address, host);
  if (options) await loadTls();
  const socket = isSocket
    ? net.connect(`${host}/.s.PGSQL.${port}`)
    : // a second for each address of a name: a quarter, as Node has it, is too short for another continent
      net.connect({ host: hostaddrs?.[at] ?? host, port, autoSelectFamilyAttemptTimeout: 1_000 });
  hold(socket);
  await once(socket, 'connect');
  if (!options) return socket;
  if (directTls) options.ALPNProtocols = ['postgresql'];
  else if (!(await speaksTls(socket))) {
    if (isWeak(sslmode)) return socket;
    socket.destroy();
    throw new ConnectError(
      'config',
      `speaks no TLS, and sslmode=${sslmode} requires it`,
      'switch it on at the server: ssl = on',
    );
  }
  const encrypted = encrypt(socket, options);
  hold(encrypted);
  await once(encrypted, 'secureConnect');
  return encrypted;
}

/** Asks the server for TLS. Its answer is one byte: what comes with it in clear was put there by somebody else. */
async function speaksTls(socket: net.Socket): Promise<boolean> {
  socket.write(askForTls);
  const answer = await firstBytes(socket);
  if (answer.length === 1 && answer[0] === 0x53) return true;
  if (answer.length === 1 && answer[0] === 0x4e) return false;
  throw notPostgres();
}

function firstBytes(socket: net.Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(closedEarly());
    socket.once('error', reject).once('close', onClose);
    socket.once('data', (bytes: Buffer) => {
      socket.off('error', reject).off('close', onClose);
      resolve(bytes);
    });
  });
}
