import { Failure } from '../../domain/failure.ts';
import { numbersOf } from '../convert.ts';
import type { Expression } from '../expression.ts';
import { months, named, weekdays as shortDays } from '../fields.ts';
import { type ArtefactEntry, type ArtefactFile, type Installation, madeByLine } from './installation.ts';

/** Where the install script puts the batch file: only administrators may write there. */
const folder = 'C:\\Program Files\\subctl\\tasks';
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const monthNames = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
]; // prettier-ignore

/**
 * The files for the Windows Task Scheduler: a task for each entry, the batch file that they start, and the script that installs them.
 * Times are in UTC (StartBoundary with Z); a start that was missed is made up when the machine is on again.
 */
export function printWindows(entries: readonly ArtefactEntry[], installation: Installation): ArtefactFile[] {
  return [
    ...entries.map((entry): ArtefactFile => ({
      name: `subctl-${entry.task}.xml`,
      text: crlf(taskXml(entry)),
      encoding: 'utf16le',
    })),
    { name: 'subctl-task.cmd', text: crlf(batchFile(installation)), encoding: 'utf8' },
    { name: 'install.ps1', text: crlf(installScript), encoding: 'utf8' },
  ];
}

function taskXml({ task, summary, cron, timezone, expression }: ArtefactEntry): string {
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Author>subctl</Author>
    <Description>${xml(`${summary}. The timetable says ${cron} in ${timezone}.`)}</Description>
    <URI>\\subctl\\${xml(task)}</URI>
  </RegistrationInfo>
  <Triggers>
${triggersOf(expression)}
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>S-1-5-19</UserId>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT1H</ExecutionTimeLimit>
    <Priority>7</Priority>
    <RestartOnFailure>
      <Interval>PT2M</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(`${folder}\\subctl-task.cmd`)}</Command>
      <Arguments>${xml(task)}</Arguments>
      <WorkingDirectory>${xml(folder)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
}

/** One trigger for each time of day, or one that repeats all day; on every day, some days of the week, or some of the month. */
function triggersOf(expression: Expression): string {
  const { minute, hour } = expression;
  const minutes = numbersOf(minute, 60);
  const hours = numbersOf(hour, 24);
  const step = /^\*(?:\/(\d+))?$/.exec(minute);
  if (!minutes || !hours) throw notSayable(expression);
  if (hour === '*' && step && 60 % Number(step[1] ?? 1) === 0)
    return daysOf(expression)
      .map((days) => trigger({ hour: 0, minute: 0, every: `PT${step[1] ?? 1}M`, days }))
      .join('\n');
  const starts =
    hour === '*'
      ? minutes.map((at) => ({ hour: 0, minute: at, every: 'PT1H' }))
      : hours.flatMap((at) => minutes.map((past) => ({ hour: at, minute: past })));
  const all = starts.flatMap((start) => daysOf(expression).map((days) => trigger({ ...start, days })));
  if (all.length > 48) throw notSayable(expression); // the most that a task may have
  return all.join('\n');
}

function trigger({
  hour,
  minute,
  every,
  days,
}: {
  hour: number;
  minute: number;
  every?: string;
  days: string;
}): string {
  const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
  const repetition = every
    ? `
      <Repetition>
        <Interval>${every}</Interval>
        <Duration>P1D</Duration>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>`
    : '';
  return `    <CalendarTrigger>
      <Enabled>true</Enabled>
      <StartBoundary>2026-01-01T${time}:00Z</StartBoundary>${repetition}
${days}
    </CalendarTrigger>`;
}

