import { describe, expect, it } from 'vitest';
import { databaseSettings, keptByTheProgram, shownSetting } from '../../src/config/database-settings.ts';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';
import { filesIn, textOf } from '../house/sources.ts';

const { sql, env } = await testDatabase();
const { say, json } = programOn(env);

interface Listed {
  key: string;
  value: string;
  default: string;
  source: string;
}
const listed = async (key: string) => (await json<Listed[]>('config list')).find((row) => row.key === key)!;
const stored = async (key: string) =>
  (await sql<{ value: unknown }[]>`select value from subctl.settings where key = ${key}`)[0]?.value;

it('B17: no database has a row that nothing reads, as renewal_slack_hours was', async () => {
  const known = [...databaseSettings.map(({ key }) => key), ...keptByTheProgram];
  const rows = await sql<{ key: string }[]>`select key from subctl.settings`;
  expect(rows.map(({ key }) => key).filter((key) => !known.includes(key))).toEqual([]);
});

describe('config set', () => {
  it.each([
    ['charges_per_run', '6', 6],
    ['dunning_days', '1,4,8', [1, 4, 8]],
    ['dunning_days', 'none', []],
    ['auto_create', 'yes', true],
    ['trial_ending_notice_days', '14', 14],
    ['timezone', 'asia/tehran', 'Asia/Tehran'],
  ])('sets %s to %s, where the SQL functions read it; unset takes it back', async (key, given, value) => {
    const before = await listed(key);
    expect(await json(`config set ${key} ${given}`)).toMatchObject({
      key,
      value: shownSetting(value),
      before: before.value,
      changed: true,
    });
    expect(await stored(key)).toEqual(value);
    expect(await listed(key)).toMatchObject({ value: shownSetting(value), source: 'database' });
    expect((await say('doctor --deep')).stdout).not.toMatch(/a value like/);
    expect(await json(`config unset ${key}`)).toMatchObject({ changed: true, value: before.default });
    expect({ ...(await listed(key)), changed_at: null }).toEqual({ ...before, changed_at: null });
  });

  it('what it is already changes nothing and leaves no change', async () => {
    const [{ n }] = await sql<[{ n: number }]>`select count(*)::int as n from subctl.changes`;
    expect(await json('config set charges_per_day 15')).toMatchObject({ changed: false });
    expect(await sql`select from subctl.changes`).toHaveLength(n);
  });

  it.each([
    ['charges_per_run many', 2, "The charges_per_run 'many' is not a whole number from 1 to 9999"],
    ['charges_at_once 0', 2, 'from 1 to 100'],
    ['dunning_days 3,1', 2, "The dunning_days '3,1' do not rise"],
    ['dunning_days 1,x', 2, "The dunning_days '1,x' are not all whole numbers from 1 to 60"],
    ['dunning_days 0,61', 2, 'each later than the one before: 1,3,5,7, or none'],
    ['auto_create maybe', 2, "The auto_create 'maybe' is neither true nor false"],
    ['timezone CET', 2, "The timezone 'CET' is not"],
    ['cost_currency euros', 2, 'Give a code of ISO 4217'],
    ['charge_per_run 3', 3, 'did you mean charges_per_run?'],
    ['events_from 2026', 4, 'events_from is kept by the program'],
    ['charges_per_run 16', 4, 'A run may charge a subscription 16 times then, and a whole day 15 times'],
    ['charges_per_day 11', 4, 'Set charges_per_run to at most 11 first'],
    ['events_months 1', 4, 'Uses may be 35 days late, and events are kept for 1 month only'],
  ])('%s ends with %i and changes nothing', async (line, code, why) => {
    const before = await sql`select * from subctl.settings order by key`;
    const answer = await say(`config set ${line}`);
    expect([answer.code, answer.stdout]).toEqual([code, '']);
    expect(answer.stderr).toContain(why);
    expect(await sql`select * from subctl.settings order by key`).toEqual(before);
  });

  it('R15: uses may become later by what their keys are kept longer, and by more as time passes', async () => {
    const late = async (days: number, at: string) =>
      (await say(`config set lateness_days ${days} --as-of ${at}`)).code;
    expect(await late(46, '2026-03-01')).toBe(4);
    expect(await late(45, '2026-03-01')).toBe(0);
    expect(await late(46, '2026-03-01')).toBe(4);
    expect(await late(50, '2026-03-05')).toBe(4); // keys of 49 days at most
    expect(await late(49, '2026-03-05')).toBe(0);
    expect(await late(20, '2026-03-06')).toBe(0);
    expect(await late(35, '2026-03-06')).toBe(4); // those of 30 days were the oldest to be kept from then on
    expect(await late(30, '2026-03-06')).toBe(0);
  });

  it('the zone is fixed with the first customer, the currency with the first price', async () => {
    await sql`select subctl_internal.create_customer('ann', '2026-01-01')`;
    await sql`insert into subctl.prices (provider, model, component, effective_from, unit, amount, source, recorded_at)
              values ('p', 'm', 'input_tokens', '2026-01-01', 'token', 1, 't', '2026-01-01')`;
    expect(await say('config set timezone Europe/Berlin')).toMatchObject({ code: 4 });
    expect(await say('config set cost_currency EUR')).toMatchObject({ code: 4 });
  });
});

