import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/config/package-root.ts';
import { readCarried } from '../../src/database/carried.ts';
import { waitBriefly, withBriefLocks } from '../../src/database/brief-locks.ts';
import type { Connection } from '../../src/database/connect.ts';
import { migrate, migrateIn } from '../../src/database/migrate.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { inTransaction, repeatedly } from '../../src/database/transaction.ts';
import { examineWhole } from '../../src/backup/check-restored.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';
import { temporaryFolder } from '../support/test-server.ts';

const drizzle = path.join(packageRoot(), 'drizzle');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A copy of drizzle/ that can be changed. */
function copyOfProgram(): string {
  const folder = temporaryFolder('subctl-upgrade-');
  folders.push(folder);
  cpSync(drizzle, folder, { recursive: true });
  return folder;
}

/** The program as it was with its migrations up to one, before it had functions. */
function programUpTo(first: number): string {
  const folder = copyOfProgram();
  for (const name of readdirSync(folder))
    if (name.endsWith('.sql') && Number(name.slice(0, 4)) > first) rmSync(path.join(folder, name));
  for (const name of readdirSync(path.join(folder, 'functions')))
    rmSync(path.join(folder, 'functions', name));
  return folder;
}

/** Rows as people of that time had them: customers with subscriptions, uses, credits and invoices, in the columns that there were. */
const data = [
  `insert into subctl.plans (id, name, current_version, created_at) values ('old', 'Old', 1, '2026-01-01')`,
  `insert into subctl.plan_versions (plan_id, version, created_at) values ('old', 1, '2026-01-01')`,
  `insert into subctl.customers (id, created_at) select 'c' || n, '2026-01-01' from generate_series(1, 50) n`,
  `insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at)
   select 'c' || n, gen_random_uuid(), 'bonus', 'g', 10, 10, 1, '2026-01-02' from generate_series(1, 50) n`,
  `insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after)
   select g.customer_id, 1, g.id, '2026-01-02', 'grant', 10, 10 from subctl.credit_grants g`,
  `create table if not exists subctl.usage_events_2026_01 partition of subctl.usage_events for values from ('2026-01-01') to ('2026-02-01')`,
  `insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier)
   select 'c' || n, '2026-01-03', gen_random_uuid(), '2026-01-03', 'image', 1, 'paid' from generate_series(1, 50) n`,
  `insert into subctl.invoices (customer_id, id, number, source_key, status, currency, total, issued_at)
   select 'c' || n, gen_random_uuid(), 'N' || n, 's', 'open', 'EUR', 12, '2026-01-03' from generate_series(1, 50) n`,
];

const last = readCarried(drizzle).migrations.length - 1;

describe('a database of an earlier schema', () => {
  test.each([0, 19, last])(
    'of migration %i comes to the present one with all of its rows, and its books are as they were',
    async (first) => {
      const { sql, env } = await testDatabase({ empty: true });
      await migrate(sql, { folder: programUpTo(first), program: '0.0.1' });
      for (const statement of data) await withoutOwnSession(sql).unsafe(statement);
      const before = await counts(sql);
      const done = await subctl(['setup'], { env });
      expect(done.code, done.stderr).toBe(0);
      expect(await counts(sql)).toEqual(before);
      expect(
        (await sql`select count(*)::int as n from subctl.migrations where name not like 'functions/%'`)[0]![
          'n'
        ],
      ).toBe(last + 1);
      const [use] = await sql`select subctl.record_usage_json('c1', 'image') as a`;
      expect(use!['a']).toMatchObject({ allowed: false, reason: 'no_subscription' });
      expect((await subctl(['setup', '--json'], { env })).stdout).toContain('"changed": false');
    },
  );
});

const tables = ['customers', 'credit_grants', 'credit_entries', 'usage_events', 'invoices', 'plans'];

async function counts(sql: Connection): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const table of tables)
    rows[table] = (await sql.unsafe<[{ n: number }]>(`select count(*)::int as n from subctl.${table}`))[0].n;
  return rows;
}

