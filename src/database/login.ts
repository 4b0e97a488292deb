import type { Socket } from 'node:net';
import type { Address, TargetSession } from './address.ts';
import { ConnectError, closedEarly, notPostgres } from './connect-error.ts';

/** What a login left for later. */
export interface Login {
  /** the server's first "ready" and what came after it, for the driver */
  rest: Buffer;
  /** with which a statement can be canceled: process and secret, as the server wrote them */
  key: Buffer | undefined;
}

export interface LoginHooks {
  /** takes a message of the server for the driver, which answers it */
  pass(message: Buffer): void;
  /** whether the driver is being asked for a password: meanwhile no other server will do */
  onAsked(isAsked: boolean): void;
}

/** messages of a server that is not ready yet are small: what is longer is another protocol */
const longest = 30_000;
const stateQuery = "select pg_is_in_recovery(), current_setting('transaction_read_only')";

/**
 * Sends the driver's `startup` message and passes on what the server says, until the server is ready. Errors are not passed on.
 * @throws what the server answers (a PostgresError), a close, a session that `targetSession` does not want, and what is no PostgreSQL
 */
export function logIn(
  socket: Socket,
  startup: Buffer,
  { scramOnly, targetSession = 'any' }: Pick<Address, 'scramOnly' | 'targetSession'>,
  { pass, onAsked }: LoginHooks,
): Promise<Login> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    let key: Buffer | undefined;
    let ready: Buffer | undefined;
    let isOver = false;
    const finish = () => {
      isOver = true;
      socket.off('data', onData).off('error', fail).off('close', onClose);
    };
    const fail = (error: Error) => {
      finish();
      socket.destroy();
      reject(error);
    };
    const onClose = () => fail(closedEarly());
    const handle = (kind: string, message: Buffer) => {
      if (kind === 'E') throw readError(message);
      if (kind === 'R') {
        refuseMethod(message, scramOnly);
        onAsked(message.readUInt32BE(5) !== 0);
      }
      if (kind === 'K') key = Buffer.from(message.subarray(5));
      if (kind === 'D') refuseSession(message, targetSession);
      if (kind === 'Z' && message.length !== 6) throw notPostgres();
      if (kind === 'Z' && !ready) {
        ready = Buffer.from(message);
        if (targetSession !== 'any') return socket.write(simpleQuery(stateQuery));
      }
      if (kind === 'Z') {
        finish();
        resolve({ rest: Buffer.concat([ready!, bytes]), key });
      } else if (!ready) pass(message);
    };
    const onData = (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      try {
        while (!isOver && bytes.length > 0) {
          const kind = String.fromCharCode(bytes[0]!);
          if (!(ready ? 'TDCSNEZ' : 'RSKNEZ').includes(kind)) throw notPostgres();
          const length = bytes.length < 5 ? Infinity : bytes.readUInt32BE(1) + 1;
          if (length !== Infinity && (length < 5 || length > longest)) throw notPostgres();
          if (bytes.length < length) return;
          const message = bytes.subarray(0, length);
          bytes = bytes.subarray(length);
          handle(kind, message);
        }
      } catch (error) {
        fail(error instanceof RangeError ? notPostgres() : (error as Error)); // a message that is cut short
      }
    };
    socket.on('data', onData).on('error', fail).on('close', onClose);
    socket.write(startup);
  });
}

/** What the driver cannot answer would leave it waiting, or end the process; what is weaker than was asked for is not answered. */
function refuseMethod(message: Buffer, scramOnly: boolean | undefined): void {
  const method = message.readUInt32BE(5);
  const text = message.toString('utf8', 9);
  if (scramOnly && [3, 5].includes(method))
    throw new ConnectError(
      'config',
      'asks for the password itself, and channel_binding=require allows only SCRAM',
    );
  if (method === 10 && !text.split('\0').includes('SCRAM-SHA-256'))
    throw new ConnectError('config', `wants a login by ${text.split('\0')[0]}, which subctl does not know`);
  if (method === 11 && !/^r=[^,]+,s=[^,]+,i=[1-9]\d{0,6}(,|$)/.test(text)) throw notPostgres();
  if (![0, 3, 5, 10, 11, 12].includes(method))
    throw new ConnectError(
      'config',
      'wants a login that subctl does not know (Kerberos, perhaps)',
      'let the server take a password for this role: scram-sha-256 in its pg_hba.conf',
    );
}

function refuseSession(message: Buffer, wanted: TargetSession): void {
  let at = 7;
  const [inRecovery, readOnly] = [0, 1].map(() => {
    const length = message.readInt32BE(at);
    at += 4 + length;
    return message.toString('utf8', at - length, at);
  });
  const isStandby = inRecovery === 't';
  const isReadOnly = readOnly === 'on';
  const reasons: Record<string, string | false> = {
    'read-write': isReadOnly && 'is read-only',
    'read-only': !isReadOnly && 'is not read-only',
    primary: isStandby && 'is a standby',
    standby: !isStandby && 'is no standby',
    'prefer-standby': !isStandby && 'is no standby',
  };
  const reason = reasons[wanted];
  if (reason) throw new ConnectError('unavailable', `${reason}, and target_session_attrs asks for ${wanted}`);
}

/** The server's error in the form of the driver's. */
function readError(message: Buffer): Error {
  const fields = new Map<string, string>();
  for (const field of message.toString('utf8', 5).split('\0')) fields.set(field.charAt(0), field.slice(1));
  const error = new Error(fields.get('M') ?? 'an error without a message');
  return Object.assign(error, {
    name: 'PostgresError',
    code: fields.get('C') ?? 'XX000',
    severity: fields.get('V'),
    detail: fields.get('D'),
    hint: fields.get('H'),
  });
}

function simpleQuery(text: string): Buffer {
  const query = Buffer.from(`Q0000${text}\0`);
  query.writeUInt32BE(query.length - 1, 1);
  return query;
}
