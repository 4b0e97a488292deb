import { connectTo, type DatabaseSettings, isExternal } from '../../database/connect.ts';
import { type Address, parseDatabaseUrl } from '../../database/address.ts';
import { hasCluster } from '../../database/embedded/cluster.ts';
import { embeddedAddress } from '../../database/embedded/open.ts';
import { embeddedPaths } from '../../database/embedded/embedded-paths.ts';
import { findServer } from '../../database/embedded/find-server.ts';
import { formatDatabaseUrl } from '../../database/url.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl db status', 'where the database is, and whether it runs'],
    ['subctl db status --json', 'the same as JSON'],
  ],
  exits: [4],
  rows: true,
  needs: 'database',
}).description(
  'Starts nothing. The exit code is 0 when the database answers, and 4 when the embedded database ' +
    'is stopped or does not exist.',
);

/** Prints where the database is and whether it answers. Starts nothing. */
export async function run(context: Context): Promise<Outcome> {
  const { database } = await context.settings();
  const record = isExternal(database) ? await askExternal(database.url) : await askEmbedded(database);
  return { record, ...(record.running ? {} : { exit: 'refused' as const }) };
}

async function askExternal(url: string) {
  const address = parseDatabaseUrl(url);
  return { database: 'external', running: true, url: formatDatabaseUrl(address), ...(await ask(address)) };
}

async function askEmbedded(settings: DatabaseSettings) {
  const place = embeddedPaths(settings.home);
  const pid = await findServer(place);
  const record = {
    database: 'embedded',
    running: pid !== undefined,
    home: place.home,
    exists: hasCluster(place),
  };
  if (pid === undefined) return record;
  const address = embeddedAddress(place);
  return { ...record, pid, url: formatDatabaseUrl(address), ...(await ask(address)) };
}

async function ask(address: Address) {
  const connection = connectTo(address, 1);
  try {
    const [row] = await connection<{ version: string; size_bytes: string }[]>`
      select current_setting('server_version') as version, pg_database_size(current_database()) as size_bytes`;
    return { version: row?.version, size_bytes: row?.size_bytes };
  } finally {
    await connection.end({ timeout: 1 });
  }
}
