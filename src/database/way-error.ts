/** What is wrong with a server that was tried, said of it: `closed the connection before the login was done`. */
export class WayError extends Error {
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
export function noPostgres(): WayError {
  return new WayError('unavailable', 'does not answer as a PostgreSQL server does');
}

export function closedEarly(): WayError {
  return new WayError('unavailable', 'closed the connection before the login was done');
}
