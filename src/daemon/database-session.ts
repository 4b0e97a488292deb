import { checkSchema } from '../database/check-schema.ts';
import type { Address } from '../database/address.ts';
import { type Connection, type DatabaseSettings, findDatabase } from '../database/connect.ts';
import { firstAnswerMs, withTimeout } from '../database/timeout.ts';
import type { Build } from '../database/bundled-sql.ts';
import { openPool, type Pool } from '../database/pool.ts';
import { readOnlyRefusal } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';

/** The daemon's own database session, beside those of its runs. */
export interface DatabaseSession extends Pool {
  address: Address;
}

/**
 * Opens the session and checks that it can be used: it answers, its schema is this program's, and it can be written to. An
 * embedded server that is down is started.
 * @throws Failure unavailable or config
 */
export async function openDatabaseSession(
  settings: DatabaseSettings,
  build: Build,
  signal?: AbortSignal,
): Promise<DatabaseSession> {
  const address = await findDatabase(settings);
  const pool = openPool(address, 2);
  try {
    await withTimeout(checkDatabaseSession(pool.db, build), {
      ms: firstAnswerMs(address),
      ...(signal && { signal }),
    });
    return { address, ...pool };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** @throws Failure unavailable when the database cannot be written to (a standby after a failover), config when its schema does not fit */
export async function checkDatabaseSession(db: Connection, build: Build): Promise<void> {
  await checkSchema(db, build);
  const [row] = await db<
    [{ readOnly: string; standby: boolean }]
  >`select current_setting('transaction_read_only') as "readOnly", pg_is_in_recovery() as standby`;
  if (row.readOnly !== 'on') return;
  const { kind, message, hint } = readOnlyRefusal(row.standby);
  throw new Failure(kind, message, { hint });
}
