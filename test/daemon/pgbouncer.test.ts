import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { hasPgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { effects, play, said, until } from './fixture.ts';

const { url, sql: direct } = await testDatabase({ empty: true });

if (!hasPgBouncer)
  console.log('PgBouncer is not installed (Debian: apt-get install pgbouncer): its tests are skipped');

describe.skipIf(!hasPgBouncer)('DESIGN §12: behind PgBouncer in transaction mode', () => {
  let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
  let sql: Connection;
  const env = () => ({ DATABASE_URL: bouncer.url });
  const run = async (line: string) => {
    const { code, stdout, stderr } = await subctl(line.split(' '), { env: env() });
    expect(code, `${line}: ${stderr}`).toBe(0);
    return stdout;
  };

  beforeAll(async () => {
    bouncer = await startPgBouncer(url);
    sql = connectTo(parseDatabaseUrl(bouncer.url), 4);
  });
  afterAll(async () => {
    await sql.end({ timeout: 1 });
    await bouncer.stop();
  });

  test('the database is set up, and customers use what they have', async () => {
    await run('setup --catalogue mobix');
    for (const name of ['ann', 'bob', 'cleo']) {
      await run(`customers add ${name} --as-of 2026-01-01`);
      await run(`assign ${name} ${name === 'ann' ? 'premium' : 'free'} --as-of 2026-01-01`);
    }
    const use = 'usage record ann --kind message --at 2026-01-02 --as-of 2026-01-02';
    const first = JSON.parse(await run(`${use} --key k1 --json`)) as object;
    expect(first).toMatchObject({ allowed: true, replayed: false });
    expect(JSON.parse(await run(`${use} --key k1 --json`))).toMatchObject({ allowed: true, replayed: true });
  });

  test('twenty at once record without losing one, on three connections', async () => {
    const record = (n: number) => sql`
      select subctl.record_usage(customer => 'ann', kind => 'message', at => '2026-01-03', as_of => '2026-01-03', key => ${`many-${n}`})`;
    await Promise.all(Array.from({ length: 20 }, (_, n) => record(n)));
    const [row] = await sql`select count(*)::int as n from subctl.usage_events where customer_id = 'ann'`;
    expect(row).toEqual({ n: 21 });
  });

  test('every task runs, and run-due does what is due', async () => {
    for (const task of ['reset-monthly-usage', 'reset-credits', 'check-expired', 'handle-renewals', 'prune'])
      await run(`${task} --as-of 2026-02-02`);
    await run('run-due --as-of 2026-02-03T06:00Z');
    const [row] = await sql`select count(*)::int as n from subctl.job_runs where outcome <> 'done'`;
    expect(row).toEqual({ n: 0 });
  });

  test('two daemons do each instant once, with leases that they renew', async () => {
    const time = { now: '2026-02-04T00:30:00Z' };
    const configuration = {
      database: { url: bouncer.url, home: '/nonexistent' },
      timetable: effectiveTimetable(),
    };
    const daemons = [1, 2].map(() => play({ url: bouncer.url, configuration, time, leaseMs: 1_000 }));
    for (const { lines } of daemons) await until(() => said(lines, /^at work$/));
    for (const hour of ['01', '02', '03', '04']) {
      time.now = `2026-02-04T${hour}:00:00Z`;
      await until(async () =>
        expect(await effects(direct, 'reset-credits')).toContain(`2026-02-04T${hour}:00`),
      );
    }
    await until(async () => expect(await effects(direct, 'prune')).toContain('2026-02-04T04:00'));
    await Promise.all(daemons.map(({ stop }) => stop()));
    const twice = await direct`
      select task, scheduled_for from subctl.job_runs where trigger = 'daemon' and outcome = 'done' group by 1, 2 having count(*) > 1`;
    expect(twice).toEqual([]);
  });

  test('nothing that a run tells the server outlives its transaction, so no other client finds it', async () => {
    const found = await Promise.all(
      Array.from(
        { length: 12 },
        () => sql`
        select current_setting('idle_in_transaction_session_timeout') as idle, current_setting('client_connection_check_interval') as gone,
               (select count(*)::int from pg_prepared_statements) as prepared`,
      ),
    );
    const [here] = await direct`
      select current_setting('idle_in_transaction_session_timeout') as idle, current_setting('client_connection_check_interval') as gone, 0 as prepared`;
    for (const [row] of found) expect(row).toEqual(here);
    expect(bouncer.log()).not.toMatch(/prepared statement|ERROR/);
  });

  test('the books are right', async () => {
    const { stdout } = await subctl(['doctor', '--deep', '--json'], { env: env() });
    const checks = JSON.parse(stdout) as { check: string; found: string[] }[];
    expect(checks.length).toBeGreaterThan(10);
    // the days of this test are long over: the timetable and the renewals are late, and nothing else
    const late = ['timetable', 'renewals'];
    expect(checks.filter(({ check, found }) => !late.includes(check) && found.length > 0)).toEqual([]);
  });
});
