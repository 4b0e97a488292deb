import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/config/package-root.ts';
import { limitLockWaits, withShortLockWaits } from '../../src/database/short-lock-waits.ts';
import { migrateIn } from '../../src/database/migrate.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { inTransaction, repeatedly } from '../../src/database/transaction.ts';
import { examineWhole } from '../../src/backup/check-restored.ts';
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
  const file = path.join(folder, 'engine/rules/record_plain_use.sql');
  writeFileSync(file, readFileSync(file, 'utf8').replace('begin\n', 'begin\n  -- of the next version\n'));
  return folder;
}

describe('a database at work', async () => {
  const { sql } = await testDatabase({ max: 12 });
  await loadLadder(sql);
  await sql`update subctl.plan_limits set limit_value = 1000000`;
  await sql`select subctl_internal.compile_all()`;
  const ids = Array.from({ length: 8 }, (_, n) => `c${n}`);
  for (const id of ids) await addOne(sql, { id });
  const upgrade = (folder: string, patienceMs?: number) =>
    withShortLockWaits(
      sql,
      () =>
        inTransaction(sql, async (tx) => {
          await limitLockWaits(tx);
          return migrateIn(tx, { folder, program: '9.0.0' });
        }),
      patienceMs === undefined ? {} : { timeoutMs: patienceMs },
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
