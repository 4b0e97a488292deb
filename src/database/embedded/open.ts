import { readFileSync } from 'node:fs';
import type { Address } from '../address.ts';
import { onDisk } from './disk.ts';
import { embeddedName, embeddedPort, type EmbeddedPaths, embeddedPaths } from './embedded-paths.ts';
import { socketAddress, isReady } from './postmaster.ts';

export interface EmbeddedSettings {
  home: string;
  mayCreate?: boolean | undefined;
  account?: string | undefined;
}

/** The embedded server of the folder `home`, running: it is started where need be, and made where there is none and `mayCreate` is given. */
export async function openEmbedded(settings: EmbeddedSettings): Promise<Address> {
  const paths = embeddedPaths(settings.home);
  const runs = await isReady(paths).catch(() => false); // what cannot be read is told by startServer
  if (!runs) await (await import('./start.ts')).startServer(paths, settings);
  return embeddedAddress(paths);
}

/** How to enter the embedded database: as `subctl` with the password of its file, into the database `postgres` that every cluster has. */
export function embeddedAddress(paths: EmbeddedPaths): Address {
  const onWindows = process.platform === 'win32';
  return {
    hosts: [onWindows ? '127.0.0.1' : paths.socketFolder],
    ports: [onWindows ? Number(socketAddress(paths)) : embeddedPort],
    database: 'postgres',
    user: embeddedName,
    password: onDisk(paths.passwordFile, () => readFileSync(paths.passwordFile, 'utf8')).trim(),
    sslmode: 'disable',
    tlsFiles: {},
    connectTimeoutSeconds: undefined,
    options: undefined,
    targetSession: undefined,
  };
}
