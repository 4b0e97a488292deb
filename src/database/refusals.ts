import { Failure, type FailureKind } from '../domain/failure.ts';
import { constraintSentence } from './constraints.ts';
import { type ServerError, serverErrorOf } from './server-error.ts';

/** The SQLSTATEs that our own SQL functions raise, with MESSAGE the sentence and HINT the next command. */
const ownKinds: Record<string, FailureKind> = {
  SB002: 'usage',
  SB003: 'not_found',
  SB004: 'refused',
  SB005: 'config',
  SB006: 'unavailable',
  SB007: 'incomplete',
  SB008: 'conflict',
};

const awayCodes =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPROTO)$/;
const clientCodes = /^(CONNECT_TIMEOUT|CONNECTION_CLOSED|CONNECTION_ENDED|CONNECTION_DESTROYED)$/;
const tlsCodes =
  /^(ERR_TLS_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;
const setupHint = 'run: subctl setup';

/**
 * The Failure that a database error means, found through any wrapping `cause` (drizzle's too); undefined when it is none of the
 * database's refusals but a bug. `run.ts`, the HTTP server and the tasks' loop call it; no other code has to.
 */
export function refusalOf(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  const found = serverErrorOf(error);
  if (!found) return undefined;
  const refusal = refuseOwn(found) ?? refuseConnection(found) ?? refuseAccess(found) ?? refuseData(found);
  return refusal && new Failure(refusal.kind, refusal.message, { hint: refusal.hint, cause: error });
}

type Refusal = { kind: FailureKind; message: string; hint?: string | undefined } | undefined;

function refuseOwn({ code, message, hint }: ServerError): Refusal {
  const kind = ownKinds[code];
  return kind && { kind, message, hint };
}

function refuseConnection({ code, message }: ServerError): Refusal {
  const hint = 'try again; see where it should be with: subctl config show';
  // a standby says the same of most statements as a server that is set so: only of some that it is in recovery
  if (code === '25006') return readOnlyRefusal(message.includes('recovery') || undefined);
  if (code === '57014')
    return {
      kind: 'unavailable',
      message: `The database gave up: ${message}`,
      hint: 'try again, or raise statement_timeout',
    };
  if (awayCodes.test(code) || clientCodes.test(code))
    return { kind: 'unavailable', message: `The database cannot be reached: ${message}`, hint };
  // 58: a file of the server's own that is missing or cannot be read, as while it is being updated
  if (/^(08|53|57P|58|ERR_SSL_)/.test(code))
    return { kind: 'unavailable', message: `The database is not available: ${message}`, hint };
  if (code === 'EACCES' || code === 'EPERM')
    return { kind: 'config', message: `The database's socket may not be opened: ${message}` };
  if (tlsCodes.test(code))
    return {
      kind: 'config',
      message: `The database's certificate is not accepted: ${message}`,
      hint: 'see sslmode and sslrootcert in DATABASE_URL',
    };
  if (code.startsWith('SASL_'))
    return { kind: 'config', message: `The database's way of logging in does not work: ${message}` };
  return undefined;
}

/** A database that takes no writes. It is worth trying again: standbys become primaries, and hosters lift the setting when there is room. */
export function readOnlyRefusal(isStandby: boolean | undefined): {
  kind: 'unavailable';
  message: string;
  hint: string;
} {
  if (isStandby === undefined)
    return {
      kind: 'unavailable',
      message:
        'The database is read-only now: the server is a standby, or default_transaction_read_only is on',
      hint: 'name the primary in DATABASE_URL, or see which: select pg_is_in_recovery()',
    };
  return isStandby
    ? {
        kind: 'unavailable',
        message: 'The database is read-only now: the server is a standby',
        hint: 'name the primary in DATABASE_URL, or all servers with target_session_attrs=read-write: subctl db url',
      }
    : {
        kind: 'unavailable',
        message: 'The database is read-only now: default_transaction_read_only is on',
        hint: 'the server, the database, the account or the options of the URL have set it; some hosters do so when the disk is full',
      };
}

function refuseAccess({ code, message }: ServerError): Refusal {
  const hint = 'check the user, password and name in DATABASE_URL: subctl db url';
  if (code.startsWith('28'))
    return { kind: 'config', message: `The database refused the login: ${message}`, hint };
  if (code === '3D000')
    return { kind: 'config', message: `The database server has no such database: ${message}`, hint };
  if (code === '42501') return refuseRight(message);
  if (/^(42P01|3F000|42883)$/.test(code) && /\bsubctl(_internal)?\b/.test(message)) {
    const old = code === '42883';
    return {
      kind: 'config',
      message: `${old ? 'The database is set up for another version of subctl' : 'The database is not set up for subctl'}: ${message}`,
      hint: setupHint,
    };
  }
  return undefined;
}

/** PostgreSQL says what of which object the account may not use; an account without any role may not even look into the
 * schema; one that may call what applications call does not look into that of the internals. */
function refuseRight(message: string): Refusal {
  if (/permission denied for schema (?!subctl_internal$)/.test(message))
    return {
      kind: 'config',
      message: `Your account of the database has no role in subctl: ${message}`,
      hint: 'ask a superadmin: subctl roles grant ROLE ACCOUNT',
    };
  return {
    kind: 'refused',
    message: `Your account of the database may not do this: ${message}`,
    hint: 'ask a superadmin to do it, or for a role that may: subctl roles list',
  };
}

function refuseData(error: ServerError): Refusal {
  const { code, message } = error;
  if (code === '55P03')
    return {
      kind: 'conflict',
      message: `Something else holds what this needs: ${message}`,
      hint: 'try again',
    };
  if (code === '40001' || code === '40P01') {
    return {
      kind: 'conflict',
      message: `Others changed the same rows at the same time, five times over: ${message}`,
      hint: 'try again',
    };
  }
  if (code.startsWith('23')) return constraintSentence(error);
  if (/^(22023|22007|22008|22003|22P02|22P05|22021|22009|54000|54001)$/.test(code))
    return { kind: 'usage', message: plain(message) };
  return undefined;
}

/** PostgreSQL writes its messages in lower case without a stop, as a part of a line. */
function plain(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
