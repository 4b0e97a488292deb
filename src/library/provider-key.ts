import { inspect } from 'node:util';
import { defaultHome } from '../config/paths.ts';
import type { MasterKeySettings } from '../config/settings.ts';
import type { Connection, Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Client } from './client.ts';
import type { ProviderKey } from './answers.ts';
import type { DatabaseSession } from './database-session.ts';

/** Gives keys to applications. What it needs is loaded with the first one. */
export function openKeys(
  database: DatabaseSession,
  { masterKey }: { masterKey?: string | undefined },
): Client['key'] {
  return async (name, { token, asOf }) => {
    const { fetchForToken, openRing } = await import('./fetch-for-token.ts');
    const settings = settingsOf(masterKey, process.env);
    const ring = await openRing(settings);
    return hidden(await database.ask((db) => fetchForToken(asTransactions(db), { name, token, asOf, ring })));
  };
}

/** Each key is fetched in a transaction of its own, for its note in the audit stays whatever becomes of the application's. */
function asTransactions(db: Db): Connection {
  if ('begin' in db) return db as Connection;
  throw new Failure('usage', 'A key is not fetched inside a transaction of the application', {
    hint: "Make the client of a pool: subctl({ url }) or subctl({ sql: postgres('postgres://…') })",
  });
}

function settingsOf(text: string | undefined, env: NodeJS.ProcessEnv): MasterKeySettings {
  const named = text === undefined;
  return {
    text: text ?? (env['SUBCTL_MASTER_KEY'] || undefined),
    file: named ? env['SUBCTL_MASTER_KEY_FILE'] || undefined : undefined,
    command: named ? env['SUBCTL_MASTER_KEY_COMMAND'] || undefined : undefined,
    commandSource: undefined,
    home: env['SUBCTL_HOME'] || defaultHome(env),
  };
}

/** The value can be read, and is in no log that prints the whole. */
function hidden({ value, ...rest }: ProviderKey): ProviderKey {
  const shown = { ...rest, value: '****' };
  return Object.defineProperties({ ...rest } as ProviderKey, {
    value: { value, enumerable: false },
    toJSON: { value: () => shown, enumerable: false },
    [inspect.custom]: { value: () => shown, enumerable: false },
  });
}
