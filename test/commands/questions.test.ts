import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { key, playKeys } from '../support/keys.ts';

const { enter, down, interrupt, end } = key;
const at = '2026-03-10T09:00:00.000Z';

describe('assign', async () => {
  const { sql, env } = await testDatabase();
  const quiet = (line: string) => subctl(line.split(' '), { env });
  const subscriptions = () => sql`select customer_id, plan_id, every from subctl.subscriptions order by 1`;
  const changes = async () => (await sql`select count(*)::int as n from subctl.changes`)[0]!.n as number;

  test('asks for customer, plan and interval, shows what will be, asks, does it, and prints the line', async () => {
    await quiet('plans create pro --price 1mo=49 --price 1y=490');
    await subctl(['customers', 'add', "o'brien 7"], { env });
    await quiet('customers add ann');
    const { code, stdout, stderr } = await playKeys(
      ['assign', '--json', '--as-of', at],
      { env },
      ['Which customer', 'brien'],
      ["❯ o'brien 7", enter], // the list of what was typed, not the one before
      ['Which plan?', enter],
      ['490.00 USD / 1y', down],
      ['490.00 USD / 1y', enter],
      ['Apply this change?', enter],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      customer: "o'brien 7",
      plan: 'pro',
      every: '1y',
      price: '490.00',
    });
    expect(stderr).toContain('(dry run: nothing was changed)');
    expect(stderr).toContain(
      `The same without prompts: subctl assign 'o'\\''brien 7' pro --every 1y --as-of ${at} --json\n`,
    );
    expect(await subscriptions()).toEqual([{ customer_id: "o'brien 7", plan_id: 'pro', every: '1y' }]);
  });

  test('asks only for what is missing', async () => {
    const { code, stderr } = await playKeys(['assign', 'ann', '--every', '1mo', '--dry-run'], { env }, [
      'Which plan?',
      enter,
    ]);
    expect(code).toBe(0);
    expect(stderr).not.toContain('Which customer');
    expect(stderr).not.toContain('Apply this change?');
    expect(stderr).toContain('The same without prompts: subctl assign ann pro --every 1mo --dry-run\n');
    expect(await subscriptions()).toHaveLength(1);
  });

  test.each([
    ['control and C', interrupt, 'Cancelled: nothing was changed'],
    ['control and D', end, 'Cancelled: nothing was changed'],
    ['no', `n${enter}`, 'Not confirmed: nothing was changed'],
  ])('%s at the last question is 130, and nothing is written', async (_, keys, sentence) => {
    const before = await changes();
    const { code, stdout, stderr } = await playKeys(
      ['assign', 'ann', '--every', '1mo'],
      { env },
      ['Which plan?', enter],
      ['Apply this change?', keys],
    );
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toContain(sentence);
    expect([await changes(), await subscriptions()]).toEqual([before, [expect.anything()]]);
  });

  test('SIGTERM during a question is 143', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const terminate = () => controller.abort(new Failure('terminated', 'Terminated'));
    const { code } = await playKeys(['assign', 'ann'], { env, signal }, ['Which plan?', terminate]);
    expect(code).toBe(143);
  });

  test('a customer who is not there is refused before the plan is asked for', async () => {
    const { code, stderr } = await playKeys(['assign', 'nobody'], { env });
    expect([code, stderr]).toEqual([3, expect.not.stringContaining('Which plan?')]);
  });

  test.each([
    ['assign', 'customer', 'subctl assign CUSTOMER PLAN'],
    ['assign ann', 'plan', 'subctl assign ann PLAN'],
    ['plans create', 'plan', 'subctl plans create PLAN --price 1mo=9.00'],
  ])('%s without a terminal, in CI or with --yes names what is missing', async (line, missing, way) => {
    const refusal = `error: Missing required argument '${missing}'\nhint: Run: ${way}\n`;
    expect(await quiet(line)).toEqual({ code: 2, stdout: '', stderr: refusal });
    for (const [words, more] of [
      [`${line} --yes`, {}],
      [line, { CI: '1' }],
    ] as const) {
      const { code, stderr } = await playKeys(words.split(' '), { env: { ...env, ...more, NO_COLOR: '1' } });
      expect([code, stderr]).toEqual([2, refusal]);
    }
  });
});

describe('plans create', async () => {
  const { env } = await testDatabase();

  test('asks for id, name, prices, limits and credits; an answer that will not do is refused as an option is', async () => {
    const { code, stdout, stderr } = await playKeys(
      ['plans', 'create', '--rank', '2', '--json'],
      { env },
      ['Plan id', `Te am${enter}`],
      ['is not a valid plan id', '\u0015'],
      ['Plan id', `team${enter}`],
      ['Display name', `Ann's Team${enter}`],
      ['Price per month', `-5${enter}`],
      ['is negative', '\u0015'],
      ['Price per month', `49${enter}`],
      ['Price per year', enter],
      ['free_model_tokens', 'messages'],
      ['free_model_messages', enter],
      ['Window of the messages limit', 'rolling_3h'],
      ['rolling_3h', enter],
      ['Limit of messages', `20${enter}`],
      ['no more limits', enter],
      ['Credits per period', `100${enter}`],
      ['Apply this change?', enter],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ plan: 'team', action: 'created', dry_run: false });
    expect(stderr).toMatch(/Would create +plan team, version 1/);
    const line = `subctl plans create team --name 'Ann'\\''s Team' --rank 2 --price 1mo=49 --limit messages/rolling_3h=20 --credits 100 --json`;
    expect(stderr).toContain(`The same without prompts: ${line}\n`);
  });

  test('with the id nothing is missing, and nothing is asked', async () => {
    const { code, stderr } = await playKeys(['plans', 'create', 'bare', '--json'], { env });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('setup', async () => {
  const { sql, env } = await testDatabase({ empty: true });

  test('asks for catalogue, default plan and time zone of an empty database, and the second time for nothing', async () => {
    const { code, stdout, stderr } = await playKeys(
      ['setup', '--json'],
      { env },
      ['my own plans', enter],
      ['Plan of customers without', down],
      ['premium', enter],
      ['Default time zone', 'europe/ber'],
      ['Europe/Berlin', enter],
      ['Apply this change?', enter],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ catalogue: 'mobix', default_plan: 'premium', dry_run: false });
    expect(stderr).toContain('Dry run: nothing was changed');
    const options = '--catalogue mobix --default-plan premium --timezone Europe/Berlin --json';
    expect(stderr).toContain(`The same without prompts: subctl setup ${options}\n`);
    expect(await sql`select subctl_internal.setting('timezone') as zone`).toEqual([
      { zone: 'Europe/Berlin' },
    ]);
    const again = await playKeys(['setup'], { env });
    expect([again.code, again.stderr]).toEqual([0, 'Nothing to do: everything is up to date\n']);
  });
});
