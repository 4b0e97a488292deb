import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';

const { sql, env } = await testDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'subctl-kinds-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { say, json } = programOn(env, folder);
const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
const costs = async () =>
  Object.fromEntries(
    (await sql`select id, cost from subctl.kinds where canonical in ('backup', 'file', 'llm')`).map(
      ({ id, cost }) => [id, cost],
    ),
  );
const plans = 'plans: {basic: {rank: 1, prices: {1mo: 5}}}';

it('R26: a catalogue says that a kind costs nothing, and its export says it again', async () => {
  write('kinds.yaml', `kinds: {backup: {aliases: [backups], cost: none}}\n${plans}`);
  expect((await say('plans load kinds.yaml')).code).toBe(0);
  expect(await costs()).toMatchObject({
    backup: 'none',
    backups: 'none',
    file: 'none',
    upload: 'none',
    llm: 'priced',
  });
  const { stdout } = await say('plans export');
  write('out.yaml', stdout);
  const { changed } = (await json('plans load out.yaml')) as { changed: boolean };
  expect(changed).toBe(false);
  expect(stdout).toMatch(/backup: ?\{?\s*aliases: \[backups\],?\s*cost: none/);
});

it('R26: another cost is a difference: a conflict, and with --update it holds from then on', async () => {
  write('priced.yaml', `kinds: {backup: {cost: priced}, file: {cost: priced}}\n${plans}`);
  const refused = await say('plans load priced.yaml');
  expect([refused.code, refused.stderr]).toEqual([
    8,
    expect.stringContaining('kind backup: cost: none → priced'),
  ]);
  expect((await say('plans load priced.yaml --update')).code).toBe(0);
  expect(await costs()).toMatchObject({ backup: 'priced', backups: 'priced', file: 'priced' });
  expect((await say('plans export')).stdout).toMatch(/file: ?\{?\s*cost: priced/);
  write('plain.yaml', `kinds: {backup: [backups]}\n${plans}`);
  expect(await json('plans load plain.yaml')).toMatchObject({ changed: false });
});

it('R26: credit-costs set says it by command, and the rules follow', async () => {
  expect(await json('credit-costs set backup none --cost none')).toMatchObject({
    ...{ kind: 'backup', amount: null, cost: 'none', changed: true },
  });
  expect(await json('credit-costs set backups none --cost none')).toMatchObject({ changed: false });
  const [row] =
    await sql`select bool_and(cost_none) as none from subctl.plan_rules where canonical = 'backup'`;
  expect(row).toEqual({ none: true });
  expect(await sql`select * from subctl.integrity_plan_rules`).toEqual([]);
  expect((await say('credit-costs set backup none --cost free')).code).toBe(2);
});

it('R26: what a kind costs is priced or none, and nothing else', async () => {
  write('bad.yaml', `kinds: {backup: {cost: free}}\n${plans}`);
  expect(await say('plans load bad.yaml')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('kinds.backup.cost') as string,
  });
});

it('H19: 25 searches at 0.03 credits cost 0.75, by plans load and by credit-costs set', async () => {
  write(
    'credits.yaml',
    'credit_costs: {search: 0.03}\nplans: {searcher: {rank: 1, prices: {1mo: 5}, credits: {period: 10}}}',
  );
  expect((await say('plans load credits.yaml')).code).toBe(0);
  await say('customers add h19 --as-of 2026-12-01T00:00Z');
  await say('assign h19 searcher --every 1mo --collection complimentary --as-of 2026-12-01T00:00Z');
  const used = async (day: number) =>
    (
      (await json(`usage record h19 --kind search --quantity 25 --as-of 2026-12-0${day}T00:00Z`)) as {
        credits: object;
      }
    ).credits;
  expect(await used(2)).toEqual({ used: '0.75', balance: '9.25' });
  expect((await say('credit-costs set search 0.000000000000000001')).code).toBe(0);
  expect(await used(3)).toEqual({ used: '0.000000000000000025', balance: '9.249999999999999975' });
  expect(await json('credit-costs set search 0.03')).toMatchObject({
    amount: '0.03',
    before: '0.000000000000000001',
  });
  expect(await used(4)).toEqual({ used: '0.75', balance: '8.499999999999999975' });
  for (const amount of ['0', '1000.5', '0.0000000000000000001'])
    expect((await say(`credit-costs set search ${amount}`)).code).toBe(2);
});
