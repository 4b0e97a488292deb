import { beforeAll, describe, expect, it } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { sql, env } = await testDatabase({ empty: true });
const run = (line: string) => subctl(line.split(' '), { env });

beforeAll(async () => {
  for (const line of [
    'setup --yes',
    'plans create free --price 1mo=0 --rank 0 --credits 10 --rollover-max 5 --limit messages/day=20 --default',
    'plans create daily --price 1d=0 --rank 1 --credits 3 --rollover-max 1',
    'customers add ann',
    'assign ann free --as-of 2026-10-01',
  ])
    expect(await run(line), line).toMatchObject({ code: 0 });
});

const writing = [
  'customers add bob',
  'assign ann daily',
  'subscriptions cancel ann --yes',
  'subscriptions extend ann --days 3',
  'credits add ann 5 --reason x',
  'credits reset ann --reason x --yes',
  'usage record ann --kind message',
  'usage reserve ann --kind message',
  'invoices preview ann',
];
const tasks = [
  ...['reset-credits', 'reset-monthly-usage', 'handle-renewals', 'check-expired', 'send-alerts', 'prune'],
  'reset-credits --dry-run',
];

describe('H8 H16 R9: nothing is written as of an instant that is a typing error', () => {
  it.each([...writing, ...tasks])(
    'H8: %s at 9999-12-31 is refused, exit 2, and names the year',
    async (line) => {
      const { code, stderr } = await run(`${line} --as-of 9999-12-31`);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(
          /Cannot write as of 9999-.*: the year 9999 is more than 10 years after the clock/,
        ) as string,
      });
    },
  );

  it.each(tasks.flatMap((task) => [`${task} --as-of 0001-01-01`, `${task} --as-of 1969-12-31`]))(
    'H16: %s ends with the true reason, exit 2',
    async (line) => {
      const { code, stderr } = await run(line);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/Cannot write as of .*: the year (1|1969) is before 1970/) as string,
      });
    },
  );

  it.each([
    'customers show ann',
    'credits show ann',
    'usage show ann',
    'usage-report trends',
    'usage trend ann',
    'jobs upcoming',
    'subscriptions list',
  ])('R9: %s reads any date', async (line) => {
    for (const at of ['0001-01-01', '1969-12-31', '9999-12-31'])
      expect(await run(`${line} --as-of ${at}`), at).toMatchObject({ code: 0 });
  });

  it('H8: the bound is a setting', async () => {
    const in12Years = `${new Date().getUTCFullYear() + 12}-01-01`;
    expect(await run(`customers add eve --as-of ${in12Years}`)).toMatchObject({ code: 2 });
    expect(await run('config set write_years_ahead 20')).toMatchObject({ code: 0 });
    expect(await run(`customers add eve --as-of ${in12Years}`)).toMatchObject({ code: 0 });
    expect(await run('config unset write_years_ahead')).toMatchObject({ code: 0 });
  });

  it('H8 R24: eight thousand years on, a read has the credits of the cycle that runs and what rolled over into it', async () => {
    const [row] =
      await sql`select trim_scale(subctl_internal.credit_balance('ann', '9999-06-15'))::text as balance`;
    expect(row).toEqual({ balance: '15' });
  });
});
