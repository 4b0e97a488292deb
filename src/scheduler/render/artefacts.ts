import { entriesIn, type ArtefactFile, type Installation } from './installation.ts';
import { printCron } from './cron.ts';
import { printDaemon, printSystemd } from './systemd.ts';
import { timetable } from '../timetable.ts';
import { printWindows } from './windows.ts';

const begin = new Date('2026-01-01T00:00:00Z');
const external = {
  environment: { SUBCTL_DATABASE: 'external' },
  account: 'subctl',
  scope: 'system',
} as const;
const onUnix: Installation = {
  ...external,
  program: ['/usr/bin/subctl'],
  secrets: [{ variable: 'SUBCTL_DATABASE_URL', file: '/etc/subctl/database-url' }],
  madeBy: 'schedule print systemd',
};
/** of one account's own crontab, for crontab -e */
const inCrontab: Installation = { ...onUnix, scope: 'user', madeBy: 'schedule print cron' };
const onWindows: Installation = {
  ...external,
  program: [
    'C:\\Program Files\\nodejs\\node.exe',
    'C:\\Program Files\\subctl\\node_modules\\subctl\\bin\\subctl.js',
  ],
  secrets: [{ variable: 'SUBCTL_DATABASE_URL', file: '%ProgramData%\\subctl\\database-url' }],
  madeBy: 'schedule print windows',
};

/** The files that are kept in the repository, by their folder: the timetable as it is shipped, in UTC, at the usual paths. */
export function artefacts(): Record<'systemd' | 'windows-tasks', ArtefactFile[]> {
  const entries = entriesIn(
    timetable.map((entry) => ({ ...entry, timezone: 'UTC' })),
    'UTC',
    begin,
  );
  const crontab: ArtefactFile = {
    name: 'subctl.crontab',
    text: printCron(entries, inCrontab, { zone: 'UTC', timeout: '/usr/bin/timeout' }),
    encoding: 'utf8',
  };
  return {
    systemd: [
      ...printSystemd(entries, onUnix),
      ...printDaemon({ ...onUnix, madeBy: 'schedule print systemd --daemon' }),
      crontab,
    ],
    'windows-tasks': printWindows(entries, onWindows),
  };
}
