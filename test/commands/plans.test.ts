import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { programOn } from '../support/program.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { subscribe } from '../support/subscribe.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'subctl-plans-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);

describe('plans', async () => {
  const { env, sql } = await testDatabase();
  const { say, json } = programOn(env, folder);
  const changes = async () => (await sql`select count(*)::int as n from subctl.changes`)[0]!.n as number;

  test('P6 plans load --dry-run shows what it would do, and does nothing', async () => {
    const { code, stdout } = await say('plans load mobix --dry-run');
    expect([code, stdout]).toEqual([0, expect.stringContaining('not loaded: --dry-run')]);
    expect(await json('plans list --all')).toEqual([]);
    expect(await changes()).toBe(0);
  });

  test('P6 plans load loads with nothing to warn of, and the second time leaves no trace', async () => {
    const first = await say('plans load mobix');
    expect(first.code).toBe(0);
    expect(first.stderr).not.toContain('warning');
    const trace = await changes();
    const second = await say('plans load mobix');
    expect([second.code, second.stderr]).toEqual([0, expect.stringContaining('Nothing to change')]);
    expect(await changes()).toBe(trace);
  });

  test('P6 plans load --json names each plan with what became of it', async () => {
    expect(await json('plans load mobix')).toMatchObject({
      catalogue: 'mobix',
      changed: false,
      plans: [{ plan: 'free', action: 'unchanged', version: 1 }, {}],
    });
  });

  test('P6 plans load ends with 8 where the database has it otherwise', async () => {
    write('other.yaml', 'plans: {premium: {name: Premium, rank: 5}}');
    const { code, stderr } = await say('plans load other.yaml');
    expect(code).toBe(8);
    expect(stderr).toContain('plan premium: rank: 1 → 5');
    expect(stderr).toContain('--update');
  });

  test('P4 plans list shows prices, subscribers and the default', async () => {
    await subscribe(sql, { customer: 'ann', plan: 'premium' });
    expect(await json('plans list')).toMatchObject([
      { plan: 'free', default: true, subscribers: 0, prices: [{ interval: '30d', amount: '0.00' }] },
      { plan: 'premium', default: false, subscribers: 1, version: 1 },
    ]);
    expect((await say('plans list')).stdout).toContain('29.99 USD / 30d');
  });

  test('P2 plans edit makes a new version and says how many stay', async () => {
    const { code, stdout } = await say('plans edit premium --price 30d=39.00 --limit messages/day=600');
    expect(code).toBe(0);
    expect(stdout).toContain('price 30d USD: 29.99 → 39.00');
    expect(stdout).toContain('1 stays on the earlier version; new subscribers get version 2');
  });

  test('P2 plans edit notes a price in a currency in which the plan has none, and no other', async () => {
    const edit = (price: string) => say(`plans edit premium --price 30d=${price} --dry-run`);
    expect((await edit('35.00EUR')).stderr).toContain(
      'has prices only in USD. For USD use --price 30d=35.00USD',
    );
    expect((await edit('35.00')).stderr).toBe('');
  });

  test('P4 plans show has every version with its limits and subscribers', async () => {
    const shown: { versions: { version: number; subscribers: number; prices: { amount: string }[] }[] } =
      await json('plans show premium');
    expect(
      shown.versions.map(({ version, subscribers, prices }) => [version, subscribers, prices[0]!.amount]),
    ).toEqual([
      [2, 0, '39.00'],
      [1, 1, '29.99'],
    ]);
    expect((await say('plans show premium --version 1')).stdout).toContain('Version 1: 1 subscribers');
    expect((await say('plans show premium --version 7')).code).toBe(3);
    expect((await say('plans show premum')).stderr).toContain('did you mean premium?');
  });

  test('P1 plans create adds a plan, and refuses one that is there', async () => {
    expect(
      (await say('plans create team --price 1mo=49.00 --limit messages/day=500 --feature api')).code,
    ).toBe(0);
    expect((await say('plans create team')).code).toBe(8);
    expect((await say('plans create bad --price 1mo=-5')).code).toBe(2);
    expect((await say('plans create bad --limit messages=5')).stderr).toContain('has no window');
    expect((await say('plans create bad --limit nothing/day=5')).code).toBe(3);
  });

  test('P3 plans deactivate keeps subscribers, plans activate takes it back, the default stays', async () => {
    expect(await json('plans deactivate premium')).toMatchObject({ active: false, subscribers: 1 });
    expect(await json('plans list')).not.toContainEqual(expect.objectContaining({ plan: 'premium' }));
    expect(await json('plans activate premium')).toMatchObject({ active: true, changed: true });
    const refused = await say('plans deactivate free');
    expect([refused.code, refused.stderr]).toEqual([
      4,
      expect.stringContaining('Plan free is the default plan'),
    ]);
  });

  test('P16 there is no command that deletes a plan', async () => {
    expect((await say('plans delete premium')).code).toBe(2);
  });

  test('P6 plans export gives what plans diff finds equal, and 4 when something differs', async () => {
    write('export.yaml', (await say('plans export')).stdout);
    write('export.json', (await say('plans export --json')).stdout);
    for (const file of ['export.yaml', 'export.json']) {
      expect((await say(`plans diff ${file}`)).code).toBe(0);
      expect(await json(`plans load ${file}`)).toMatchObject({ changed: false });
    }
    await say('plans edit team --rank 9');
    const { code, stdout } = await say('plans diff export.yaml');
    expect([code, stdout]).toEqual([4, expect.stringMatching(/plan +team +rank +9 +none/)]);
  });

  test('M3 every change is recorded with its actor, reason and what was asked', async () => {
    await subctl(['plans', 'edit', 'team', '--rank', '4', '--actor', 'olga', '--reason', 'new ladder'], {
      env,
      cwd: folder,
    });
    const [row] =
      await sql`select actor, reason, action, asked->>'plan' as plan from subctl.changes order by id desc limit 1`;
    expect(row).toEqual({ actor: 'olga', reason: 'new ladder', action: 'plans edit', plan: 'team' });
  });
});
