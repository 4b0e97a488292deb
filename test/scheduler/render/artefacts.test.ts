import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { artefacts } from '../../../src/scheduler/render/artefacts.ts';
import { parseExpression } from '../../../src/scheduler/expression.ts';
import {
  type ArtefactFile,
  bytesOf,
  entriesIn,
  type Installation,
  runDueEntry,
} from '../../../src/scheduler/render/installation.ts';
import { calendars } from '../../../src/scheduler/render/calendars.ts';
import { printDaemon, printSystemd } from '../../../src/scheduler/render/systemd.ts';
import { timetable } from '../../../src/scheduler/timetable.ts';
import { printWindows } from '../../../src/scheduler/render/windows.ts';
import { root } from '../../support/cli.ts';

const has = (program: string, ...args: string[]) => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasSystemd = has('systemd-analyze', '--version');
const hasXmllint = has('xmllint', '--version');
const embedded: Installation = {
  program: ['/opt/node 20/bin/node', '/home/o$h/subctl 100%/bin/subctl.js'],
  environment: { SUBCTL_DATABASE: 'embedded', SUBCTL_HOME: '/home/ops/sub ctl' },
  home: '/home/ops/sub ctl',
  secrets: [],
  scope: 'system',
  madeBy: 'schedule print systemd',
  account: 'root',
};

describe.each(Object.entries(artefacts()))('%s/', (folder, files) => {
  test('J4: the files in the repository are what the program prints (npm run artefacts)', () => {
    expect(readdirSync(path.join(root, folder)).sort()).toEqual(files.map(({ name }) => name).sort());
    for (const file of files)
      expect(readFileSync(path.join(root, folder, file.name)), file.name).toEqual(bytesOf(file));
  });

  test('every task of the timetable is in it', () => {
    const text = files.map((file) => `${file.name}\n${file.text}`).join('\n');
    for (const { task } of timetable) expect(text).toContain(task);
  });
});

describe.skipIf(!hasSystemd)('systemd-analyze (skipped where there is none)', () => {
  const external: Installation = {
    program: ['/usr/bin/node', '/usr/lib/node_modules/subctl/bin/subctl.js'],
    environment: { SUBCTL_DATABASE: 'external', SUBCTL_TIMETABLE_PRUNE: '30 4 * * *' },
    secrets: [{ variable: 'SUBCTL_DATABASE_URL', file: '/etc/subctl/database-url' }],
    folder: '/srv/the app',
    account: 'subctl',
    scope: 'system',
    madeBy: 'schedule print systemd',
  };
  const entries = entriesIn(
    [...timetable.map((entry) => ({ ...entry, timezone: 'UTC' })), runDueEntry],
    'UTC',
    new Date(0),
  );
  const printed = (installation: Installation) => [
    ...printSystemd(entries, installation),
    ...printDaemon(installation).filter(({ name }) => name === 'subctl-daemon.service'),
  ];
  const cases: [string, ArtefactFile[], string[]][] = [
    ['the files of the repository', artefacts().systemd, []],
    ['an external database, settings in a folder', printed(external), []],
    ['an embedded database, paths with spaces, % and $', printed(embedded), []],
    ['one account’s own, external', printed({ ...external, scope: 'user' }), ['--user']],
    ['one account’s own, embedded', printed({ ...embedded, scope: 'user' }), ['--user']],
  ];

  /** The program is not installed where tests run; everything else is as it is printed. */
  function writeUnits(files: readonly ArtefactFile[], folder: string): string[] {
    for (const { name, text } of files) {
      const runnable = text
        .replace(/^(Exec(?:Start|Stop)=)("[^"]*"|\S+)/gm, '$1/bin/true')
        .replace(/^User=.*/gm, 'User=root')
        .replace(/^WorkingDirectory=.*/gm, 'WorkingDirectory=/');
      writeFileSync(path.join(folder, name), runnable);
    }
    const units = files.map(({ name }) => name).filter((name) => /\.(timer|service)$/.test(name));
    return units.map((name) => `./${name.replace('@.', '@check-expired.')}`);
  }

  test.each(cases)('J4: verify says nothing about %s', async (_, files, flags) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'subctl-units-'));
    try {
      const units = writeUnits(files, folder);
      const env = { PATH: process.env['PATH'], XDG_RUNTIME_DIR: folder, HOME: folder };
      const told = await promisify(execFile)('systemd-analyze', [...flags, 'verify', '--man=no', ...units], {
        cwd: folder,
        env,
      });
      expect(told).toEqual({ stdout: '', stderr: '' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ['subctl@check-expired.service', external, 20],
    ['subctl-daemon.service', external, 20],
    // the server's socket and processes must be seen
    ['subctl@check-expired.service', embedded, 60],
  ])('exposure of %s is low: without hardening it is 9.6', (unit, installation, most) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'subctl-units-'));
    try {
      writeUnits(
        printed(installation).map((file) => ({ ...file, name: file.name.replace('@.', '@check-expired.') })),
        folder,
      );
      const words = ['security', '--offline=true', `--threshold=${most}`, path.join(folder, unit)];
      expect(has('systemd-analyze', ...words)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    '0 2 * * *',
    '*/5 * * * *',
    '0 * * * *',
    '30 6 * * 1-5',
    '0 0 * * 7',
    '0 0 1,15 * *',
    '0 0 * jan-mar sun',
    '15 */6 */2 * *',
    '0 12 1 * fri',
  ])('systemd reads the calendar of %s', (cron) => {
    for (const calendar of calendars(parseExpression(cron)))
      expect(has('systemd-analyze', 'calendar', `${calendar} UTC`), calendar).toBe(true);
  });
});

