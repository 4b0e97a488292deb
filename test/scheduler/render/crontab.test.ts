import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { calendars } from '../../../src/scheduler/render/calendars.ts';
import { printCron } from '../../../src/scheduler/render/cron.ts';
import { effectiveTimetable } from '../../../src/scheduler/effective.ts';
import { macros, parseExpression } from '../../../src/scheduler/expression.ts';
import { entriesIn, type Installation } from '../../../src/scheduler/render/installation.ts';
import { nextInstants } from '../../../src/scheduler/next.ts';
import { printWindows } from '../../../src/scheduler/render/windows.ts';

const installation: Installation = {
  program: ['/usr/bin/subctl'],
  environment: { SUBCTL_DATABASE: 'external' },
  secrets: [],
  scope: 'user',
  madeBy: 'schedule print cron',
  account: 'subctl',
};
const start = new Date('2026-12-01T00:00:00Z');
const entryOf = (cron: string) =>
  entriesIn([{ task: 'prune', cron, timezone: 'UTC', summary: 'x' }], 'UTC', start);

/** The five fields of the line that is printed for an expression. */
function lineOf(cron: string): string {
  const text = printCron(entryOf(cron), installation, { zone: 'UTC' });
  return text.split('\n').find((line) => line.includes('/usr/bin/subctl'))!;
}
const fieldsOf = (cron: string) => lineOf(cron).split(' ').slice(0, 5);

/** What Vixie's cron makes of five fields: load_entry and the test of a minute, as they stand in its source. */
function instantsOfCron(fields: readonly string[], count: number): string[] {
  const [minutes, hours, days, months, week] = fields.map((field, at) => {
    const [low, high] = (
      [
        [0, 59],
        [0, 23],
        [1, 31],
        [1, 12],
        [0, 7],
      ] as const
    )[at]!;
    const set = new Set<number>();
    for (const part of field.split(',')) {
      const [range, step = '1'] = part.split('/') as [string, string?];
      const [from, to = from] = range === '*' ? [low, high] : range.split('-').map(Number);
      expect(part).toMatch(/^(\*|\d+(-\d+)?)(\/\d+)?$/);
      for (let n = from!; n <= to!; n += Number(step)) set.add(n);
    }
    return set;
  });
  if (week!.has(0) || week!.has(7)) [0, 7].forEach((sunday) => week!.add(sunday));
  const isStar = fields[2]!.startsWith('*') || fields[4]!.startsWith('*');
  const found: string[] = [];
  for (let at = start.getTime() + 60_000; found.length < count;) {
    const date = new Date(at);
    const [dom, dow] = [days!.has(date.getUTCDate()), week!.has(date.getUTCDay())];
    const isDay = months!.has(date.getUTCMonth() + 1) && (isStar ? dom && dow : dom || dow);
    if (!isDay) at = Math.floor(at / 86_400_000 + 1) * 86_400_000;
    else if (!hours!.has(date.getUTCHours())) at = Math.floor(at / 3_600_000 + 1) * 3_600_000;
    else {
      if (minutes!.has(date.getUTCMinutes())) found.push(date.toISOString());
      at += 60_000;
    }
  }
  return found;
}

const number = (low: number, high: number) => fc.integer({ min: low, max: high }).map(String);
const field = (low: number, high: number, ...more: string[]) => {
  const step = number(1, 9);
  const range = fc
    .tuple(number(low, high), number(low, high))
    .map((two) => two.sort((a, b) => +a - +b).join('-'));
  const part = fc.oneof(
    number(low, high),
    range,
    fc.tuple(range, step).map((two) => two.join('/')),
    step.map((n) => `*/${n}`),
    ...more.map(fc.constant),
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => parts.join()) },
  );
};
const expression = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...macros.keys()) },
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        field(0, 59),
        field(0, 23),
        field(1, 31, 'L', '15W', 'LW', '?'),
        field(1, 12, 'jan', 'DEC'),
        field(0, 7, 'mon', 'Sun', '1#2', '5L', '?', '+1'),
      )
      .map((fields) => fields.join(' ')),
  },
);

/** Generated expressions that the program takes; what it does not is a Failure with the value in it. */
function taken(cron: string): boolean {
  try {
    parseExpression(cron);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).message).toContain(`'${cron}'`);
    return false;
  }
}

