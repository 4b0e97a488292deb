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

export const db = [startDatabase, stopDatabase, databaseStatus, databaseUrl, databaseShell] as const;
