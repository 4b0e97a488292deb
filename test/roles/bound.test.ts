import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { applicationFunctions, calledBeside, bareName } from '../../src/roles/rights.ts';
import { listSchemaObjects } from '../../src/roles/schema-objects.ts';
import { rowsOfOthers } from './rows-of-others.ts';
import { bob, boundWorld, refusedWith } from './bound-world.ts';

const { sql, account, bound, asAccount, held } = await boundWorld();

describe('an account that is bound to a customer', () => {
  test('reads of tables and views rows of that customer alone, and nothing that names another', async () => {
    const read: string[] = [];
    for (const { kind, name } of await listSchemaObjects(sql)) {
      if (kind !== 'table' && kind !== 'view') continue;
      const answer = await refusedWith(bound, `select * from subctl."${name}" limit 1000`);
      if (answer === '42501') continue;
      expect(answer, name).not.toContain(bob);
      if (name.startsWith('own_')) expect(answer, name).toContain('"customer_id":"ann"');
      read.push(name);
    }
    expect(read.sort()).toEqual([
      ...['own_alerts', 'own_credits', 'own_customer', 'own_events', 'own_invoice_lines', 'own_invoices'],
      ...['own_ledger', 'own_subscriptions', 'own_usage', 'plan_versions', 'plans', 'settings'],
    ]);
  });

  test('calls each function of docs/usage.md for that customer, and for no other', async () => {
    const before = await rowsOfOthers(sql, 'ann');
    const calls: Record<string, (id: string) => string> = {
      check_usage: (id) => `check_usage(customer => '${id}', kind => 'image')`,
      explain_event: (id) => `explain_event('${id}', '${held[id as 'ann'].event}', now())`,
      explain_use: (id) => `explain_use('${id}', 'image', now())`,
      feature: (id) => `feature('${id}', 'exports')`,
      features: (id) => `features('${id}')`,
      preflight_usage: (id) => `preflight_usage('${id}', '[{"kind": "image"}]')`,
      record_plain_use: (id) => `record_plain_use('${id}', 'image')`,
      record_usage: (id) => `record_usage(customer => '${id}', kind => 'image', status => 'success')`,
      record_usage_json: (id) => `record_usage_json(customer => '${id}', kind => 'image', session => 's1')`,
      record_usage_many: (id) =>
        `record_usage_many('[{"customer": "ann", "kind": "image"}, {"customer": "${id}", "kind": "image"}]')`,
      record_usage_many_json: (id) =>
        `record_usage_many_json('[{"customer": "${id}", "kind": "image"}, {"at": "never"}]')`,
      reserve_usage: (id) => `reserve_usage(customer => '${id}', kind => 'image', hold => '1 minute')`,
      settle_usage: (id) =>
        `settle_usage(customer => '${id}', reservation => '${held[id as 'ann'].reservation}')`,
      release_usage: (id) => `release_usage('${id}', gen_random_uuid())`,
      suggest_plan: (id) => `suggest_plan('${id}', now())`,
    };
    expect(Object.keys(calls).sort()).toEqual(
      applicationFunctions.filter((name) => name !== 'bound_customer'),
    );
    for (const [name, call] of Object.entries(calls)) {
      expect(await refusedWith(bound, `select * from subctl.${call(bob)}`), name).toBe('SB004');
      const own = await refusedWith(bound, `select * from subctl.${call('ann')}`);
      expect(own, name).not.toBe('SB004');
      expect(own, name).toMatch(/^\[|^SB003$/);
    }
    expect(await rowsOfOthers(sql, 'ann')).toEqual(before);
  });

  test('may call no other function, but that which says to whom it is bound', async () => {
    const objects = (await listSchemaObjects(sql)).filter(({ kind }) => kind === 'function');
    const callable = [];
    for (const { name } of objects) {
      const [row] = await bound`
        select bool_or(has_function_privilege(p.oid, 'execute')) as may from pg_proc p
         where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace) and p.proname = ${bareName({ name })}`;
      if (row!['may']) callable.push(bareName({ name }));
    }
    expect(callable.sort()).toEqual([...applicationFunctions, calledBeside].sort()); // that one reads no table
    expect(await refusedWith(bound, 'select subctl.bound_customer()')).toBe('[{"bound_customer":"ann"}]');
  });

  test.each([
    `set subctl.customer = '${bob}'`,
    `set subctl.customer = ''`,
    'reset all',
    'discard all',
    `set session_replication_role = replica`,
    `set search_path = pg_temp, subctl`,
    `create function pg_temp.is_bound() returns boolean language sql as 'select false'`,
    `create temp table bound_accounts as select session_user::text as account, '${bob}' as only_customer`,
    `set role ${'$app'}`,
    `set session authorization ${'$app'}`,
    `alter role ${'$bound'} set subctl.customer = '${bob}'`,
    `grant ${'$role'} to ${'$bound'}`,
    `insert into subctl.bound_accounts values ('$bound', '${bob}', now())`,
    `update subctl.bound_accounts set only_customer = '${bob}'`,
    `create or replace function subctl_internal.is_bound() returns boolean language sql as 'select false'`,
  ])('is not free after: %s', async (statement) => {
    const db = asAccount(account('bound'));
    const words: Record<string, string> = {
      $app: account('app'),
      $bound: account('bound'),
      $role: account('app').replace('_who', ''),
    };
    await refusedWith(
      db,
      statement.replace(/\$(app|bound|role)/g, (word) => words[word]!),
    );
    for (const call of [`record_usage_json('${bob}', 'image')`, `record_plain_use('${bob}', 'image')`])
      expect(await refusedWith(db, `select subctl.${call}`), call).toBe('SB004');
    expect(await refusedWith(db, 'select * from subctl.own_events limit 9')).not.toContain(bob);
    await withoutOwnSession(sql).unsafe(`alter role ${account('bound')} reset subctl.customer`);
  });

  test('property: whatever is set and called, rows of others stay and answers are of its customer', async () => {
    const before = await rowsOfOthers(sql, 'ann');
    const who = fc.constantFrom('ann', bob, 'stranger', '');
    const step = fc.record({
      set: fc.option(who, { nil: undefined }),
      local: fc.boolean(),
      customer: fc.constantFrom('ann', bob, 'stranger', ' ann', 'ANN'),
      of: fc.constantFrom('ann' as const, bob),
      call: fc.constantFrom('record', 'check', 'reserve', 'settle', 'release', 'event', 'batch', 'feature'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        const db = asAccount(account('bound'));
        let set = '';
        for (const { set: next, customer, of, call, local } of steps) {
          const { event, reservation } = held[of];
          const calls = {
            record: `record_usage('${customer}', 'image')`,
            check: `check_usage('${customer}', 'image')`,
            reserve: `reserve_usage('${customer}', 'image')`,
            settle: `settle_usage('${customer}', '${reservation}')`,
            release: `release_usage('${customer}', '${reservation}')`,
            event: `explain_event('${customer}', '${event}', now())`,
            batch: `record_usage_many('[{"customer": "${customer}", "kind": "image"}]')`,
            feature: `feature('${customer}', 'exports')`,
          };
          if (next !== undefined && !local) set = next;
          const now = next ?? set;
          const words = next === undefined ? '' : `set ${local ? 'local ' : ''}subctl.customer = '${next}';`;
          const answer = await refusedWith(db, `${words} select subctl.${calls[call]}::text as a`);
          if (customer !== 'ann' || (now !== '' && now !== 'ann')) expect(answer).toBe('SB004');
          else expect(answer).not.toBe('SB004');
          expect(answer).not.toContain(bob);
          if (answer === 'SB004' && next !== undefined && !local) set = await settingOf(db);
        }
      }),
      { numRuns: 40 },
    );
    expect(await rowsOfOthers(sql, 'ann')).toEqual(before);
  });
});

/** A statement that is refused takes what was set in it with it. */
async function settingOf(db: Connection): Promise<string> {
  const [row] = await withoutOwnSession(db).unsafe(`select current_setting('subctl.customer', true) as now`);
  return (row!['now'] as string | null) ?? '';
}