it('config show --all has the settings of the database too, with their default', async () => {
  const rows = await json<Listed[]>('config show --all');
  for (const { key } of databaseSettings) expect(rows.filter((row) => row.key === key)).toHaveLength(1);
  expect(rows.find(({ key }) => key === 'charges_at_once')).toMatchObject({
    value: '8',
    default: '8',
    source: 'default',
  });
});

describe('the registry of settings', () => {
  const readers = [...filesIn('drizzle/engine', '.sql'), ...filesIn('src', '.ts')].map(textOf).join('\n');
  // retention rules name the setting of their days
  const days = [...readers.matchAll(/before\(\w+, asOf, '([a-z_]+)', (\d+)\)/g)];
  const read = [...readers.matchAll(/subctl_internal\.setting\('([a-z_.]+)'\)/g), ...days].map(
    ([, key]) => key!,
  );

  it('has every setting that anything reads', () => {
    const known = [...databaseSettings.map(({ key }) => key), ...keptByTheProgram];
    expect(read.filter((key) => !known.includes(key))).toEqual([]);
    const unread = databaseSettings.filter(({ key }) => !read.includes(key) && !key.endsWith('_notice_days'));
    expect(unread.map(({ key }) => key)).toEqual([]);
  });

  it('has the defaults that its readers have', () => {
    const defaults = [
      ...readers.matchAll(
        /coalesce\(subctl_internal\.setting\('([a-z_.]+)'\)(?:::(?:int|jsonb))?, '?([^')]*)'?\)/g,
      ),
    ];
    expect(defaults.length).toBeGreaterThan(10);
    for (const [, key, preset] of [...defaults, ...days]) {
      const setting = databaseSettings.find((each) => each.key === key);
      if (setting) expect(preset!.replaceAll(/[[\] ]/g, ''), key).toBe(shownSetting(setting.default));
    }
  });

  it('has the values that are there from the first setup on', async () => {
    const rows = await sql<
      { key: string; value: unknown }[]
    >`select key, value from subctl.settings where updated_at is null and key not in ('schema', 'events_from')`;
    const seeded = new Map(rows.map(({ key, value }) => [key, value]));
    for (const { key, always, default: preset } of databaseSettings)
      if (always && key !== 'lateness_days') expect(seeded.get(key) ?? preset, key).toEqual(preset);
  });

  it.each(databaseSettings.map((setting) => [setting.key, setting] as const))(
    '%s: its default is one of its values, and looks as it must',
    (_, setting) => {
      expect(setting.read(shownSetting(setting.default)!)).toEqual(setting.default);
      const text = Array.isArray(setting.default) ? JSON.stringify(setting.default) : String(setting.default);
      expect(text).toMatch(new RegExp(setting.form));
      expect(setting.about).not.toMatch(/\.$/);
    },
  );
});
