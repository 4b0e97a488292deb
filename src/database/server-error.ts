import { Failure } from '../domain/failure.ts';

/** What a PostgreSQL server, or the way to it, says about an error; `code` is the SQLSTATE or the connection's own code. */
export interface ServerError {
  code: string;
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
  table?: string | undefined;
  constraint?: string | undefined;
}

interface Raw extends Error {
  code?: unknown;
  syscall?: string;
  detail?: string;
  hint?: string;
  table_name?: string;
  constraint_name?: string;
}

const clientCodes =
  /^(CONNECT_TIMEOUT|CONNECTION_\w+|SASL_\w+|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|CRL_\w+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;
const connectionCalls = ['connect', 'getaddrinfo', 'read', 'write'];

/** The database's error in `error` or in what it wraps (drizzle wraps); undefined when there is none, as for a file that is missing. */
export function serverErrorOf(error: unknown): ServerError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (!(at instanceof Failure) && isTheDatabases(at)) return read(at);
  }
  return undefined;
}

/** The SQLSTATE of `error`, or the code of the connection's own error. */
export function sqlStateOf(error: unknown): string | undefined {
  return serverErrorOf(error)?.code;
}

function isTheDatabases(error: Raw): boolean {
  if (typeof error.code !== 'string') return false;
  return (
    error.name === 'PostgresError' ||
    clientCodes.test(error.code) ||
    connectionCalls.includes(first(error).syscall ?? '')
  );
}

/** A host with several addresses fails with one error for each (AggregateError). */
function first(error: Raw): Raw {
  return error instanceof AggregateError ? (error.errors[0] as Raw) : error;
}

function read(error: Raw): ServerError {
  return {
    code: String(error.code),
    message: error.message || first(error).message,
    detail: error.detail,
    hint: error.hint,
    table: error.table_name,
    constraint: error.constraint_name,
  };
}
