import { beforeAll, describe, expect, test } from 'vitest';
import { examineWhole } from '../../src/backup/check-restored.ts';
import type { Connection } from '../../src/database/connect.ts';
import { personalTables } from '../../src/privacy/personal-columns.ts';
import { gather } from '../crash/crowd.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { wholeDatabase } from '../support/whole-database.ts';

const { sql, env } = await testDatabase();
const id = 'c4';
/** on a plan for money */
const payer = 'c3';
const word = 'PLANTED';

/** Rows of tables that the crowd has none of, and the word in each column that is to be erased. */
async function plant(db: Connection): Promise<void> {
  await db`
    insert into subctl.notifications (customer_id, id, kind, dedupe_key, payload, created_at) values (${id}, 'n', 'limit', 'k', '{}', now())`;
  await db`
    insert into subctl.stripe_events (id, type, created_at, received_at, payload, customer_id) values ('evt', 'customer.updated', now(), now(), '{}', ${id})`;
  await db`
    insert into subctl.parked (task, customer_id, id, reason, first_at, last_at, last_error) values ('prune', ${id}, 'x', 'refused', now(), now(), '')`;
  await db`insert into subctl.stripe_mirrors (customer_id, count, at) values (${id}, 1, now())`;
  await db`insert into subctl.changes (id, at, actor, action, asked) values ('c', now(), 'me', 'credits add', ${db.json({ customer: id })})`;
  await db`insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, after) values (${id}, 'c', 1, 'grant', 'g', '{"amount": "5"}')`;
  await db`insert into subctl.customers (id, kind, created_at) values ('team', 'group', '2026-01-01')`;
  await db`
    insert into subctl.members (customer_id, member_id, joined_at) values ('team', ${id}, '2026-01-01'), ('team', 'other', '2026-01-01')`;
  await db`grant update on subctl.changes, subctl.audit_log, subctl.credit_entries to current_user`;
  for (const [name, { customer, by = `t."${customer}"`, erased = {} }] of Object.entries(personalTables))
    for (const column of Object.keys(erased)) {
      const [type] = await db<{ type: string }[]>`
        select data_type as type from information_schema.columns
         where table_schema = 'subctl' and table_name = ${name} and column_name = ${column}`;
      const asMember = name === 'members' ? " or t.member_id = 'c4'" : '';
      const side = /^(asked|held|settled|before|after)$/.test(column);
      const value = side
        ? `coalesce("${column}", '{}') || '{"${column === 'held' ? 'session' : 'metadata'}": "${word}"}'`
        : type!.type === 'jsonb'
          ? `'{"a": "${word}"}'`
          : /^timestamp/.test(type!.type)
            ? 'now()'
            : `'${word}'`;
      await db.unsafe(`update subctl."${name}" t set "${column}" = ${value} where ${by} = 'c4'${asMember}`);
    }
  await db`revoke update on subctl.changes, subctl.audit_log, subctl.credit_entries from current_user`;
}

const textOf = async () => JSON.stringify((await wholeDatabase(sql)).rows);
/** What no erasure may change, a text a table. */
const keptOf = async () => {
  const rows: Record<string, string> = {};
  for (const [name, { customer, kept }] of Object.entries(personalTables)) {
    const own = /^(customers|notifications|stripe_events|usage_totals)$/.test(name)
      ? ['kind', 'currency', 'type', 'used'].filter((column) => kept.split(' ').includes(column))
      : kept.split(' ');
    const columns = [customer, ...own].map((column) => `t."${column}"`).join(', ');
    const found = await sql.unsafe<{ line: string }[]>(
      `select row(${columns})::text as line from subctl."${name}" t where ${name === 'changes' ? "t.action <> 'customers erase'" : "to_jsonb(t)->>'entity' is distinct from 'person' and to_jsonb(t)->'after'->>'disabled_at' is null"} order by 1`,
    );
    rows[name] = found.map(({ line }) => line).join('\n');
  }
  return rows;
};
const books = async () => (await examineWhole(sql, () => undefined)).books;

beforeAll(async () => {
  await gather(sql);
  await plant(sql);
});

