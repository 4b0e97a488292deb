import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';

/** The files of one embedded database. Everything follows from `home`, so the folder can be moved while its server is stopped. */
export interface EmbeddedPaths {
  /** the state folder */
  home: string;
  /** copies of the PostgreSQL programs, one folder per version of the package */
  programs: string;
  /** the cluster, owned by the account that the server runs as */
  data: string;
  /** the folder of the unix socket; at most 93 bytes, or PostgreSQL would refuse it */
  socketFolder: string;
  socket: string;
  /** the password of role `subctl`, 0600 */
  passwordFile: string;
  /** Windows only: the port on 127.0.0.1 */
  portFile: string;
  log: string;
}

/** The name of the role, of its database, and the port that a socket's name carries. */
export const embeddedName = 'subctl';
export const embeddedPort = 5432;

const longestSocketFolder = 93;

/**
 * The place of the embedded database in the folder `home` (absolute; it need not exist). When the path is too long for a socket,
 * the socket goes to a folder of `/var/tmp` whose name is derived from `home`.
 */
export function embeddedPaths(home: string): EmbeddedPaths {
  const real = realPath(home);
  const inside = path.join(real, 'run');
  const socketFolder =
    process.platform === 'win32' || Buffer.byteLength(inside) <= longestSocketFolder
      ? inside
      : shortFolder(real);
  return {
    home: real,
    programs: path.join(real, 'pg'),
    data: path.join(real, 'data'),
    socketFolder,
    socket: path.join(socketFolder, `.s.PGSQL.${embeddedPort}`),
    passwordFile: path.join(real, 'password'),
    portFile: path.join(real, 'port'),
    log: path.join(real, 'data', 'server.log'),
  };
}

function shortFolder(home: string): string {
  return `/var/tmp/subctl-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
}

/** The path without links, of the part of it that exists: two spellings of one folder are one database. */
function realPath(folder: string): string {
  const absolute = path.resolve(folder);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = path.dirname(absolute);
    return parent === absolute ? absolute : path.join(realPath(parent), path.basename(absolute));
  }
}
