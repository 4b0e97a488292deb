import { command, type Loading } from '../command.ts';

const embedded =
  'The embedded database is a PostgreSQL that subctl runs for itself when there is no DATABASE_URL. It is left running between commands, and each command that needs it starts it.';

export const startDatabase = command({
  path: 'db start',
  summary: 'Start the embedded database, and make it if there is none',
  description: `${embedded}

Under systemd a server belongs to the unit whose command started it, and ends with it. Give it a unit of its own (Type=oneshot, RemainAfterExit=yes, ExecStart=subctl db start, ExecStop=subctl db stop) and let the others require that.`,
  group: 'start',
  examples: [
    { command: 'subctl db start', about: 'start it; nothing happens when it runs already' },
    { command: 'subctl db start --json', about: 'say what was done, for a program' },
  ],
  rows: true,
  needs: 'database',
  load: (): Loading => import('./start.ts'),
});

export const stopDatabase = command({
  path: 'db stop',
  summary: 'Stop the embedded database',
  description:
    'Open transactions are rolled back and everything else is written to disk. The next command that needs the database starts it again.',
  group: 'start',
  examples: [
    { command: 'subctl db stop', about: 'stop it; nothing happens when it is stopped already' },
    { command: 'subctl db stop --quiet', about: 'the same without a word' },
  ],
  rows: true,
  needs: 'database',
  load: (): Loading => import('./stop.ts'),
});

export const databaseStatus = command({
  path: 'db status',
  summary: 'Say whether the database is running',
  description:
    'Starts nothing. The exit code is 0 when the database answers and 4 when the embedded one is stopped or was never made.',
  group: 'start',
  examples: [
    { command: 'subctl db status', about: 'where the database is, and whether it runs' },
    { command: 'subctl db status --json', about: 'the same for a program' },
  ],
  exits: [4],
  rows: true,
  needs: 'database',
  load: (): Loading => import('./status.ts'),
});

export const databaseUrl = command({
  path: 'db url',
  summary: 'Print the connection URL of the database',
  description:
    'The embedded database is started if need be, so that the URL works at once. The password is hidden unless asked for. The embedded database listens on a socket and on no port: its folder is in host=, which overrides the dot before it. Drivers without sockets, such as JDBC, cannot use it.',
  group: 'start',
  options: [{ flag: '--show-password', about: 'with the password' }],
  examples: [
    { command: 'subctl db url', about: 'which database this is' },
    { command: 'subctl db url --show-password', about: 'a URL for another program' },
  ],
  needs: 'database',
  rows: true,
  load: (): Loading => import('./url.ts'),
});

export const databaseShell = command({
  path: 'db shell',
  summary: 'Open psql on the database',
  description:
    'Needs psql on the PATH; any version from 12 on will do. What stands after -- is given to psql.',
  group: 'start',
  arguments: [{ name: 'psql-arguments', about: 'options for psql, after --', optional: true, many: true }],
  examples: [
    { command: 'subctl db shell', about: 'type SQL' },
    { command: `subctl db shell -- -c 'select count(*) from subctl.customers'`, about: 'one statement' },
  ],
  exits: [4],
  needs: 'database',
  load: (): Loading => import('./shell.ts'),
});

const keyFile = {
  flag: '--key-file',
  value: 'file',
  about: 'a key of 32 bytes in base64 or hex, with which the archive is encrypted',
} as const;

export const backupDatabase = command({
  path: 'db backup',
  summary: 'Back up the database to a file',
  description: `Writes subctl's schema to one file: every row, sequence, privilege and setting, as they are at one instant. Nothing waits meanwhile, and memory does not grow with the database. Your own tables are not in it.

Where pg_dump is on the PATH and as new as the server, the file is in pg_dump's custom format, which pg_restore reads too. Elsewhere it is subctl's own: SQL text with checksums, gzipped. --method chooses. With --key-file either is encrypted with AES-256-GCM.

The file has another name until it is whole, is for its owner alone, and never replaces one that is there. With - the archive goes to stdout. A backup that was never restored is a hope: try it with subctl db verify --restore.`,
  group: 'start',
  arguments: [{ name: 'file', about: 'the file to make, or - for stdout' }],
  options: [
    keyFile,
    {
      flag: '--method',
      value: 'method',
      kind: 'choice',
      choices: ['copy', 'pg_dump'],
      about: "how to make it: subctl's own format, or pg_dump's",
    },
  ],
  examples: [
    { command: 'subctl db backup subctl.backup', about: 'back up to a file' },
    { command: 'subctl db backup sealed.backup --key-file backup.key', about: 'encrypt it' },
    { command: 'subctl db backup - --method copy > other.backup', about: 'to stdout, for another program' },
  ],
  exits: [4, 8],
  rows: true,
  needs: 'database',
  load: (): Loading => import('./backup.ts'),
});

