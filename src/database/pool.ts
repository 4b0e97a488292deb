import type { Address } from './address.ts';
import { type Connection, connectTo } from './connect.ts';

/** A pool that can be let go of at once, whatever its connections wait for. */
export interface Pool {
  db: Connection;
  /** Ends the pool and destroys its sockets: those that a dead network keeps open would keep the process, too. */
  close(): Promise<void>;
}

export function openPool(address: Address, max?: number): Pool {
  const db = connectTo(address, max);
  return { db, close: () => db.end({ timeout: 0 }).catch(() => undefined) };
}
