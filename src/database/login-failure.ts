import { Failure } from '../domain/failure.ts';
import { type Address, serverName } from './address.ts';
import { refusalOf } from './refusals.ts';
import { ConnectError } from './connect-error.ts';

const again = 'try again; see where it should be with: subctl config show';

/**
 * What went wrong between the first packet to a server of `address` and its "ready", as a Failure: `config` where somebody has to change
 * something, else `unavailable`. No error of this time is a bug.
 */
export function loginFailure(error: unknown, address: Address, at: number): Failure {
  if (error instanceof Failure) return error;
  const name = serverName(address, at);
  if (error instanceof ConnectError)
    return error.kind === 'config'
      ? new Failure('config', `The database cannot be used: ${name} ${error.message}`, { hint: error.hint })
      : new Failure('unavailable', `The database cannot be reached: ${name} ${error.message}`, {
          hint: again,
        });
  const raw = error as Error & { code?: string; reason?: string };
  if (raw.name === 'PostgresError') return answered(raw as Answer, address, at);
  return tlsFailure(raw, name) ?? known(error) ?? away(raw.message, error);
}

/** One Failure for several servers, worth trying again where one of them is. */
export function noneOf(failures: readonly Failure[], address: Address): Failure {
  const [first] = failures;
  if (failures.length === 1) return first!;
  const kind = failures.some((one) => one.kind === 'unavailable') ? 'unavailable' : first!.kind;
  const reasons = failures.map(
    ({ message }, at) => `${serverName(address, at % address.hosts.length)}: ${message}`,
  );
  return new Failure(kind, `No server of the database can be used. ${reasons.join('. ')}`, {
    hint: first!.hint,
    cause: failures.at(-1),
  });
}

interface Answer extends Error {
  code: string;
}

/** What the server said. What it says of values and names is about the settings that go with a login, not about a statement. */
function answered(error: Answer, address: Address, at: number): Failure {
  const { options } = address;
  const { code, message } = error;
  if (/^(22|42)/.test(code) && code !== '42501') {
    const what = options === undefined ? 'the settings of a connection' : `the options of the database URL`;
    return new Failure('config', `The database server does not take ${what}: ${message}`, {
      hint: 'see options in DATABASE_URL, and PGOPTIONS',
      cause: error,
    });
  }
  // PgBouncer has one code for everything
  if (
    code === '08P01' &&
    /unsupported startup parameter|no such (user|database)|authentication failed/.test(message)
  )
    return new Failure('config', `The database refused the login: ${message}`, {
      hint: checkHint,
      cause: error,
    });
  const refusal = known(error);
  if (refusal && code.startsWith('28') && (address.passwords?.[at] ?? address.password) === undefined)
    return new Failure('config', refusal.message, { hint: noPassword(address), cause: error });
  return refusal ?? away(message, error);
}

const checkHint = 'check the user, password and name in DATABASE_URL: subctl db url';

function noPassword({ passwordFile }: Address): string {
  const where = 'write it into DATABASE_URL, PGPASSWORD or ~/.pgpass';
  if (!passwordFile) return `no password was given: ${where}`;
  const { file, problem } = passwordFile;
  return problem
    ? `no password was given: ${file} ${problem}`
    : `no password was given, and ${file} has none for this host, port, database and user: ${where}`;
}

/** TLS that does not come about. A certificate that is not accepted is known to `refusalOf`. */
function tlsFailure(error: Error & { code?: string; reason?: string }, name: string): Failure | undefined {
  const { code = '', reason = '', message } = error;
  if (code === 'ECONNRESET' && /TLS/.test(message))
    return away(`${name} closed the connection while TLS was being agreed`, error);
  if (!/^(ERR_SSL_|EPROTO)/.test(code)) return undefined;
  const what = (reason || code.replace(/^ERR_SSL_/, '').replaceAll('_', ' ')).toLowerCase();
  if (/ALERT/i.test(code) || /alert/.test(what))
    return new Failure('config', `The database server ${name} refused TLS: ${what}`, {
      hint: 'see sslcert, sslkey and sslmode in DATABASE_URL',
      cause: error,
    });
  return away(`${name} does not speak TLS as a PostgreSQL server does (${what})`, error);
}

/** As everywhere, but what would be somebody's wrong input elsewhere is no answer to a login. */
function known(error: unknown): Failure | undefined {
  const failure = refusalOf(error);
  return failure && ['config', 'unavailable'].includes(failure.kind) ? failure : undefined;
}

function away(message: string, cause: unknown): Failure {
  return new Failure('unavailable', `The database cannot be reached: ${message}`, { hint: again, cause });
}