export const restoreDatabase = command({
  path: 'db restore',
  summary: 'Restore a backup into an empty database',
  description: `Makes subctl's schema from a file that db backup made, in a database that has none: the one of --into, or the configured one. It is done in one transaction. A command that is killed and a file that is damaged leave nothing behind, and nothing that is there is ever overwritten.

Rows are counted and compared before the commit, then the books are proved as subctl doctor --deep does. A backup of an older subctl is brought up to date. Privileges are given back to roles that the server has.

The exit code is 4 when the archive is damaged, or when the restored books have errors.`,
  group: 'start',
  arguments: [{ name: 'file', about: 'a file of subctl db backup' }],
  options: [
    {
      flag: '--into',
      value: 'database',
      about: 'a new folder for an embedded database, or the URL of an empty one (without its password)',
    },
    keyFile,
    { flag: '--no-doctor', about: 'do not prove the books afterwards' },
  ],
  examples: [
    { command: 'subctl db restore subctl.backup --into restored', about: 'into a new embedded database' },
    { command: 'subctl db restore subctl.backup --into again --json', about: 'the same for a program' },
  ],
  exits: [3, 4, 8],
  rows: true,
  needs: 'database',
  load: (): Loading => import('./restore.ts'),
});

export const verifyBackup = command({
  path: 'db verify',
  summary: 'Check a backup and say what is in it',
  description: `Reads the file from beginning to end and checks every checksum; no database is needed. A file that was cut off, changed, or put together from others is refused with exit code 4.

With --restore it is also restored into a temporary embedded database, whose books are proved and which is removed afterwards.`,
  group: 'start',
  arguments: [{ name: 'file', about: 'a file of subctl db backup' }],
  options: [keyFile, { flag: '--restore', about: 'restore it into a temporary database, too' }],
  examples: [
    { command: 'subctl db verify subctl.backup', about: 'is the file whole, and what is in it?' },
    { command: 'subctl db verify subctl.backup --restore', about: 'can it be restored?' },
  ],
  exits: [3, 4],
  rows: true,
  needs: 'nothing',
  load: (): Loading => import('./verify.ts'),
});

export const moveDatabase = command({
  path: 'db move',
  summary: 'Move the database to another server or folder',
  description: `Copies subctl's schema from the configured database to the one of --to, which must not have one, compares counts and checksums of both, and says what to change in the settings. It goes from the embedded database to a server, back, or to a new major version of PostgreSQL.

Nothing is written meanwhile: the command is refused while a task or a daemon is at work, and an application that writes waits until the end. Then the old schema is renamed, so that nothing is written there by mistake. Drop it when you no longer want it.`,
  group: 'start',
  options: [
    {
      flag: '--to',
      value: 'database',
      required: true,
      about: 'the URL of a database (without its password), or a new folder for an embedded one',
    },
    { flag: '--yes', short: '-y', about: 'do not ask' },
    { flag: '--no-doctor', about: 'do not prove the books afterwards' },
  ],
  examples: [
    {
      command: 'subctl db move --to postgres://subctl@db.example.org/app',
      about: 'to a server; its password is in PGPASSWORD',
    },
    { command: 'subctl db move --to /srv/subctl --yes', about: 'into an embedded database' },
  ],
  exits: [4, 8],
  rows: true,
  needs: 'schema',
  load: (): Loading => import('./move.ts'),
});

export const db = [
  startDatabase,
  stopDatabase,
  databaseStatus,
  databaseUrl,
  databaseShell,
  backupDatabase,
  verifyBackup,
  restoreDatabase,
  moveDatabase,
] as const;
