import { beforeAll, describe, expect, it } from 'vitest';
import { type Repaired, repairDerived } from '../../src/integrity/repair.ts';
import { recordChange } from '../../src/database/change.ts';
import type { Db } from '../../src/database/connect.ts';
import { inDryRun } from '../../src/database/dry-run.ts';
import { testDatabase } from '../support/database.ts';
import { faults } from './faults/all.ts';
import { buildTown, townNow } from './town.ts';

const { sql } = await testDatabase();
beforeAll(() => buildTown(sql), 60_000);

/** What can be derived from something else, and so must come back to the last unit. */
const derivable = [
  'what is left of a grant drifted',
  'two grants drifted against each other, so that the sum is right',
  'a grant is below zero',
  'an expired grant has something left',
  'a grant lives on although its expiry was written',
  'an open window drifted',
  'a closed window drifted',
  'the window of a member drifted',
  'the window of a session drifted',
  'a lifetime window drifted',
  'a window has lost its row',
  'the open windows of a customer are emptied',
  'the lists of open windows are of unequal length',
  'an open window has a number that nobody knows',
  'the soonest end of the open windows is wrong, so that no task would close them',
  'a running total drifted',
  'a running total is missing',
  'compiled rules are missing',
  'a price card is missing',
  'a customer who has used something has no row of open windows',
  'a limit of its own is forgotten',
  'the subscribers of a plan are miscounted',
];

/** Every figure that people see; not whether a window was closed already, which the task does again. */
async function figures(tx: Db): Promise<unknown> {
  const [row] = await tx`
    select
      (select jsonb_agg(to_jsonb(w) order by w.customer_id, w.meter_id, w."window", w.scope, w.subject, w.window_start)
         from (select customer_id, meter_id, "window", scope, subject, window_start, window_end, trim_scale(used + adjusted) as used
                 from subctl.window_usage where used > 0) w) as windows,
      (select jsonb_agg(jsonb_build_array(g.customer_id, g.source_key, trim_scale(g.remaining), g.expired_at) order by g.customer_id, g.source_key)
         from subctl.credit_grants g) as grants,
      (select jsonb_agg(jsonb_build_array(m.customer_id, m.meter_id, m.subject, m.at, trim_scale(m.cum)) order by m.customer_id, m.meter_id, m.subject, m.at)
         from subctl.usage_rolling_totals m) as totals,
      (select jsonb_agg(jsonb_build_array(c.id, l.meter_id, l.win, l.scope, l.subject, trim_scale(l.used), l.limit_value, l.window_start)
                order by c.id, l.meter_id, l.win, l.scope, l.subject)
         from subctl.customers c cross join lateral subctl.usage_limits(c.id, ${townNow}) l where l.used > 0) as limits,
      (select jsonb_agg(to_jsonb(r) order by r.plan_id, r.version, r.kind) from subctl.plan_rules r) as rules,
      (select jsonb_agg(to_jsonb(p) order by p.provider, p.model, p.effective_from) from subctl.price_cards p) as cards,
      (select jsonb_agg(jsonb_build_array(z.customer_id, z.from_at, z.timezone) order by z.customer_id, z.from_at) from subctl.customer_zones z) as zones,
      (select jsonb_agg(jsonb_build_array(c.id, c.has_overrides) order by c.id) from subctl.customers c) as customers`;
  return row;
}

const repaired = async (tx: Db): Promise<Repaired> =>
  repairDerived(tx, await recordChange(tx, { now: townNow, actor: 'tester', action: 'doctor repair' }));
const wrong = (results: Repaired['after']) => results.filter(({ count }) => count > 0);

it('R45 a repair of clean data changes nothing and leaves no trace', async () => {
  const done = await inDryRun(sql, repaired);
  expect(done).toMatchObject({ repairs: [], changed: false });
});

describe('R45 a repair brings the old figures back', () => {
  it.each(derivable)('%s', async (what) => {
    const fault = faults.find((each) => each.what === what)!;
    await inDryRun(sql, async (tx) => {
      const before = await figures(tx);
      await tx.unsafe(fault.sql);
      const done = await repaired(tx);
      expect(wrong(done.before).map(({ check }) => check)).toContain(fault.check);
      expect(wrong(done.after)).toEqual([]);
      expect(await figures(tx)).toEqual(before);
      const [kept] =
        await tx`select count(*)::int as rows from subctl.audit_log where entity_key <> '' or entity in ('plan rules', 'price cards')`;
      expect(kept!['rows']).toBeGreaterThan(0);
    });
  });
});

describe('R45 a repair leaves the sources as they are and says what it cannot mend', () => {
  it.each(faults.filter(({ what }) => !derivable.includes(what)))('$what', async ({ check, sql: fault }) => {
    await inDryRun(sql, async (tx) => {
      await tx.unsafe(fault);
      const sources = () => tx`
        select (select count(*) from subctl.usage_events) as events, (select sum(amount) from subctl.credit_entries) as ledger,
               (select count(*) from subctl.subscription_phases) as segments, (select sum(total) from subctl.invoices) as invoices`;
      const before = await sources();
      const done = await repaired(tx);
      expect(await sources()).toEqual(before);
      if (done.repairs.length === 0) expect(wrong(done.after).map((each) => each.check)).toContain(check);
    });
  });
});
