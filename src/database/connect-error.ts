/** What is wrong with a server that was tried, said of it: `closed the connection before the login was done`. */
export class ConnectError extends Error {
  readonly kind: 'config' | 'unavailable';
  readonly hint: string | undefined;

  constructor(kind: 'config' | 'unavailable', says: string, hint?: string) {
    super(says);
    this.name = 'WayError';
    this.kind = kind;
    this.hint = hint;
  }
}

/** Something else answers there. */
export function notPostgres(): ConnectError {
  return new ConnectError('unavailable', 'does not answer as a PostgreSQL server does');
}

export function closedEarly(): ConnectError {
  return new ConnectError('unavailable', 'closed the connection before the login was done');
}
