import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { artefacts } from '../../src/timetable/artefacts.ts';
import { parseExpression } from '../../src/timetable/expression.ts';
import { bytesOf, entriesIn, type Installation, runDueEntry } from '../../src/timetable/installation.ts';
import { calendars, printSystemd } from '../../src/timetable/systemd.ts';
import { timetable } from '../../src/timetable/timetable.ts';
import { printWindows } from '../../src/timetable/windows.ts';
import { root } from '../support/cli.ts';

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
  needsUrl: false,
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
  const cases: [string, Installation | undefined][] = [
    ['the files of the repository', undefined],
    ['an embedded database, paths with spaces, % and $', embedded],
  ];
  test.each(cases)('J4: verify says nothing about %s', async (_, installation) => {
    const entries = entriesIn(
      [...timetable.map((entry) => ({ ...entry, timezone: 'UTC' })), runDueEntry],
      'UTC',
      new Date(0),
    );
    const files = installation ? printSystemd(entries, installation) : artefacts().systemd;
    const folder = mkdtempSync(path.join(tmpdir(), 'subctl-units-'));
    try {
      for (const file of files) {
        // the program is not installed where tests run; everything else is verified as it is
        const text = file.text
          .replace(/^(Exec\w+=)("[^"]*"|\S+)/gm, '$1/bin/true')
          .replace(/^User=.*/gm, 'User=root');
        writeFileSync(path.join(folder, file.name), text);
      }
      const units = files
        .map(({ name }) => name)
        .filter((name) => name.endsWith('.timer') || name === 'subctl-db.service');
      const instance = 'subctl@check-expired.service';
      const told = await promisify(execFile)(
        'systemd-analyze',
        ['verify', '--man=no', `./${instance}`, ...units.map((name) => `./${name}`)],
        {
          cwd: folder,
        },
      );
      expect(told).toEqual({ stdout: '', stderr: '' });
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

  test.skipIf(!hasXmllint)('the task file is well-formed', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'subctl-xml-'));
    try {
      const file = path.join(folder, 'task.xml');
      writeFileSync(file, bytesOf(taskOf('0 1 * * *')));
      expect(has('xmllint', '--noout', file)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('an expression that takes more than 48 triggers is refused', () => {
    expect(() => taskOf('*/7 1-20 * * *')).toThrow(/cannot be said to the Windows/);
  });
});
