import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';
import { hasInvisible, oneLine } from '../../src/domain/plain-text.ts';
import { readExactJson } from '../../src/http/api/exact-json.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan } from '../usage/world.ts';

const { sql, env } = await testDatabase();
const cwd = mkdtempSync(path.join(tmpdir(), 'subctl-bounds-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const run = (...words: string[]) => subctl(words, { env, cwd });
const of = (length: number, sign = 'x') => sign.repeat(length);
const yaml = (text: string) => {
  writeFileSync(path.join(cwd, 'c.yaml'), text);
  return ['plans', 'load', 'c.yaml', '--yes'];
};
const planOf = (id: string, name: string) =>
  yaml(`schema: 1\ncurrency: USD\nplans:\n  ${id}: {name: "${name}", prices: {month: "0.00"}}\n`);

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'any', { isDefault: true });
  await customer(sql, 'ann');
});

describe('H11: names and ids have one bound in every door', () => {
  test.each([
    ['plans create, id', (n: number) => ['plans', 'create', of(n)], 200],
    ['plans create, name', (n: number) => ['plans', 'create', `n${n}`, '--name', of(n)], 500],
    ['plans create, description', (n: number) => ['plans', 'create', `d${n}`, '--description', of(n)], 2000],
    ['plans load, id', (n: number) => planOf(of(n, 'y'), 'Y'), 200],
    ['plans load, name', (n: number) => planOf(`l${n}`, of(n)), 500],
    ['meters add, id', (n: number) => ['meters', 'add', of(n)], 200],
    ['meters add, name', (n: number) => ['meters', 'add', `m${n}`, '--name', of(n)], 500],
    ['customers add, id', (n: number) => ['customers', 'add', of(n)], 200],
    ['customers add, name', (n: number) => ['customers', 'add', `c${n}`, '--name', of(n)], 500],
    ['a reason', (n: number) => ['customers', 'edit', 'ann', '--name', `A${n}`, '--reason', of(n)], 2000],
  ])('%s', async (_, line, most) => {
    expect(await run(...line(most))).toMatchObject({ code: 0 });
    const { code, stderr } = await run(...line(most + 1));
    expect(code).toBe(2);
    expect(stderr.length).toBeLessThan(500);
  });

  test('the database holds the same', async () => {
    const id = of(201);
    await expect(sql`insert into subctl.meters (id, name) values (${id}, 'x')`).rejects.toMatchObject({
      code: '23514',
    });
    await expect(sql`update subctl.plans set name = ${of(501)} where id = 'any'`).rejects.toMatchObject({
      code: '23514',
    });
  });

  test.each([
    ['customers', 'show', of(100_000)],
    ['plans', 'show', of(100_000)],
    ['usage', 'record', 'ann', '--kind', 'llm', '--quantity', of(200_000 / 2, '9')],
    ['usage', 'record', 'ann', '--kind', of(1_000)],
    ['assign', 'ann', `${of(1_000)} ${of(1_000)}`],
  ])('an error shows the beginning of a long value: %s %s', async (...words) => {
    const { code, stdout, stderr } = await run(...words);
    expect([code, stdout]).toEqual([expect.toBeOneOf([2, 3]), '']);
    expect(stderr.length).toBeLessThan(900);
  });

  test('a Failure cuts values and words, and leaves sentences', () => {
    const message = `There is no plan '${of(5_000)}', and ${'word '.repeat(60)}`;
    expect(new Failure('usage', message).message).toBe(
      `There is no plan '${of(60)}…', and ${'word '.repeat(60)}`,
    );
  });
});

