import { describe, expect, test } from 'vitest';
import { findPlans } from '../../src/catalog/find-plans.ts';
import { readCatalogue } from '../../src/catalog/read-catalogue.ts';
import { readStandard, shippedPresets } from '../../src/catalog/shipped.ts';
import { comparePlans } from '../../src/catalog/differences.ts';
import { testDatabase } from '../support/database.ts';
import { loadPreset } from '../support/catalogue.ts';

const standard = readStandard();

describe.each(Object.keys(shippedPresets()))('%s', async (name) => {
  const { sql } = await testDatabase({ max: 2 });

  test('P6 loads whole: the database has what the file has', async () => {
    const { catalogue } = readCatalogue(shippedPresets()[name], { file: name, standard });
    const done = await loadPreset(sql, name);
    expect(done.plans.map(({ action }) => action)).toEqual(catalogue.plans.map(() => 'created'));
    const stored = await findPlans(sql);
    for (const plan of catalogue.plans)
      expect(
        comparePlans(
          stored.find(({ id }) => id === plan.id)!,
          plan,
        ),
      ).toEqual({ row: [], version: [] });
  });

  test('W5 every limit is in the rules of its kinds', async () => {
    const missing = await sql`
      select l.* from subctl.plan_limits l
       where not exists (
         select from subctl.plan_rules r
          cross join lateral unnest(r.meter_ids, r.wins, r.lims) as rule (meter, win, lim)
          where r.plan_id = l.plan_id and r.version = l.version and rule.meter = l.meter_id and rule.win = l."window"
            and rule.lim is not distinct from l.limit_value)`;
    expect(missing).toEqual([]);
  });

  test('P6 a second load changes nothing', async () => {
    const counts = () => sql`
      select (select json_agg(p order by id) from subctl.plans p) as plans, (select count(*) from subctl.plan_versions) as versions,
             (select count(*) from subctl.audit_log) as audited, (select json_agg(m order by id) from subctl.meter_windows m) as windows`;
    const before = await counts();
    const again = await loadPreset(sql, name);
    expect(again).toMatchObject({ changed: false, parts: [] });
    expect(again.plans.every(({ action }) => action === 'unchanged')).toBe(true);
    expect(await counts()).toEqual(before);
  });
});