/** A next version: columns in the tables that every use writes, an index, and another text of the function that all of them call. */
function nextProgram(): string {
  const folder = copyOfProgram();
  const statements = [
    'alter table subctl.usage_events add column next_thing integer',
    "alter table subctl.usage_totals add column next_thing integer not null default 7, add column next_words text default 'new'",
    'create index usage_keys_next on subctl.usage_keys (customer_id, event_at)',
    'update subctl.customers set kind = kind',
    'alter table subctl.customers add column next_thing integer',
  ];
  writeFileSync(path.join(folder, '9000_next.sql'), statements.join(';\n--> statement-breakpoint\n'));
  const file = path.join(folder, 'functions', 'record_plain_use.sql');
  writeFileSync(file, readFileSync(file, 'utf8').replace('begin\n', 'begin\n  -- of the next version\n'));
  return folder;
}

describe('a database at work', async () => {
  const { sql } = await testDatabase({ max: 12 });
  await loadLadder(sql);
  await sql`update subctl.plan_limits set limit_value = 1000000`;
  await sql`select subctl.compile_all()`;
  const ids = Array.from({ length: 8 }, (_, n) => `c${n}`);
  for (const id of ids) await addOne(sql, { id });
  const upgrade = (folder: string, patienceMs?: number) =>
    withBriefLocks(
      sql,
      () =>
        inTransaction(sql, async (tx) => {
          await waitBriefly(tx);
          return migrateIn(tx, { folder, program: '9.0.0' });
        }),
      patienceMs === undefined ? {} : { patienceMs },
    );

  /** Records without a pause until it is told to stop; each key once, sent again where PostgreSQL ended the transaction for another's sake. */
  function recorder(id: string, name: string) {
    let going = true;
    let recorded = 0;
    const db = withoutOwnSession(sql);
    const work = (async () => {
      for (let n = 0; going; n++) {
        const [row] = await repeatedly(
          () => db`select subctl.record_usage_json(${id}, 'image', key => ${`${name}-${n}`}) as a`,
        );
        if ((row!['a'] as { allowed: boolean }).allowed) recorded++;
      }
    })().catch((error: unknown) => failed.push(error));
    return {
      recorded: () => recorded,
      async stop() {
        going = false;
        await work;
        return recorded;
      },
    };
  }
  const eventsOf = async () =>
    (await sql<[{ n: number }]>`select count(*)::int as n from subctl.usage_events`)[0].n;
  const failed: unknown[] = [];
  const until = async (is: () => boolean) => {
    while (!is()) {
      expect(failed).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  test('a report that goes on keeps the next version waiting, not the recorders, and is named in the end', async () => {
    const reporting = await sql.reserve();
    await reporting`begin`;
    await reporting`select count(*) from subctl.usage_totals`;
    const recorders = ids.slice(0, 4).map((id) => recorder(id, 'held'));
    const folder = nextProgram();
    try {
      const refused = await upgrade(folder, 2_500).catch((error: unknown) => error);
      expect(refusalOf(refused)).toMatchObject({
        kind: 'conflict',
        message: expect.stringMatching(
          /^The schema was not changed: .* locked for about 3 seconds: session \d+ of /,
        ),
        hint: expect.stringContaining('run it again'),
      });
      const sofar = recorders.map(({ recorded }) => recorded());
      await until(() => recorders.every(({ recorded }, n) => recorded() > sofar[n]!));
    } finally {
      await reporting`rollback`;
      reporting.release();
    }
    const recorded = (await Promise.all(recorders.map(({ stop }) => stop()))).reduce((a, b) => a + b);
    expect(await eventsOf()).toBe(recorded);
    expect((await sql`select from subctl.migrations where name = '9000_next'`).length).toBe(0);
  });

  test('the next version comes while uses are recorded: none is lost, none counted twice, and the books are right', async () => {
    const before = await eventsOf();
    const recorders = ids.map((id) => recorder(id, 'load'));
    await until(() => recorders.every(({ recorded }) => recorded() > 3));
    const done = await upgrade(nextProgram());
    expect(done).toEqual({ applied: ['9000_next'], functions: ['record_plain_use'] });
    const sofar = recorders.map(({ recorded }) => recorded());
    await until(() => recorders.every(({ recorded }, n) => recorded() > sofar[n]! + 3));
    const recorded = (await Promise.all(recorders.map(({ stop }) => stop()))).reduce((a, b) => a + b);
    expect((await eventsOf()) - before).toBe(recorded);
    const { books } = await examineWhole(sql, () => undefined);
    expect(books).toEqual([]);
    expect(
      (await sql`select distinct next_thing from subctl.usage_totals`).map((row) => row['next_thing']),
    ).toEqual([7]);
  });
});
