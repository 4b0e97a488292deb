import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { customer, lay, plan } from '../../usage/world.ts';

const { sql, env } = await testDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'subctl-again-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, text: string | Buffer) => writeFileSync(path.join(folder, name), text);
const take = async (file: string, asOf: string) => {
  const { code, stdout, stderr } = await subctl(['usage', 'import', file, '--as-of', asOf, '--json'], {
    env,
    cwd: folder,
  });
  return { code, stderr, ...(stdout && (JSON.parse(stdout) as { recorded: number; replayed: number })) };
};
const usedBy = async (who: string) => {
  const [row] =
    await sql`select coalesce(sum(quantity), 0)::text as n from subctl.usage_events where customer_id = ${who}`;
  return row!.n as string;
};

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'any', { isDefault: true });
});

const csv = (who: string) => `customer,kind,quantity\n${who},llm,7\n`;
const ndjson = (who: string) => `{"customer":"${who}","kind":"llm","quantity":7}\n`;

describe('B20: uses without time and key', () => {
  test.each([
    ['CSV', csv('d1'), 'd1'],
    ['NDJSON', ndjson('d2'), 'd2'],
    ['gzipped', gzipSync(csv('d3')), 'd3'],
  ])('of two days are counted twice: %s', async (_, text, who) => {
    await customer(sql, who);
    put('day', text);
    expect(await take('day', '2026-12-07')).toMatchObject({ code: 0, recorded: 1 });
    expect(await take('day', '2026-12-08')).toMatchObject({ code: 0, recorded: 1, replayed: 0 });
    expect(await usedBy(who)).toBe('14');
  });

  test('that are equal in one file are two uses', async () => {
    await customer(sql, 'two');
    put('two.csv', `${csv('two')}two,llm,7\n`);
    expect(await take('two.csv', '2026-12-07')).toMatchObject({ code: 0, recorded: 2 });
    expect(await usedBy('two')).toBe('14');
  });

  const many = (who: string) =>
    `customer,kind,session\n${Array.from({ length: 650 }, (_, n) => `${who},llm,s${n % 3}${n * 7919}`).join('\n')}\n`;

  test('of a file whose import broke off count once, also a day later; then the file is another one', async () => {
    await customer(sql, 'cut');
    const whole = gzipSync(many('cut'));
    put('cut.gz', whole.subarray(0, -50));
    const broken = await take('cut.gz', '2026-12-07');
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(
      /^\d00 of the first \d00 rows are recorded. Import the file again: nothing counts twice$/m,
    );
    const before = Number(await usedBy('cut'));
    expect(before).toBeGreaterThanOrEqual(200);
    put('whole.gz', whole);
    expect(await take('whole.gz', '2026-12-08')).toMatchObject({
      code: 0,
      recorded: 650 - before,
      replayed: before,
    });
    expect(await usedBy('cut')).toBe('650');
    expect(await take('whole.gz', '2026-12-08')).toMatchObject({ code: 0, recorded: 650 });
    expect(await sql`select from subctl.usage_imports`).toHaveLength(0);
  });

  test('with a time are named by their content: the same row on two days counts once', async () => {
    await customer(sql, 'at');
    put('at.csv', 'customer,kind,at\nat,llm,2026-12-06T10:00:00Z\n');
    await take('at.csv', '2026-12-07');
    expect(await take('at.csv', '2026-12-08')).toMatchObject({ code: 0, recorded: 0, replayed: 1 });
    expect(await usedBy('at')).toBe('1');
  });

  test('that were rejected and are given again at the same time count, beside equal ones that were not', async () => {
    put('r.csv', 'customer,kind\nlate,llm\nat,llm\n');
    const asked = ['usage', 'import', 'r.csv', '--as-of', '2026-12-09', '--rejects', 'left.csv'];
    expect(await subctl(asked, { env, cwd: folder })).toMatchObject({ code: 7 });
    await customer(sql, 'late');
    put('left.csv', readFileSync(path.join(folder, 'left.csv')));
    expect(await take('left.csv', '2026-12-09')).toMatchObject({ code: 0, recorded: 1 });
  });

  test('a dry run leaves nothing behind', async () => {
    put('day', csv('d1'));
    const { code } = await subctl(['usage', 'import', 'day', '--as-of', '2026-12-10', '--dry-run'], {
      env,
      cwd: folder,
    });
    expect([code, await usedBy('d1')]).toEqual([0, '14']);
    expect(await sql`select from subctl.usage_imports`).toHaveLength(0);
  });
});
