import path from 'node:path';
import { calendars } from './calendars.ts';
import { hardening } from './hardening.ts';
import { type ArtefactEntry, type ArtefactFile, type Installation, madeByLine } from './installation.ts';
import { commandLine, escaped, quoted } from './unit-words.ts';

/**
 * The units: `subctl@.service`, which runs the task that is its instance, and a timer for each entry; with an embedded database also the
 * unit that its server belongs to. Times are in UTC, because systemd leaves a day out whose hour is leapt over.
 */
export function printSystemd(entries: readonly ArtefactEntry[], installation: Installation): ArtefactFile[] {
  return [
    taskService(installation),
    ...entries.map((entry) => timer(entry, installation)),
    ...databaseOf(installation),
  ];
}

/** The one service in place of timers: the daemon, which follows the timetable by itself. */
export function printDaemon(installation: Installation): ArtefactFile[] {
  return [daemonService(installation), ...databaseOf(installation)];
}

const unit = (name: string, lines: readonly string[]): ArtefactFile => ({
  name,
  text: `${lines.join('\n')}\n`,
  encoding: 'utf8',
});

function taskService(installation: Installation): ArtefactFile {
  return unit('subctl@.service', [
    '# Runs one task of subctl: systemctl start subctl@check-expired.service',
    ...head(installation, 'Description=subctl %i'),
    '',
    '[Service]',
    'Type=oneshot',
    ...accountOf(installation),
    `ExecStart=${commandLine(installation.program, '%i')}`,
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

/** systemd-notify, a child, says that it is ready and alive: NotifyAccess=all. */
function daemonService(installation: Installation): ArtefactFile {
  return unit('subctl-daemon.service', [
    '# Follows the timetable of subctl by itself, in place of timers.',
    ...head(installation, 'Description=subctl daemon'),
    'StartLimitIntervalSec=10min',
    'StartLimitBurst=5',
    '',
    '[Service]',
    'Type=notify',
    'NotifyAccess=all',
    ...accountOf(installation),
    `ExecStart=${commandLine(installation.program, 'daemon')}`,
    '# reads the settings again',
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=on-failure',
    'RestartSec=10s',
    'RestartPreventExitStatus=2 5',
    'WatchdogSec=2min',
    'TimeoutStartSec=90s',
    '# the batch in hand is finished first',
    'TimeoutStopSec=30s',
    'KillMode=mixed',
    'LimitNOFILE=4096',
    'MemoryMax=512M',
    'TasksMax=64',
    ...surroundings(installation),
    ...hardening(installation),
    ...wantedBy(installation),
  ]);
}

function timer(
  { task, expression, cron, timezone, summary }: ArtefactEntry,
  installation: Installation,
): ArtefactFile {
  return unit(`subctl-${task}.timer`, [
    `# ${summary}. The timetable says ${cron} in ${timezone}.`,
    `# ${madeByLine(installation)}`,
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
function databaseOf(installation: Installation): ArtefactFile[] {
  if (installation.home === undefined) return [];
  const service = unit('subctl-db.service', [
    '# The embedded PostgreSQL of subctl.',
    `# ${madeByLine(installation)}`,
    '[Unit]',
    'Description=subctl embedded PostgreSQL',
    ...(installation.scope === 'system' ? ['After=local-fs.target'] : []),
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    ...accountOf(installation),
    `ExecStart=${commandLine(installation.program, 'db start')}`,
    `ExecStop=${commandLine(installation.program, 'db stop')}`,
    'TimeoutStartSec=90s',
    'TimeoutStopSec=90s',
    ...surroundings(installation),
    ...hardening(installation),
    ...wantedBy(installation),
  ]);
  return [service];
}

function head(installation: Installation, description: string): string[] {
  const after = ['network-online.target', 'time-sync.target'];
  // the manager of a user knows no network
  const network = installation.scope === 'system' ? [`Wants=${after[0]}`, `After=${after.join(' ')}`] : [];
  const order =
    installation.home !== undefined ? ['Requires=subctl-db.service', 'After=subctl-db.service'] : network;
  return [`# ${madeByLine(installation)}`, '[Unit]', description, ...order];
}

const accountOf = ({ scope, account }: Installation): string[] =>
  scope === 'system' ? [`User=${account}`] : [];

const wantedBy = ({ scope }: Installation): string[] => [
  '',
  '[Install]',
  `WantedBy=${scope === 'system' ? 'multi-user.target' : 'default.target'}`,
];

function surroundings({ environment, secrets, folder, scope }: Installation): string[] {
  const pins = { ...environment, NO_COLOR: '1', LANG: 'C.UTF-8' };
  const nameOf = (file: string) => path.posix.basename(file);
  const files = secrets.flatMap(({ variable, file }) =>
    scope === 'system'
      ? [`LoadCredential=${nameOf(file)}:${file}`, `Environment=${variable}_FILE=%d/${nameOf(file)}`]
      : [`Environment=${quoted(`${variable}_FILE=${escaped(file)}`)}`],
  );
  return [
    '# the database that it must be: without it exit code 5, and never another one',
    ...Object.entries(pins).map(([name, value]) => `Environment=${quoted(`${name}=${escaped(value)}`)}`),
    ...(files.length > 0
      ? ['# secrets, in files that only root or the account can read (0600)', ...files]
      : []),
    '# whatever else it needs (SMTP_HOST and so on), in a file that need not be there',
    'EnvironmentFile=-%E/subctl/environment',
    ...(folder === undefined ? [] : [`WorkingDirectory=${escaped(folder)}`]),
    'UMask=0077',
  ];
}
