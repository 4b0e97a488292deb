import { entriesIn, type ArtefactFile, type Installation } from './installation.ts';
import { printCron } from './cron.ts';
import { printSystemd } from './systemd.ts';
import { timetable } from './timetable.ts';
import { printWindows } from './windows.ts';

const begin = new Date('2026-01-01T00:00:00Z');
const external = { environment: { SUBCTL_DATABASE: 'external' }, needsUrl: true, account: 'subctl' };
const onUnix: Installation = { ...external, program: ['/usr/bin/subctl'] };
const onWindows: Installation = {
  ...external,
  program: [
    'C:\\Program Files\\nodejs\\node.exe',
    'C:\\Program Files\\subctl\\node_modules\\subctl\\bin\\subctl.js',
  ],
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
    text: printCron(entries, onUnix, 'UTC'),
    encoding: 'utf8',
  };
  return {
    systemd: [...printSystemd(entries, onUnix), crontab],
    'windows-tasks': printWindows(entries, onWindows),
  };
}
