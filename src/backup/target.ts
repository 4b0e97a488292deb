import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseDatabaseUrl } from '../database/address.ts';
import { type Connection, connectTo, cutOff } from '../database/connect.ts';
import { hasCluster } from '../database/embedded/cluster.ts';
import { embeddedAddress } from '../database/embedded/open.ts';
import { type EmbeddedPaths, embeddedPaths } from '../database/embedded/embedded-paths.ts';
import { startServer } from '../database/embedded/start.ts';
import { stopServer } from '../database/embedded/stop.ts';
import { formatDatabaseUrl } from '../database/url.ts';
import { Failure } from '../domain/failure.ts';
import type { Address } from '../database/address.ts';

/** A database to write into, which is no longer than the command's. */
export interface Target {
  connection: Connection;
  address: Address;
  /** of an embedded database */
  place: EmbeddedPaths | undefined;
  /** what to call it: its folder, or its URL without the password */
  name: string;
  /** what a person sets to use it from now on */
  setting: string;
  /** Ends the connections. An embedded server that was started for this goes on when `keep` is true. */
  close(keep: boolean): Promise<void>;
}

export interface OpenTarget {
  cwd: string;
  /** who runs an embedded server when we are root */
  account: string | undefined;
  /** libpq's variables */
  env: NodeJS.ProcessEnv;
  /** ends the connections at once, so that nothing is kept of what they do */
  signal: AbortSignal;
  /** the option that named it, for sentences */
  option: string;
}

/**
 * Opens the database that `text` names: a URL, or a folder for an embedded database, which is made where there is none.
 * @throws Failure usage for a URL with a password, which everybody on the machine could read among the arguments
 */
export async function openTarget(text: string, asked: OpenTarget): Promise<Target> {
  const target = await open(text, asked);
  asked.signal.addEventListener('abort', () => void cutOff(target.connection), { once: true });
  return target;
}

async function open(text: string, { cwd, account, env, option }: OpenTarget): Promise<Target> {
  if (/^[a-z+]+:\/\//i.test(text)) return openUrl(text, option, env);
  const place = embeddedPaths(path.resolve(cwd, text));
  if (existsSync(place.home) && !hasCluster(place) && existsSync(path.join(place.home, 'PG_VERSION')))
    throw new Failure('usage', `The ${option} '${text}' is the data folder of a PostgreSQL server`, {
      hint: 'give its URL, or a new folder',
    });
  const { started } = await startServer(place, { mayCreate: true, account });
  const address = embeddedAddress(place);
  const connection = connectTo(address);
  return {
    connection,
    address,
    place,
    name: place.home,
    setting: `SUBCTL_HOME=${place.home} and no DATABASE_URL`,
    async close(keep) {
      await connection.end({ timeout: 5 });
      if (started && !keep) await stopServer(place);
    },
  };
}

function openUrl(text: string, option: string, env: NodeJS.ProcessEnv): Target {
  if (/^[^/]+:\/\/[^/?#]*:[^/?#@]*@/.test(text) || /[?&]password=/.test(text))
    throw new Failure('usage', `The URL of ${option} has a password, and others can read arguments`, {
      hint: 'leave it out of the URL, and give it in PGPASSWORD or in the file that PGPASSFILE names',
    });
  const address = parseDatabaseUrl(text, env);
  const connection = connectTo(address);
  return {
    connection,
    address,
    place: undefined,
    name: formatDatabaseUrl(address),
    setting: `DATABASE_URL=${formatDatabaseUrl(address)}`,
    close: () => connection.end({ timeout: 5 }),
  };
}
