import { describe, expect, it } from 'vitest';
import { commands } from '../support/commands.ts';
import { exitCodeOf, failureKinds } from '../../src/domain/failure.ts';
import { filesIn, textOf } from './sources.ts';

it('no two commands have one name, and none is also the noun of others', () => {
  const paths = commands.map(({ path }) => path);
  const nouns = new Set(paths.filter((path) => path.includes(' ')).map((path) => path.split(' ')[0]!));
  expect(paths.filter((path, at) => paths.indexOf(path) !== at)).toEqual([]);
  expect(paths.filter((path) => nouns.has(path) || path === 'help')).toEqual([]);
});

describe.each(commands.map((spec) => [spec.path, spec] as const))('%s', (path, spec) => {
  const options = [...spec.options, ...spec.common];

  it('says what it does: a line, and every argument and option', () => {
    expect(path).toMatch(/^[a-z][a-z-]*( [a-z][a-z-]*)?$/);
    expect(spec.summary, 'a line that starts with a capital and has no full stop').toMatch(/^[A-Z].*[^.]$/);
    for (const { about } of [...spec.arguments, ...options]) expect(about.length).toBeGreaterThan(2);
  });

  it('has two examples or more, all of this command', () => {
    expect(spec.examples.length).toBeGreaterThanOrEqual(2);
    for (const [command, about] of spec.examples) {
      expect(`${command} `, 'an example is a whole line').toMatch(
        new RegExp(`(^|[;|&(=] ?|^[A-Z_]+=\\S+ )subctl ${path} `),
      );
      expect(about.length).toBeGreaterThan(2);
    }
  });

  it('promises exit codes that there are', () => {
    const known = failureKinds.map(exitCodeOf);
    const saidAnyway = spec.needs === 'nothing' ? [1, 2] : [1, 2, 5, 6];
    expect((spec.exits ?? []).filter((code) => !known.includes(code) || saidAnyway.includes(code))).toEqual(
      [],
    );
  });

  it('gives no two options one name', () => {
    const keys = [...spec.arguments.map(({ key }) => key), ...options.map(({ key }) => key)];
    // `--wait` and `--no-wait` are one switch with two ends
    const flags: string[] = options.map(({ flag }) => flag);
    const isPair = (key: string) =>
      options.filter((one) => one.key === key && flags.includes(one.flag.replace(/^--(no-)?/, '--no-')))
        .length === 2;
    expect(keys.filter((key, at) => keys.indexOf(key) !== at && !isPair(key))).toEqual([]);
    expect(new Set(flags).size).toBe(flags.length);
    const shorts = [...options.map(({ short }) => short), '-h', '-V'].filter(Boolean);
    expect(shorts.filter((short, at) => shorts.indexOf(short) !== at)).toEqual([]);
  });

  it('is named by a test', () => {
    const tests = [...filesIn('test', '.test.ts'), ...filesIn('test', '.txt')].filter(
      (file) => !file.startsWith('test/commands/help/'),
    );
    const words = path
      .split(' ')
      .map((word) => `['"\`]?${word}['"\`]?`)
      .join(',? ?');
    const named = new RegExp(`(^|[^a-z-])${words}([^a-z-]|$)`, 'm');
    expect(
      tests.some((file) => named.test(textOf(file))),
      `No test runs \`subctl ${path}\`: write one in test/commands/`,
    ).toBe(true);
  });
});
