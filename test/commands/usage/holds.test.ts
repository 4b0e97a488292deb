import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { removeFolder, temporaryFolder } from '../../support/test-server.ts';

const { sql, env } = await testDatabase();
const folder = temporaryFolder('subctl-holds-');
afterAll(() => removeFolder(folder));

const run = (line: string, stdin = '') => subctl(line.split(' '), { env, cwd: folder, stdin });
async function json(line: string): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await run(`${line} --json`);
  expect(stderr).not.toContain('bug');
  return JSON.parse(stdout) as Record<string, unknown>;
}
const at = (minute: string) => `--as-of 2026-02-14T10:${minute}:00Z`;
const balance = async (when: string) => (await json(`credits show ann --as-of ${when}`))['balance'];

beforeAll(async () => {
  writeFileSync(
    path.join(folder, 'catalogue.yaml'),
    'currency: USD\ncredit_costs: {lora_training: "40", image: "1"}\nplans:\n  pro: {name: Pro, prices: {month: "0"}, credits: {period: 100}, limits: {images: {day: 10}}}\n',
  );
  for (const line of [
    'plans load catalogue.yaml --as-of 2026-01-01',
    'customers add ann --timezone Europe/Berlin --as-of 2026-01-15',
    'assign ann pro --as-of 2026-01-15',
  ])
    expect(await run(line)).toMatchObject({ code: 0 });
});

test('C8 G16: reserve 40 of 100 leaves 60; a failed call gives it back, a settled one has used it', async () => {
  const first = await json(`usage reserve ann --kind lora_training ${at('00')}`);
  expect(first).toMatchObject({
    allowed: true,
    credits: { held: '40', balance: '100', available: '60' },
    expires_at: '2026-02-14T10:15:00.000Z',
  });
  expect((await run(`usage check ann --kind lora_training --quantity 2 ${at('01')}`)).code).toBe(4);
  expect(await json(`usage release ann ${first['reservation']} ${at('02')}`)).toMatchObject({
    status: 'released',
    replayed: false,
  });
  expect((await run(`usage check ann --kind lora_training --quantity 2 ${at('03')}`)).code).toBe(0);

  const second = await json(`usage reserve ann --kind lora_training --hold 30m --key call-1 ${at('04')}`);
  const settled = await json(`usage settle ann ${second['reservation']} ${at('20')}`);
  expect(settled).toMatchObject({ allowed: true, credits: { used: '40', balance: '60' } });
  expect(await json(`usage settle ann ${second['reservation']} ${at('21')}`)).toMatchObject({
    event_id: settled['event_id'],
    replayed: true,
  });
  expect((await run(`usage settle ann ${second['reservation']} --quantity 2 ${at('22')}`)).code).toBe(8);
  expect((await run(`usage release ann ${second['reservation']} ${at('22')}`)).code).toBe(8);

  const both = await Promise.all(
    [1, 2].map((n) => run(`usage reserve ann --kind lora_training --key twin-${n} ${at('30')}`)),
  );
  expect(both.map(({ code }) => code).sort()).toEqual([0, 4]);
});

test('defect 36 G17: what was reserved on the 14th and released after the reset on the 15th tops nothing up', async () => {
  const held = await json('usage reserve ann --kind lora_training --hold 2d --as-of 2026-02-14T20:00:00Z');
  expect(held).toMatchObject({ allowed: true });
  expect(await run('reset-credits --as-of 2026-02-15T01:00:00Z')).toMatchObject({ code: 0 });
  expect(await balance('2026-02-15T02:00:00Z')).toBe('100');
  expect(await run(`usage release ann ${held['reservation']} --as-of 2026-02-15T02:00:00Z`)).toMatchObject({
    code: 0,
  });
  expect(await balance('2026-02-15T02:00:01Z')).toBe('100');
});

test('usage reverse gives back to the very grants, once, and needs a reason', async () => {
  const { event_id } = await json('usage record ann --kind image --quantity 4 --as-of 2026-02-16T10:00:00Z');
  const line = `usage reverse ann ${event_id as string} --as-of 2026-02-16T11:00:00Z`;
  expect((await run(line)).code).toBe(2);
  expect(await json(`${line} --reason broken --dry-run`)).toMatchObject({ replayed: false });
  expect(await balance('2026-02-16T11:00:00Z')).toBe('96');
  const { stdout } = await run(`${line} --reason broken`);
  expect(stdout).toMatch(/reversed +4 image of ann\nused at +2026-02-16 11:00\+01:00\ncredits +4 restored/);
  expect(stdout).toMatch(/images +day +2026-02-16 00:00\+01:00 +-4 +no/);
  expect(await json(`${line} --reason broken`)).toMatchObject({
    replayed: true,
    credits: { given_back: '4' },
  });
  expect(await balance('2026-02-16T11:00:01Z')).toBe('100');
  expect((await run('usage reverse ann nonsense --reason broken')).code).toBe(2);
});