/** A day of the month and one of the week together mean either (cron), so they are two triggers. */
function daysOf(expression: Expression): string[] {
  const month = numbersOf(named(expression.month, months, 1), 13, 1);
  const days = numbersOf(expression.day, 32, 1);
  const week = numbersOf(named(expression.weekday, shortDays, 0), 8);
  if (!month || !days || !week) throw notSayable(expression);
  const everyMonth = month.length === 12;
  const found: string[] = [];
  if (expression.day !== '*' || (expression.weekday === '*' && !everyMonth)) found.push(byMonth(days, month));
  if (expression.weekday !== '*') {
    if (!everyMonth) throw notSayable(expression);
    const names = [...new Set(week.map((at) => at % 7))].map((at) => `<${weekdays[at]} />`).join('');
    found.push(`      <ScheduleByWeek>
        <WeeksInterval>1</WeeksInterval>
        <DaysOfWeek>${names}</DaysOfWeek>
      </ScheduleByWeek>`);
  }
  if (found.length > 0) return found;
  return ['      <ScheduleByDay>\n        <DaysInterval>1</DaysInterval>\n      </ScheduleByDay>'];
}

function byMonth(days: readonly number[], month: readonly number[]): string {
  return `      <ScheduleByMonth>
        <DaysOfMonth>${days.map((day) => `<Day>${day}</Day>`).join('')}</DaysOfMonth>
        <Months>${month.map((at) => `<${monthNames[at - 1]} />`).join('')}</Months>
      </ScheduleByMonth>`;
}

function batchFile(installation: Installation): string {
  const { program, environment, folder: settings, secrets } = installation;
  const escaped = (text: string) => text.replaceAll('%', '%%');
  return [
    '@echo off',
    'rem Runs one task of subctl, for the Task Scheduler.',
    `rem ${escaped(madeByLine(installation))}`,
    ...Object.entries(environment).map(([name, value]) => `set "${name}=${escaped(value)}"`),
    ...(secrets.length > 0 ? ['rem secrets, in files that only the account of the tasks may read'] : []),
    ...secrets.map(({ variable, file }) => `set "${variable}_FILE=${file}"`),
    ...(settings === undefined ? [] : [`cd /d "${escaped(settings)}"`]),
    `${program.map((word) => `"${escaped(word)}"`).join(' ')} %1 >nul`,
    'rem 8: another run is at work, so nothing was left undone',
    'if %ERRORLEVEL% equ 8 exit /b 0',
    'exit /b %ERRORLEVEL%',
    '',
  ].join('\n');
}

const installScript = `# Registers the tasks of subctl, or replaces them; those that are no longer printed are taken away. With -Uninstall, all of them.
# In a PowerShell that was opened as administrator:
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Uninstall]
param([switch]$Uninstall)
$ErrorActionPreference = 'Stop'
$folder = '${folder}'
$files = @()
if (-not $Uninstall) {
  New-Item -ItemType Directory -Force -Path $folder | Out-Null
  Copy-Item -Force -Path (Join-Path $PSScriptRoot 'subctl-task.cmd') -Destination $folder
  $files = @(Get-ChildItem -Path $PSScriptRoot -Filter 'subctl-*.xml')
}
$wanted = @($files | ForEach-Object { $_.BaseName -replace '^subctl-', '' })
foreach ($task in @(Get-ScheduledTask -TaskPath '\\subctl\\' -ErrorAction SilentlyContinue)) {
  if ($wanted -notcontains $task.TaskName) {
    $task | Unregister-ScheduledTask -Confirm:$false
    Write-Output "Removed \\subctl\\$($task.TaskName)"
  }
}
foreach ($file in $files) {
  $name = $file.BaseName -replace '^subctl-', ''
  $xml = Get-Content -Raw -Encoding Unicode -Path $file.FullName
  Register-ScheduledTask -TaskPath '\\subctl\\' -TaskName $name -Xml $xml -Force | Out-Null
  Write-Output "Registered \\subctl\\$name"
}
if ($Uninstall -and (Test-Path $folder)) { Remove-Item -Recurse -Force $folder }
`;

const signs: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const xml = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign]!);
const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

function notSayable({ text }: Expression): Failure {
  return new Failure(
    'refused',
    `The cron expression '${text}' cannot be said to the Windows Task Scheduler`,
    {
      hint: 'print one entry that asks the timetable every minute: --run-due',
    },
  );
}
