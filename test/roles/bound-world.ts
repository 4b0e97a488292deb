import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { connections } from './connections.ts';
import { databaseWithRoles } from './world.ts';

/** The other customer. */
export const bob = 'bob4711';

/** Two customers with rows in every view of what a customer has, and an account that is bound to one of them, ann. */
export async function boundWorld() {
  const { sql, run, account, urlOf } = await databaseWithRoles();
  const { asAccount } = connections((name) => connectTo(parseDatabaseUrl(urlOf(name)), 1));
  await run(['setup', '--catalogue', 'mobix']);
  const made = [];
  for (const id of ['ann', bob]) {
    await run(['customers', 'add', id]);
    await run(['assign', id, 'premium']);
    await run(['credits', 'add', id, '50', '--reason', 'gift']);
    const [use] =
      await sql`select subctl.record_usage(customer => ${id}, kind => 'image', quantity => 85, key => 'k1') as a`;
    const [hold] =
      await sql`select subctl.reserve_usage(customer => ${id}, kind => 'image', key => 'h1') as a`;
    const { event_id: event } = use!['a'] as { event_id: string };
    const { reservation } = hold!['a'] as { reservation: string };
    made.push([id, { event, reservation }]);
  }
  const held = Object.fromEntries(made) as Record<'ann' | typeof bob, { reservation: string; event: string }>;
  return { sql, run, account, urlOf, asAccount, held, bound: asAccount(account('bound')) };
}

/** What a statement answers, as JSON; the SQLSTATE where it is refused. */
export const refusedWith = (db: Connection, statement: string): Promise<string | undefined> =>
  withoutOwnSession(db)
    .unsafe(statement)
    .then(
      (rows) => JSON.stringify(rows),
      (error: unknown) => (error as { code?: string }).code,
    );
