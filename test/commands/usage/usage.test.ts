import { gzipSync } from 'node:zlib';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { customer, lay, plan, subscribe } from '../../usage/world.ts';

const { sql, env } = await testDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'subctl-usage-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (line: string, stdin = '') => subctl(line.split(' '), { env, stdin, cwd: folder });
const json = async (line: string) => JSON.parse((await run(`${line} --json`)).stdout);
const at = '--as-of 2026-03-10T12:00:00Z';

beforeAll(async () => {
  await lay(sql, undefined, { image: '2' });
  await plan(sql, 'basic', {
    limits: { messages: { day: 5, month: 50 }, tokens: { month: 1000 }, images: { month: null } },
    credits: '10',
  });
  for (const who of ['ann', 'bob', 'eve']) {
    await customer(sql, who, { zone: 'Europe/Berlin' });
    await subscribe(sql, who, 'basic', { at: '2026-03-01T00:00:00Z' });
  }
});

describe('usage record and check', () => {
  test('answer the function’s own jsonb', async () => {
    const line = `usage record ann --kind llm --quantity 2 --provider p --model m --input-tokens 100 --output-tokens 20 --cost 0.01 --key k1 --at 2026-03-10T11:00:00Z ${at}`;
    const first = await json(line);
    expect(first).toMatchObject({
      allowed: true,
      reason: null,
      customer: 'ann',
      kind: 'llm',
      at: '2026-03-10T11:00:00.000Z',
      cost: '0.01',
      replayed: false,
    });
    expect(first.limits).toContainEqual({
      meter: 'messages',
      window: 'day',
      scope: 'customer',
      used: '2',
      limit: '5',
      remaining: '3',
      percent: '40',
      window_start: '2026-03-09T23:00:00.000Z',
      resets_at: '2026-03-10T23:00:00.000Z',
    });
    expect(await json(line)).toEqual({ ...first, replayed: true });
  });
  test('a refusal is exit code 4, another use under the key 8, an unpriced one 7, an unknown kind 2', async () => {
    expect((await run(`usage record ann --kind llm --quantity 9 ${at}`)).code).toBe(4);
    expect((await run(`usage check ann --kind llm --quantity 9 ${at} --json`)).code).toBe(4);
    expect((await run(`usage check ann --kind llm ${at}`)).code).toBe(0);
    expect((await run(`usage record ann --kind llm --key k1 ${at}`)).code).toBe(8);
    expect(
      (await run(`usage record ann --kind llm --provider unheard --model x --input-tokens 1 ${at} --json`))
        .code,
    ).toBe(7);
    expect((await run(`usage record ann --kind telepathy ${at}`)).code).toBe(2);
    expect((await run(`usage record nobody --kind llm ${at} --json`)).code).toBe(4);
  });
  test('people see one sentence, when there is room again, and bars in the customer’s zone', async () => {
    const { stdout } = await run(`usage check ann --kind llm --quantity 3 ${at}`);
    expect(stdout).toMatch(
      /refused +messages per day: 3 used of 5, 3 asked\navailable again +2026-03-11 00:00\+01:00/,
    );
    const never = (await run(`usage check ann --kind llm --quantity 9 ${at}`)).stdout;
    expect(never, 'B22').toMatch(/3 used of 5, 9 asked: a use of 9 is larger than the\s+whole limit/);
    expect(never).not.toContain('available again');
    expect(stdout).toMatch(/messages +day +.*3 +5 +2 +60 +██████░░░░ +2026-03-11 00:00\+01:00/);
  });
  test('--dry-run records nothing', async () => {
    const before = await sql`select count(*)::int as n from subctl.usage_events`;
    expect((await run(`usage record ann --kind image ${at} --dry-run`)).stdout).toContain(
      'would be recorded: 1 image of ann',
    );
    expect(await sql`select count(*)::int as n from subctl.usage_events`).toEqual(before);
  });
  test('units by name and as JSON come together', async () => {
    await run(`usage record ann --kind tts --characters 250 --units {"voices":2} ${at}`);
    expect(await sql`select units, tokens from subctl.usage_events where kind = 'tts'`).toEqual([
      { units: { characters: '250', voices: 2 }, tokens: '500' },
    ]);
  });
});

