import type { Address } from '../database/address.ts';
import type { Program } from '../database/bundled-sql.ts';
import type { Connection, Db } from '../database/connect.ts';
import { libpqEnvironment } from '../database/libpq-environment.ts';
import { migrateIn } from '../database/migrate.ts';
import { Failure } from '../domain/failure.ts';
import { type Client, findClient, majorOf, writeTo } from './clients.ts';
import { countTable, disagreements } from './count.ts';
import { type DumpEnd, readDump } from './dump.ts';
import { type Filled, requireKnown } from './fill.ts';
import { applyGrants } from './grants.ts';
import { quoted, useArchiveSettings } from './session.ts';

export interface RestoreDump {
  /** the archive from its beginning, each time */
  open: () => Promise<AsyncIterable<Buffer>>;
  program: Program;
  address: Address;
  env: Record<string, string | undefined>;
}

/**
 * Restores an archive of pg_dump by pg_restore, in one transaction of its own, once the archive has been read through and is whole. Then
 * rows are counted and compared; where they are others, the schema is dropped again.
 * @throws Failure config when no pg_restore on the PATH will do
 */
export async function restoreDump(
  connection: Connection,
  { open, program, address, env }: RestoreDump,
): Promise<Filled & DumpEnd> {
  const { head, tail } = await readToEnd(await open());
  requireKnown(head, program);
  const [server] = await connection<
    { version: string }[]
  >`select current_setting('server_version') as version`;
  const client = requireClient(env, { dumped: head.client, from: head.server, to: server!.version });
  const args = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges', '--no-password'];
  await writeTo(
    client,
    { args: [...args, `--dbname=${address.database}`], env: libpqEnvironment(env, address) },
    readDump(await open()),
  );
  try {
    return (await connection.begin(async (transaction) => {
      const tx = transaction as Db;
      await useArchiveSettings(tx);
      const found = [];
      for (const table of head.tables) found.push(await countTable(tx, table));
      const wrong = disagreements(tail.tables, found);
      if (wrong.length > 0)
        throw new Failure('refused', `What was written is not what was read: ${wrong.join('; ')}`);
      const upgraded = await migrateIn(tx, program);
      const { missing } = await applyGrants(tx, head.grants);
      await tx.unsafe(`analyze ${head.tables.map(({ name }) => `subctl.${quoted(name)}`).join(', ')}`);
      const isUpgraded = upgraded.applied.length + upgraded.functions.length > 0;
      return { tables: tail.tables, upgraded: isUpgraded ? upgraded : undefined, missing, head, tail };
    })) as Filled & DumpEnd;
  } catch (error) {
    await connection`drop schema if exists subctl, subctl_internal cascade`;
    throw error;
  }
}

/** Reads an archive of pg_dump through. @throws Failure refused when it is damaged */
export async function readToEnd(bytes: AsyncIterable<Buffer>): Promise<DumpEnd> {
  const dump = readDump(bytes);
  for (;;) {
    const { value, done } = await dump.next();
    if (done) return value;
  }
}

function requireClient(
  env: RestoreDump['env'],
  { dumped, from, to }: { dumped: string; from: string; to: string },
): Client {
  const client = findClient('pg_restore', env);
  const refuse = (why: string) =>
    new Failure('config', `The archive was made by pg_dump ${dumped}, and ${why}`, {
      hint: 'install the client programs of that version, or make the backup with --method copy, which needs none',
    });
  if (!client) throw refuse('there is no pg_restore on the PATH');
  if (client.major < majorOf(dumped)) throw refuse(`pg_restore ${client.version} is older`);
  if (majorOf(to) < majorOf(from))
    throw refuse(`the server, ${to}, is older than the one it is from, ${from}`);
  // from 17 on it sets transaction_timeout, which earlier servers do not know
  if (client.major >= 17 && majorOf(to) < 17)
    throw refuse(`pg_restore ${client.version} is too new for the server, ${to}`);
  return client;
}