describe('crontab', () => {
  test('B24: a printed line has the instants of jobs next, or is refused with exit 4', () => {
    fc.assert(
      fc.property(expression, (cron) => {
        fc.pre(taken(cron));
        const own = nextInstants({ cron, timezone: 'UTC' }, start, 20).map((at) => at.toISOString());
        try {
          expect([cron, ...instantsOfCron(fieldsOf(cron), own.length)]).toEqual([cron, ...own]);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect([error.kind, cron]).toEqual(['refused', expect.stringMatching(/[LW#+]/i)]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['0 2 L * *', 'refused'],
    ['0 2 15W * *', 'refused'],
    ['0 2 LW * *', 'refused'],
    ['0 2 * * 1#2', 'refused'],
    ['0 2 * * 5L', 'refused'],
    ['0 4 */2 * 1', '0 4 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31 * 1'],
    ['0 4 1 * */2', '0 4 1 * 0,2,4,6'],
    ['0 4 */2 * *', '0 4 */2 * *'],
    ['0 4 ? * mon', '0 4 * * 1'],
    ['0 4 1 jan-mar sun', '0 4 1 1-3 0'],
  ])('B24: %s is written as %s', (cron, written) => {
    if (written === 'refused')
      expect(() => lineOf(cron)).toThrow(expect.objectContaining({ kind: 'refused' }) as Error);
    else expect(fieldsOf(cron).join(' ')).toBe(written);
  });

  const file = path.join(tmpdir(), `subctl-crontab-${process.pid}`);
  writeFileSync(file, '');
  afterAll(() => rmSync(file));
  const hasCrontab = spawnSync('crontab', ['-n', file]).status === 0;
  test.skipIf(!hasCrontab)('B24: cron’s own reader takes every line that is printed', () => {
    const lines = fc.sample(expression, 400).flatMap((cron) => {
      try {
        return [lineOf(cron)];
      } catch {
        return [];
      }
    });
    expect(lines.length).toBeGreaterThan(50);
    writeFileSync(file, `${lines.join('\n')}\n`);
    execFileSync('crontab', ['-n', file], { stdio: 'pipe' });
  });
});

describe('B24: a value that cannot be is named as it was given, with its field', () => {
  test.each([
    ['0 0 * 13 *', 'Invalid value for month: 13 (1 to 12 are possible)'],
    ['0 0 0 * *', 'Invalid value for day of the month: 0 (1 to 31 are possible)'],
    ['0 0 * * 8', 'Invalid value for day of the week: 8 (0 to 7 are possible)'],
    ['0 0 * foo *', 'Invalid value for month: foo (1 to 12 are possible)'],
    ['? * * * *', 'Invalid value for minute: ?'],
    ['0 ? * * *', 'Invalid value for hour: ?'],
    ['0 0 * ? *', 'Invalid value for month: ?'],
    ['5/10 * * * *', 'Invalid step for minute: 5/10 (a step follows * or a range: give 5-59/10)'],
    ['0 22-2 * * *', 'Invalid range for hour: 22-2 (it goes over the end: give 22-23,0-2)'],
    ['*/0 * * * *', 'Invalid step for minute: */0'],
    ['1,,2 * * * *', 'Invalid value for minute: nothing between commas'],
  ])('%s: %s', (cron, fault) => {
    expect(() => parseExpression(cron)).toThrow(`The cron expression '${cron}' cannot be read: ${fault}`);
  });

  test('B36: ? stands for any day or weekday', () => {
    expect(parseExpression('0 4 ? * 1').text).toBe('0 4 * * 1');
    expect(parseExpression('0 4 1 * ?').text).toBe('0 4 1 * *');
  });
});

describe('B32: macros', () => {
  const meant = {
    '@hourly': '0 * * * *',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@weekly': '0 0 * * 0',
    '@monthly': '0 0 1 * *',
    '@yearly': '0 0 1 1 *',
  };
  test.each(Object.entries(meant))('%s has the instants of %s, in every artefact', (macro, fields) => {
    const next = (cron: string) => nextInstants({ cron, timezone: 'Europe/Berlin' }, start, 5);
    expect(next(macro)).toEqual(next(fields));
    expect(lineOf(macro)).toBe(lineOf(fields));
    expect(instantsOfCron(fieldsOf(macro), 5)).toEqual(
      nextInstants({ cron: fields, timezone: 'UTC' }, start, 5).map((at) => at.toISOString()),
    );
    expect(calendars(parseExpression(macro))).toEqual(calendars(parseExpression(fields)));
    const trigger = (cron: string) =>
      /<Triggers>[^]*<\/Triggers>/.exec(printWindows(entryOf(cron), installation)[0]!.text)?.[0];
    expect(trigger(macro)).toBe(trigger(fields));
    const setting = { task: 'prune', field: 'cron', value: macro, source: 'x' } as const;
    expect(effectiveTimetable([setting]).find(({ task }) => task === 'prune')!.cron).toBe(fields);
  });

  test('@daily is next due at the next midnight', () => {
    const [first] = nextInstants({ cron: '@Daily', timezone: 'UTC' }, start, 1);
    expect(first!.toISOString()).toBe('2026-12-02T00:00:00.000Z');
  });
});