test.each([
  ['0 2 * * *', ['*-*-* 02:00:00']],
  ['*/5 * * * *', ['*-*-* *:00/5:00']],
  ['30 6 * * 1-5', ['Mon,Tue,Wed,Thu,Fri *-*-* 06:30:00']],
  ['0 0 * * 0,7', ['Sun *-*-* 00:00:00']],
  ['0 0 1 jan *', ['*-01-01 00:00:00']],
  ['0 12 1 * fri', ['*-*-01 12:00:00', 'Fri *-*-* 12:00:00']],
])('systemd: %s', (cron, want) => {
  expect(calendars(parseExpression(cron))).toEqual(want);
});

describe('Windows', () => {
  const taskOf = (cron: string) => {
    const entries = entriesIn(
      [{ task: 'check-expired', cron, timezone: 'UTC', summary: 'a < b & c' }],
      'UTC',
      new Date(0),
    );
    return printWindows(entries, embedded)[0]!;
  };

  test('task files are UTF-16 with a byte order mark, and every line ends as Windows wants it', () => {
    const bytes = bytesOf(taskOf('0 1 * * *'));
    expect([...bytes.subarray(0, 4)]).toEqual([0xff, 0xfe, '<'.charCodeAt(0), 0]);
    expect(bytes.toString('utf16le')).not.toMatch(/[^\r]\n/);
  });

  test.each([
    '0 1 * * *',
    '0 * * * *',
    '* * * * *',
    '*/5 * * * *',
    '0 6,18 * * *',
    '0 0 1,15 * *',
    '30 6 * 1-3 *',
  ])('the elements of %s stand in the order of the schema', (cron) => {
    const { text } = taskOf(cron);
    const trigger = /<CalendarTrigger>([\s\S]*?)<\/CalendarTrigger>/.exec(text)![1]!;
    const order = ['<Enabled>', '<StartBoundary>', '<Repetition>', '<ScheduleBy']
      .map((tag) => trigger.indexOf(tag))
      .filter((place) => place >= 0);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(text).toContain('a &lt; b &amp; c');
  });

  test
    .skipIf(!hasXmllint)
    .each([
      '0 1 * * *',
      '0 * * * *',
      '* * * * *',
      '*/5 * * * *',
      '0 6,18 * * *',
      '0 0 1,15 * *',
      '30 6 * 1-3 *',
      '30 6 * * 1-5',
      '0 12 1 * fri',
    ])('xmllint finds the task of %s as the schema wants it (skipped where there is none)', (cron) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'subctl-xml-'));
    const schema = path.join(import.meta.dirname, 'task-subset.xsd');
    try {
      const file = path.join(folder, 'task.xml');
      writeFileSync(file, bytesOf(taskOf(cron)));
      expect(has('xmllint', '--noout', '--schema', schema, file)).toBe(true);
      const { text, encoding } = taskOf(cron);
      const moved = text.replace(
        /(<Enabled>true<\/Enabled>)(\s+)(<StartBoundary>[^<]+<\/StartBoundary>)/,
        '$3$2$1',
      );
      writeFileSync(file, bytesOf({ text: moved, encoding }));
      expect(has('xmllint', '--noout', '--schema', schema, file), 'in another order it is refused').toBe(
        false,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('an expression that takes more than 48 triggers is refused', () => {
    expect(() => taskOf('*/7 1-20 * * *')).toThrow(/cannot be said to the Windows/);
  });
});
