import { Failure } from '../domain/failure.ts';
import { numbersOf } from './convert.ts';
import { type Expression, months, named } from './expression.ts';
import type { ArtefactEntry, ArtefactFile, Installation } from './installation.ts';

const file = (name: string, lines: readonly string[]): ArtefactFile => ({
  name,
  text: `${lines.join('\n')}\n`,
  encoding: 'utf8',
});

/**
 * The units: `subctl@.service`, which runs the task that is its instance, and a timer for each entry; with an embedded database also the
 * unit that its server belongs to. Times are in UTC, because systemd leaves a day out whose hour is leapt over.
 */
export function printSystemd(entries: readonly ArtefactEntry[], installation: Installation): ArtefactFile[] {
  return [
    service(installation),
    ...entries.map(timer),
    ...(installation.home === undefined ? [] : [databaseService(installation)]),
  ];
}

function service(installation: Installation): ArtefactFile {
  const embedded = installation.home !== undefined;
  return file('subctl@.service', [
    '# Runs one task of subctl: systemctl start subctl@check-expired.service',
    '# Written by: subctl schedule print systemd',
    '[Unit]',
    'Description=subctl %i',
    ...(embedded
      ? ['Requires=subctl-db.service', 'After=subctl-db.service']
      : ['Wants=network-online.target', 'After=network-online.target time-sync.target']),
    '',
    '[Service]',
    'Type=oneshot',
    `User=${installation.account}`,
    `ExecStart=${command(installation, '%i')}`,
    '# 8: another run is at work, so nothing was left undone',
    'SuccessExitStatus=8',
    '# 6 (the database is away) is worth another try; wrong usage, a wrong configuration and parked rows are not',
    'Restart=on-failure',
    'RestartSec=2min',
    'RestartPreventExitStatus=2 5 7',
    'TimeoutStartSec=1h',
    '# the batch in hand is finished first',
    'TimeoutStopSec=60s',
    'Nice=5',
    ...surroundings(installation),
    ...hardening(installation),
  ]);
}

function timer({ task, expression, cron, timezone, summary }: ArtefactEntry): ArtefactFile {
  return file(`subctl-${task}.timer`, [
    `# ${summary}. The timetable says ${cron} in ${timezone}.`,
    '[Unit]',
    `Description=subctl ${task}, on time`,
    '',
    '[Timer]',
    `Unit=subctl@${task}.service`,
    ...calendars(expression).map((calendar) => `OnCalendar=${calendar} UTC`),
    '# after an outage once; the task does all that was missed',
    'Persistent=true',
    'AccuracySec=1s',
    '',
    '[Install]',
    'WantedBy=timers.target',
  ]);
}

/** Without a unit of its own a server that a task starts would end with that task. */
function databaseService(installation: Installation): ArtefactFile {
  return file('subctl-db.service', [
    '# The embedded PostgreSQL of subctl. Written by: subctl schedule print systemd',
    '[Unit]',
    'Description=subctl embedded PostgreSQL',
    'After=local-fs.target',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    `User=${installation.account}`,
    `ExecStart=${command(installation, 'db start')}`,
    `ExecStop=${command(installation, 'db stop')}`,
    'TimeoutStartSec=90s',
    'TimeoutStopSec=90s',
    ...surroundings(installation),
    ...hardening(installation),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ]);
}

function surroundings({ environment, folder, needsUrl }: Installation): string[] {
  const pins = { ...environment, NO_COLOR: '1', LANG: 'C.UTF-8' };
  return [
    '# the database that it must be: without it exit code 5, and never another one',
    ...Object.entries(pins).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    ...(needsUrl
      ? [
          '# the URL, in a file that only root can read (0600)',
          'LoadCredential=database-url:/etc/subctl/database-url',
          'Environment=SUBCTL_DATABASE_URL_FILE=%d/database-url',
        ]
      : []),
    ...(folder === undefined ? [] : [`WorkingDirectory=${escaped(folder)}`]),
    'UMask=0077',
  ];
}

/** Not MemoryDenyWriteExecute (node compiles as it runs), not RemoveIPC (it takes the shared memory of an embedded server). */
function hardening({ home, folder }: Installation): string[] {
  const common = [
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'PrivateDevices=yes',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'ProtectControlGroups=yes',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'KeyringMode=private',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
    'SystemCallArchitectures=native',
  ];
  // the server's socket, its account and its processes must be seen
  if (home !== undefined)
    return ['', ...common, 'ProtectHome=read-only', `ReadWritePaths=${quoted(escaped(home))}`];
  const isHidden = /^\/(home|root|run\/user)\//.test(`${folder ?? ''}/`);
  return [
    '',
    ...common,
    `ProtectHome=${isHidden ? 'read-only' : 'yes'}`,
    'PrivateTmp=yes',
    'PrivateUsers=yes',
    'CapabilityBoundingSet=',
    'AmbientCapabilities=',
    'ProtectProc=invisible',
    'ProcSubset=pid',
    'DevicePolicy=closed',
    'SystemCallFilter=@system-service',
    'SystemCallFilter=~@privileged @resources',
    'SystemCallErrorNumber=EPERM',
  ];
}

function command({ program }: Installation, words: string): string {
  return `${program.map((word) => quoted(escaped(word).replaceAll('$', '$$$$'))).join(' ')} ${words}`;
}

const escaped = (text: string): string => text.replaceAll('%', '%%');
const quoted = (word: string): string =>
  /^[\w@%+=:,./$-]+$/.test(word) ? word : `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Calendar events of systemd. A day of the month and one of the week together mean either (cron), so they are two events. */
export function calendars(expression: Expression): string[] {
  const { minute, hour, day, month, weekday } = expression;
  const part = (field: string, end: number, first: number) => sayable(expression, field, { end, first });
  const time = `${part(hour, 24, 0)}:${part(minute, 60, 0)}:00`;
  const on = (days: string) => `*-${part(named(month, months, 1), 13, 1)}-${days} ${time}`;
  if (weekday === '*') return [on(part(day, 32, 1))];
  const week = numbersOf(named(weekday, weekdays, 0), 8);
  if (!week) throw notSayable(expression);
  const names = [...new Set(week.map((at) => at % 7))].map((at) => weekdays[at]).join();
  return [...(day === '*' ? [] : [on(part(day, 32, 1))]), `${names} ${on('*')}`];
}

function sayable(
  expression: Expression,
  field: string,
  { end, first }: { end: number; first: number },
): string {
  if (field === '*') return '*';
  const step = /^\*\/(\d+)$/.exec(field);
  if (step) return `${pad(first)}/${step[1]}`;
  const numbers = numbersOf(field, end, first);
  if (!numbers) throw notSayable(expression);
  return numbers.map(pad).join();
}

const pad = (number: number): string => String(number).padStart(2, '0');

function notSayable({ text }: Expression): Failure {
  return new Failure('refused', `The cron expression '${text}' cannot be said to systemd`, {
    hint: 'print one entry that asks the timetable every minute: --run-due',
  });
}
