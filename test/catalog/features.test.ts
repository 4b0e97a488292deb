import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCatalogues } from '../../src/catalog/compare-catalogues.ts';
import { createPlan } from '../../src/catalog/create-plan.ts';
import { editPlan } from '../../src/catalog/edit-plan.ts';
import { exportYaml } from '../../src/catalog/export-catalogue.ts';
import { findCatalogue } from '../../src/catalog/find-catalogue.ts';
import { getPlan } from '../../src/catalog/find-plans.ts';
import { loadCatalogue } from '../../src/catalog/load-catalogue.ts';
import { readCatalogue } from '../../src/catalog/read-catalogue.ts';
import { readPlanEdit } from '../../src/catalog/read-plan-edit.ts';
import { readYaml } from '../../src/catalog/read-yaml.ts';
import { readStandard } from '../../src/catalog/shipped.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();
const standard = readStandard();
const read = (text: string) => readCatalogue(readYaml(text, 'plans.yaml'), { file: 'plans.yaml', standard });
const load = (text: string, update = true) =>
  asTester(sql, (tx, change) =>
    loadCatalogue(tx, change, { catalogue: read(text).catalogue, name: 'test', update }),
  );
const featuresOf = async (plan: string) =>
  Object.fromEntries((await getPlan(sql, plan)).version.features.map(({ name, value }) => [name, value]));

describe('P9 features', () => {
  test('are yes or no, amounts that keep all their digits, or words; a list of names is all yes', async () => {
    await load(`
plans:
  solo: {features: [sso, api_access]}
  team:
    features: {sso: false, api_access: true, projects: 12345678901234567890.123456789, storage: 0, seats: unlimited, hosts: null, support: e-mail in 2 days}
`);
    expect(await featuresOf('solo')).toEqual({ api_access: true, sso: true });
    expect(await featuresOf('team')).toEqual({
      ...{ sso: false, api_access: true, support: 'e-mail in 2 days' },
      ...{ projects: '12345678901234567890.123456789', storage: '0', seats: null, hosts: null },
    });
    const [row] = await sql`select features::text as text from subctl.plan_versions where plan_id = 'team'`;
    expect(row!.text).toContain('"projects": 12345678901234567890.123456789');
  });

  test.each([
    ['a mapping in place of a value', '{sso: {a: 1}}', /not a valid value for the feature sso/],
    ['a list in place of a value', '{sso: [a]}', /not a valid value for the feature sso/],
    ['an empty word', '{support: ""}', /not a valid value for the feature support/],
    ['a number below 0', '{projects: -1}', /negative/],
    ['an exponent', '{projects: 1e3}', /not a plain decimal/],
    ['a name with a space', '[priority support]', /not a valid feature name/],
    ['a name with an equals sign', '["a=b"]', /not a valid feature name/],
    ['one word in place of a list', 'sso', /neither a list nor a mapping/],
  ])('%s is refused with its place', (_, features, message) => {
    expect(() => read(`{plans: {team: {features: ${features}}}}`)).toThrow(message);
    expect(() => read(`{plans: {team: {features: ${features}}}}`)).toThrow(/plans\.team\.features/);
  });

  test('an edit sets and takes away one by one, and says what becomes of each', async () => {
    const edit = (words: object) =>
      asTester(sql, (tx, change) => editPlan(tx, change, { id: 'duo', edit: readPlanEdit(words) }));
    await asTester(sql, (tx, change) =>
      createPlan(tx, change, { id: 'duo', edit: readPlanEdit({ feature: ['sso', 'projects=3'] }) }),
    );
    const { differences } = await edit({
      feature: ['projects=unlimited', 'support=chat', 'api_access=false'],
      unsetFeature: ['sso'],
    });
    expect(differences).toEqual([
      { what: 'feature projects', before: '3', after: 'unlimited' },
      { what: 'feature sso', before: 'yes', after: null },
      { what: 'feature api_access', before: null, after: 'no' },
      { what: 'feature support', before: null, after: 'chat' },
    ]);
    await expect(edit({ unsetFeature: ['sso'] })).rejects.toThrow(/has no feature sso/);
  });

  test('a feature is of one type in all plans, and a file can change them together', async () => {
    const edit = asTester(sql, (tx, change) =>
      editPlan(tx, change, { id: 'solo', edit: readPlanEdit({ feature: ['projects'] }) }),
    );
    await expect(edit).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/projects is a .* in plan/) as string,
    });
    await expect(load('{plans: {other: {features: {support: 3}}}}')).rejects.toThrow(/support/);
    await expect(load('{plans: {a: {features: [x]}, b: {features: {x: 1}}}}')).rejects.toThrow(
      /x is a boolean/,
    );
    await load('{plans: {a: {features: [x]}}}');
    await load('{plans: {a: {features: {x: 2}}, b: {features: {x: 1}}}}');
    expect(await featuresOf('a')).toEqual({ x: '2' });
  });
});

const value = fc.oneof(
  fc.boolean(),
  fc.constant(null),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 19n }), fc.stringMatching(/^\d{0,18}$/))
    .map(([whole, part]) => (part === '' ? String(whole) : `${whole}.${part}`)),
  fc.stringMatching(/^[a-z][a-z "':#{}[\],&*!|>%@`-]{0,20}[a-z]$/).filter((text) => text !== 'unlimited'),
);

test('P9 what is exported and loaded again is the same, whatever the features are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_.:-]{0,12}$/), value, { maxKeys: 6 }),
      async (features) => {
        await load(JSON.stringify({ plans: { any: { features } } }));
        const stored = await findCatalogue(sql);
        expect(await featuresOf('any')).toEqual({ ...features });
        expect(compareCatalogues(stored, read(exportYaml(stored, standard)).catalogue)).toEqual([]);
      },
    ),
    { numRuns: 40, seed: 9 },
  );
});
