import { describe, expect, test } from 'vitest';
import { compareCatalogues } from '../../src/catalog/compare-catalogues.ts';
import { createPlan } from '../../src/catalog/create-plan.ts';
import { exportCatalogue, exportYaml } from '../../src/catalog/export-catalogue.ts';
import { findCatalogue } from '../../src/catalog/find-catalogue.ts';
import { getPlan } from '../../src/catalog/find-plans.ts';
import { loadFrom } from '../../src/catalog/load-from.ts';
import { readCatalogue } from '../../src/catalog/read-catalogue.ts';
import { readPlanEdit } from '../../src/catalog/read-plan-edit.ts';
import { readYaml } from '../../src/catalog/read-yaml.ts';
import { readStandard, shippedPresets } from '../../src/catalog/shipped.ts';
import { setModel } from '../../src/catalog/set-model.ts';
import { inDryRun } from '../../src/database/dry-run.ts';
import { recordChange } from '../../src/database/change.ts';
import { asTester, loadPreset } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { subscribe } from '../support/subscribe.ts';

const standard = readStandard();

describe('loading what is there otherwise', async () => {
  const { sql } = await testDatabase();
  const load = (text: string, update = false) => {
    const opened = { name: 'c', file: 'c.yaml', value: readYaml(text, 'c.yaml') };
    return asTester(sql, (tx, change) => loadFrom(tx, change, { opened, update }));
  };
  const first =
    'default_plan: a\nplans: {a: {prices: {1mo: 10}, limits: {messages: {day: 5}}}, b: {rank: 1}}';
  const second =
    'default_plan: b\nplans: {a: {prices: {1mo: 12}, limits: {messages: {day: 6}}}, b: {rank: 2}}';

  test('P6 is a conflict that names each difference and changes nothing', async () => {
    await load(first);
    await expect(load(second)).rejects.toMatchObject({
      kind: 'conflict',
      details: {
        differences: [
          'plan a: default: yes → no',
          'plan a: price 1mo USD: 10.00 → 12.00',
          'plan a: limit messages/day: 5 → 6',
          'plan b: rank: 1 → 2',
          'plan b: default: no → yes',
        ],
      },
    });
    expect((await getPlan(sql, 'a')).version.prices[0]!.amount).toBe('10');
  });

  test('P6 --update changes it, and present subscribers stay on their version', async () => {
    await subscribe(sql, { customer: 'ann', plan: 'a' });
    const done = await load(second, true);
    expect(done.plans.map(({ action, version, staying }) => [action, version, staying])).toEqual([
      ['versioned', 2, 1],
      ['edited', 1, 0],
    ]);
    expect(await getPlan(sql, 'b')).toMatchObject({ isDefault: true, rank: 2 });
    expect(await load(second)).toMatchObject({ changed: false });
  });

  test('P3 a plan that was deactivated stays so when the file does not say', async () => {
    await sql`update subctl.plans set active = false where id = 'a'`;
    expect(await load(second)).toMatchObject({ changed: false });
  });

  test('P12 an inactive plan cannot become the default', async () => {
    await expect(load(first, true)).rejects.toThrow('Plan a is not active, so it cannot be the default plan');
  });

  test('what the file does not have is left alone', async () => {
    expect(await load('plans: {c: {}}')).toMatchObject({
      changed: true,
      plans: [{ plan: 'c', action: 'created' }],
    });
    expect(await getPlan(sql, 'a')).toMatchObject({ currentVersion: 2 });
  });

  test('W5 a meter that has counted keeps what it counts', async () => {
    await sql`insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end)
              values ('ann', 'messages', 'day', 'customer', '', '2025-01-01', '2025-01-02')`;
    const other = 'meters: {messages: {kinds: [image]}}\nplans: {}';
    await expect(load(other, true)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('has recorded usage') as string,
    });
  });

  test('a word for a kind keeps its meaning', async () => {
    await load('kinds: {lecture: [talk]}\nplans: {}');
    await expect(load('kinds: {speech_of_mine: [talk]}\nplans: {}', true)).rejects.toThrow(
      "'talk' already means the kind lecture",
    );
  });

  test('a dry run changes nothing, and shows the same', async () => {
    const before = await findCatalogue(sql);
    const opened = {
      name: 'c',
      file: 'c.yaml',
      value: readYaml(first.replace('a: {', 'a: {active: true, '), 'c.yaml'),
    };
    const shown = await inDryRun(sql, async (tx) => {
      const change = await recordChange(tx, { now: new Date(0), actor: 'tester', action: 'test' });
      return loadFrom(tx, change, { opened, update: true });
    });
    expect(shown.plans.map(({ action }) => action)).toEqual(['edited', 'edited']);
    expect(await findCatalogue(sql)).toEqual(before);
  });
});

describe.each(Object.keys(shippedPresets()))('exporting %s', async (name) => {
  const { sql } = await testDatabase({ max: 2 });

  test('P6 gives a file that loads as the same catalogue', async () => {
    await loadPreset(sql, name);
    const stored = await findCatalogue(sql);
    const read = (text: string) => readCatalogue(readYaml(text, 'x'), { file: 'x', standard });
    for (const text of [exportYaml(stored, standard), JSON.stringify(exportCatalogue(stored, standard))]) {
      const { catalogue, warnings } = read(text);
      expect(compareCatalogues(stored, catalogue)).toEqual([]);
      expect(catalogue.plans.map(({ id }) => id)).toEqual(stored.plans.map(({ id }) => id));
      expect(warnings.join()).not.toContain('not known');
    }
  });
});

describe('exporting everything there is', async () => {
  const { sql } = await testDatabase({ max: 2 });

  test('P6 loses nothing', async () => {
    const edit = readPlanEdit({
      ...{
        name: 'Two: "quoted"',
        description: 'yes',
        rank: '3',
        price: ['1mo=5', '1mo=4.50EUR', '1y=complimentary'],
        stripePrice: ['1y=price_9'],
      },
      ...{
        limit: [
          'messages/day=5',
          'messages/day/member=2:soft',
          'tokens/month=100:overage:0.01/10',
          'calls.x/each=0',
        ],
        credits: 'unlimited/1mo',
      },
      ...{
        rolloverMax: '7.5',
        trialDays: 3,
        graceDays: 0,
        netDays: 1,
        autoRenew: 'no' as const,
        maxUsers: '4',
        allowModel: ['a/*'],
      },
      ...{
        usageOnChange: 'carry' as const,
        prorationMeter: 'tokens',
        alertAt: '50,99.5',
        feature: ['no', '1'],
        fallback: 'none',
        default: true,
      },
    });
    await asTester(sql, (tx, change) => createPlan(tx, change, { id: 'two', edit }));
    await asTester(sql, (tx, change) =>
      setModel(tx, change, { provider: 'o', pattern: '*:free', freeTier: true, aliases: ['x'] }),
    );
    const stored = await findCatalogue(sql);
    const { catalogue } = readCatalogue(readYaml(exportYaml(stored, standard), 'x'), { file: 'x', standard });
    expect(compareCatalogues(stored, catalogue)).toEqual([]);
    expect(catalogue.models).toEqual(stored.models);
  });
});