describe('H14: signs that cannot be seen', () => {
  const classes = {
    'right-to-left override': '\u202e',
    isolates: '\u2066',
    'left-to-right mark': '\u200e',
    'Arabic letter mark': '\u061c',
    'zero width space': '\u200b',
    'zero width joiner': '\u200d',
    'zero width non-joiner': '\u200c',
    'word joiner': '\u2060',
    'soft hyphen': '\u00ad',
    'byte order mark': '\ufeff',
    'Hangul filler': '\u3164',
    'variation selector': '\ufe0f',
    'line separator': '\u2028',
    'next line': '\u0085',
    tag: '\u{e0041}',
    escape: '\u001b',
  };
  test.each(Object.entries(classes))('a new id with a %s is refused', async (_, sign) => {
    expect(hasInvisible(`a${sign}b`)).toBe(true);
    const { code, stderr } = await run('customers', 'add', `a${sign}b`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('The customer id') as string]);
    expect(oneLine(stderr.replaceAll('\n', ''))).toBe(stderr.replaceAll('\n', ''));
  });

  test('joiners stay in names, for they are written with them; nothing else does on a line for people', () => {
    expect(oneLine('می\u200cخواهم 👩\u200d💻')).toBe('می\u200cخواهم 👩\u200d💻');
    const rest = Object.values(classes).filter((sign) => !['\u200c', '\u200d', '\ufe0f'].includes(sign));
    expect(oneLine(rest.join('')).trim()).toBe('');
  });

  test('an id that is there already goes on working, and no line shows its signs', async () => {
    const id = 'aa\u202egpj.exe\u2066';
    await customer(sql, id);
    const listed = await run('customers', 'list', '--limit', '1');
    expect(listed.stdout).toContain(`--after $'aa\\u202egpj.exe\\u2066'`);
    for (const words of [
      ['customers', 'list'],
      ['assign', id, 'any'],
      ['customers', 'show', id],
      ['subscriptions', 'cancel', id],
    ]) {
      const { code, stdout, stderr } = await run(...words);
      expect([code, ...(stdout + stderr).matchAll(/[\u202e\u2066]/g)]).toEqual([expect.toBeOneOf([0, 4, 8])]);
    }
    expect((await run('customers', 'show', id, '--json')).code).toBe(0);
  });
});

test.each([
  ['{"a":"\\ud800"}', true],
  ['{"a":"\\udc00"}', true],
  ['{"a":"\\ud83d\\ud83d\\ude00"}', true],
  ['{"a":"\\ud83d\\ude00"}', false],
  ['{"a":"\\\\ud800"}', false],
])('H20: half of a surrogate pair in a body is refused: %s', (text, refused) => {
  if (refused) expect(() => readExactJson(text)).toThrow(/half of a surrogate pair/);
  else expect(() => readExactJson(text)).not.toThrow();
});

test('H12: metadata has one bound in every door', async () => {
  const metadata = (length: number) => JSON.stringify({ a: of(length - 8) });
  for (const words of [
    ['customers', 'edit', 'ann', '--metadata'],
    ['usage', 'record', 'ann', '--kind', 'llm', '--metadata'],
  ]) {
    expect(await run(...words, metadata(65_000))).toMatchObject({ code: 0 });
    expect(await run(...words, metadata(65_537))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('65536') as string,
    });
  }
  const record = (text: string) =>
    sql`select subctl.record_usage(customer => 'ann', kind => 'llm', metadata => ${text}::text::jsonb)`;
  await record(metadata(65_000));
  await expect(record(metadata(66_000))).rejects.toMatchObject({ code: 'SB002' });
});

test('B36: two limits that would be one are refused with a sentence', async () => {
  const line =
    'plans create both --price 1mo=5 --price 1y=50 --limit messages/every_1mo=5 --limit messages/period=9';
  expect(await run(...line.split(' '))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'messages/period and messages/every_1mo would both be every_1mo',
    ) as string,
  });
});

test('B36, H20: a full device is exit code 6, and a device is not said to be written', async () => {
  expect(await run('customers', 'list', '-o', '/dev/full')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('the disk is full') as string,
  });
  const nowhere = await run('customers', 'list', '-o', '/dev/null');
  expect(nowhere.code).toBe(0);
  expect(nowhere.stderr).not.toContain('Wrote');
});