describe('usage show', () => {
  test('has the fixed shape, with windows by date though nothing was written', async () => {
    const shown = await json('usage show eve --as-of 2026-03-20T00:00:00Z');
    expect(Object.keys(shown)).toEqual([
      'customer',
      'plan',
      'status',
      'basis',
      'usage_status',
      'period_start',
      'period_end',
      'timezone',
      'limits',
      'credits',
    ]);
    expect(shown).toMatchObject({
      customer: 'eve',
      plan: 'basic',
      status: 'active',
      basis: 'subscription',
      usage_status: 'active',
      credits: { balance: '10', next_reset: '2026-03-31T23:00:00.000Z', days_until_reset: 12 },
    });
    expect(shown.limits.find((l: { meter: string; window: string }) => l.meter === 'images')).toMatchObject({
      limit: null,
      percent: null,
      remaining: null,
    });
  });
  test('warns from 80 % and says when a limit is reached, exactly', async () => {
    await run(`usage record eve --kind llm --quantity 1 --input-tokens 799 ${at}`);
    expect((await json(`usage show eve ${at}`)).usage_status).toBe('active');
    await run(`usage record eve --kind llm --quantity 1 --input-tokens 1 ${at}`);
    expect((await json(`usage show eve ${at}`)).usage_status).toBe('warning');
    await run(`usage record eve --kind llm --quantity 1 --input-tokens 200 ${at}`);
    expect((await json(`usage show eve ${at}`)).usage_status).toBe('limit_reached');
    expect((await json('usage show eve --as-of 2026-05-10')).usage_status).toBe('active');
  });
  test('people see what is limited or used, with --all everything', async () => {
    const few = (await run(`usage show eve ${at}`)).stdout;
    expect(few).toMatch(/tokens +month +1000 +1000 +0 +100 +██████████/);
    expect(few).not.toContain('files');
    expect((await run(`usage show eve ${at} --all`)).stdout).toContain('files');
  });
  test('an unknown customer is exit code 3', async () => {
    expect((await run(`usage show nobody ${at}`)).code).toBe(3);
  });
});

test('usage events lists them in order, by kind and time, streamed as CSV', async () => {
  const events = await json(
    'usage events ann --kind message --from 2026-03-10T11:00:00Z --to 2026-03-10T11:30:00Z',
  );
  expect(events).toMatchObject([{ kind: 'llm', quantity: '2', tokens: '120', cost: '0.01', plan: 'basic' }]);
  const { stdout } = await run('usage events ann --format csv');
  expect(stdout.split('\r\n')[0]).toMatch(/^at,kind,quantity/);
  expect((await run('usage events ann --limit 1 --format ndjson')).stdout.trim().split('\n')).toHaveLength(1);
});

describe('usage import', () => {
  const csv = [
    'customer,kind,at,quantity,input_tokens,key,characters',
    'bob,llm,2026-03-10T10:00:00Z,1,10,a,',
    'bob,llm,2026-03-10T10:00:01Z,1,ten,b,',
    'bob,tts,2026-03-10T10:00:02Z,1,,,250',
    'bob,llm,2026-03-10T10:00:03Z,40,,c,',
    'bob,llm,2025-01-01T00:00:00Z,1,,d,',
    'bob,dance,2026-03-10T10:00:04Z,1,,e,',
    ',llm,2026-03-10T10:00:04Z,1,,f,',
  ].join('\n');
  test('records what it can, names line and reason of the rest, and is exit code 7', async () => {
    const { code, stdout, stderr } = await run(
      `usage import - --rejects ${path.join(folder, 'left.csv')} ${at} --json`,
      csv,
    );
    expect([code, JSON.parse(stdout)]).toEqual([
      7,
      { read: 7, recorded: 2, replayed: 0, unpriced: 2, rejected: 5, dry_run: false },
    ]);
    expect(stderr).toContain('line 3: ');
    expect(stderr).toContain('line 6: too_old');
    expect(stderr).toContain('line 7: invalid: Unknown kind dance');
    expect(readFileSync(path.join(folder, 'left.csv'), 'utf8').trim().split('\r\n')).toHaveLength(6);
  });
  test('given again it records nothing twice', async () => {
    expect(JSON.parse((await run(`usage import - ${at} --json`, csv)).stdout)).toMatchObject({
      recorded: 0,
      replayed: 2,
      rejected: 5,
    });
  });
  test('takes NDJSON, gzipped, and --dry-run undoes it', async () => {
    const lines = Array.from({ length: 450 }, (_, n) =>
      JSON.stringify({
        customer: 'bob',
        kind: 'image',
        quantity: '0.01',
        at: '2026-03-10T09:00:00Z',
        key: `i${n}`,
        metadata: { n },
      }),
    );
    writeFileSync(path.join(folder, 'uses.ndjson.gz'), gzipSync(lines.join('\n')));
    const dry = await run(`usage import uses.ndjson.gz --dry-run ${at} --json`);
    expect(JSON.parse(dry.stdout)).toMatchObject({ read: 450, recorded: 450, dry_run: true });
    const { code, stdout } = await run(`usage import uses.ndjson.gz ${at} --json`);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { read: 450, recorded: 450, replayed: 0, unpriced: 0, rejected: 0, dry_run: false },
    ]);
    expect((await json(`credits show bob ${at}`)).balance).toBe('1');
  });
  test('a file with unknown columns, or none, is refused', async () => {
    expect(await run(`usage import - ${at}`, 'customer,kind,quantitee\n')).toMatchObject({ code: 2 });
    expect(await run(`usage import - ${at}`, '')).toMatchObject({ code: 2 });
    expect(await run(`usage import nowhere.csv ${at}`)).toMatchObject({ code: 3 });
  });
});