describe('customers export', () => {
  test('has all that is held of a person, of each table, and nothing of others', async () => {
    const { code, stdout } = await subctl(['customers', 'export', id, '--json'], { env });
    expect(code).toBe(0);
    const exported = JSON.parse(stdout) as Record<string, Record<string, unknown>[]>;
    for (const [name, { erased = {} }] of Object.entries(personalTables))
      for (const column of Object.keys(erased))
        for (const row of exported[name]!.slice(0, 1))
          expect(row, `${name}.${column}`).toHaveProperty(column);
    expect(exported['members']).toMatchObject([{ customer_id: 'team', member_id: id, name: word }]);
    expect(exported['usage_events']!.length).toBeGreaterThan(1);
    const owners = Object.entries(personalTables).flatMap(([name, { customer, by }]) =>
      by || name === 'members' ? [] : exported[name]!.map((row) => row[customer]),
    );
    expect([...new Set(owners)]).toEqual([id]);
    expect(stdout).not.toContain('"hash"');
  });

  test('gives one table as CSV', async () => {
    const line = ['customers', 'export', id, '--part', 'usage_events', '--format', 'csv'];
    const { code, stdout } = await subctl(line, { env });
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^customer_id,member_id,/)]);
    expect(stdout.trim().split('\n').length).toBeGreaterThan(2);
  });

  test('an id that nobody has is exit code 3', async () => {
    expect((await subctl(['customers', 'export', 'nobody'], { env })).code).toBe(3);
    expect((await subctl(['customers', 'erase', 'nobody', '--yes'], { env })).code).toBe(3);
  });
});

describe('customers erase', () => {
  test('is refused while a subscription for money goes on or an invoice is open, and says which', async () => {
    const done = await subctl(['customers', 'erase', payer, '--yes'], { env });
    expect([done.code, done.stderr]).toEqual([
      4,
      expect.stringContaining('the subscription to bill goes on'),
    ]);
    const forced = await subctl(['customers', 'erase', payer, '--yes', '--force', '--json'], { env });
    expect(forced.code, forced.stderr).toBe(0);
  });

  test('a dry run says how much, and changes nothing', async () => {
    const before = await textOf();
    const done = await subctl(['customers', 'erase', id, '--dry-run', '--json'], { env });
    expect(done.code, done.stderr).toBe(0);
    const { rows } = JSON.parse(done.stdout) as { rows: Record<string, number> };
    expect(Object.keys(rows)).toEqual(
      expect.arrayContaining(['customers', 'members', 'usage_events', 'changes']),
    );
    expect(await textOf()).toBe(before);
  });

  test('nothing of what was planted is left, all else is as it was, and the books prove it', async () => {
    const [whole, proved, kept] = [await wholeDatabase(sql), await books(), await keptOf()];
    const done = await subctl(
      [
        'customers',
        'erase',
        id,
        '--force',
        '--yes',
        '--reason',
        'request 4711',
        '--actor',
        'officer',
        '--json',
      ],
      { env },
    );
    expect(done.code, done.stderr).toBe(0);
    expect(await textOf()).not.toContain(word);
    expect(await books()).toEqual(proved);

    expect(await keptOf()).toEqual(kept);
    const after = await wholeDatabase(sql);
    expect(after.definitions, 'history can be only added to, as before').toEqual(whole.definitions);
    const changed = Object.keys(after.rows).filter(
      (name) => JSON.stringify(after.rows[name]) !== JSON.stringify(whole.rows[name]),
    );
    const { rows } = JSON.parse(done.stdout) as { rows: Record<string, number> };
    const partitions = changed.map((name) => name.replace(/^usage_events_.*/, 'usage_events'));
    const rules = ['usage_totals']; // whose generation says that rules of the customer are to be made again
    expect([...Object.keys(rows), ...rules]).toEqual(expect.arrayContaining([...new Set(partitions)]));
    for (const name of changed.filter((one) => !['audit_log', 'changes'].includes(one)))
      expect(after.rows[name]!.length, `${name} has as many rows`).toBe(whole.rows[name]!.length);

    const [row] = await sql<{ actor: string; reason: string; after: { rows: unknown } }[]>`
      select c.actor, c.reason, a.after from subctl.changes c join subctl.audit_log a on a.change_id = c.id
       where c.action = 'customers erase' and a.entity = 'person' and a.entity_key = ${id}`;
    expect(row).toMatchObject({ actor: 'officer', reason: 'request 4711', after: { rows } });
    const waiting =
      await sql`select from subctl.notifications where customer_id = ${id} and sent_at is null and dead_at is null`;
    expect(waiting).toEqual([]);
    const use = sql`select subctl.record_usage(customer => ${id}, kind => 'message', cost => 0) as answer`;
    expect(JSON.stringify(await use)).toContain('disabled');
  });

  test('twice is told, and changes nothing', async () => {
    const before = await textOf();
    const done = await subctl(['customers', 'erase', id, '--yes'], { env });
    expect([done.code, done.stderr]).toEqual([
      0,
      expect.stringMatching(/^c4 was already erased on \d{4}-\d\d-\d\d\n$/),
    ]);
    expect(await textOf()).toBe(before);
  });

  test('a person who is only a member is erased in each group, and others stay', async () => {
    await sql`update subctl.members set name = 'Olga' where member_id = 'other'`;
    const done = await subctl(['customers', 'erase', 'other', '--yes', '--json'], { env });
    expect(JSON.parse(done.stdout)).toMatchObject({ changed: true, groups: ['team'], rows: { members: 1 } });
    expect(await textOf()).not.toContain('Olga');
  });
});