describe('reservations', () => {
  test('list says what holds now, or ever did; release lets go, with who did it; prune sweeps what ran out', async () => {
    const held = await json('usage reserve ann --kind image --quantity 3 --as-of 2026-02-17T10:00:00Z');
    const id = held['reservation'] as string;
    const now = await json('reservations list ann --as-of 2026-02-17T10:05:00Z');
    expect(now).toMatchObject([
      {
        reservation: id,
        status: 'held',
        quantity: '3',
        meters: { images: '3' },
        credits: '3',
        customer: 'ann',
      },
    ]);
    const ended = await json('reservations list --all --as-of 2026-02-17T10:15:00Z');
    expect(
      (ended as unknown as { reservation: string; status: string }[]).find(
        ({ reservation }) => reservation === id,
      )?.status,
    ).toBe('expired');
    expect(await run('prune --as-of 2026-02-17T11:00:00Z')).toMatchObject({ code: 0 });
    expect(await sql`select status from subctl.reservations where id = ${id}`).toEqual([
      { status: 'expired' },
    ]);
    const other = (await json('usage reserve ann --kind image --as-of 2026-02-17T12:00:00Z'))[
      'reservation'
    ] as string;
    expect(
      await run(`reservations release ann ${other} --reason stuck --actor carl --as-of 2026-02-17T12:01:00Z`),
    ).toMatchObject({ code: 0 });
    expect(await json('audit list --customer ann --by carl')).toMatchObject([
      { action: 'reservations release' },
    ]);
    expect((await run('reservations list nobody')).code).toBe(3);
  });
});

describe('W11: usage preflight', () => {
  test.each([
    ['a JSON array', '[{"kind": "image", "quantity": 3}, {"kind": "image", "quantity": 4}]'],
    ['NDJSON', '{"kind": "image", "quantity": "3"}\n{"kind": "image", "quantity": 4}\n'],
    ['CSV', 'kind,quantity\nimage,3\nimage,4\n'],
  ])('reads %s, from standard input, and asks for all of it at once', async (_, list) => {
    const { code, stdout } = await run('usage preflight ann - --as-of 2026-02-18T10:00:00Z', list);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/allowed +all 2 fit\ntotal +7 images\ncredits +7/),
    ]);
  });
  test('no is exit code 4 with the use that does not fit; --reserve holds all of it', async () => {
    writeFileSync(path.join(folder, 'uses.csv.gz'), gzipSync('kind,quantity\nimage,6\nimage,5\nimage,1\n'));
    const no = await run('usage preflight ann uses.csv.gz --reserve --as-of 2026-02-18T10:00:00Z');
    expect([no.code, no.stdout]).toEqual([
      4,
      expect.stringContaining('event 2 of 3 does not fit, nothing is reserved'),
    ]);
    const list = '[{"kind": "image", "quantity": 6}, {"kind": "image", "quantity": 4}]';
    writeFileSync(path.join(folder, 'uses.json'), list);
    expect(
      await json('usage preflight ann uses.json --reserve --hold 1h --as-of 2026-02-18T10:00:00Z'),
    ).toMatchObject({
      ...{ allowed: true, expires_at: '2026-02-18T11:00:00.000Z' },
      reservations: [expect.any(String), expect.any(String)],
    });
    expect((await run('usage check ann --kind image --as-of 2026-02-18T10:30:00Z')).code).toBe(4);
  });
  test.each([
    ['', 'The file is empty'],
    ['[', 'not a JSON array'],
    ['[{"kind": "image", "at": "2026-01-01"}]', 'Use 1 of the list: A planned use cannot have at'],
    ['[{"quantity": 3}]', 'The kind is missing'],
    ['[7]', 'it is not a JSON object'],
    ['kind,quantity\nimage,-1\n', "Use 2 of the list: The quantity '-1' is negative"],
  ])('%j is refused: %s', async (list, message) => {
    const { code, stderr } = await run('usage preflight ann -', list);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

test('people see what a hold means for the credits, and nothing of credits where the use costs none', async () => {
  const at = '--as-of 2026-02-20T10:00:00Z';
  expect((await run(`usage reserve ann --kind lora_training ${at} --dry-run`)).stdout).toMatch(
    /^credits +40 reserved, \d+ of \d+ available$/m,
  );
  const [free] = await sql`
    select subctl.reserve_usage(customer => 'ann', kind => k.id, as_of => '2026-02-20T10:00:00Z') -> 'credits' as credits
      from subctl.kinds k where k.id = k.canonical and not exists (select from subctl.credit_costs c where c.kind = k.id) limit 1`;
  expect(free).toEqual({ credits: null });
});
