import { describe, expect, test } from 'vitest';
import { readCatalogue } from '../../src/catalog/read-catalogue.ts';
import { readStandard, shippedPresets } from '../../src/catalog/shipped.ts';

interface RawPlan {
  prices: Record<string, string | null>;
  limits?: Record<string, Record<string, string | null>>;
  credits?: Record<string, string>;
  features?: string[];
}

const standard = readStandard();
const presets = shippedPresets() as Record<string, { plans: Record<string, RawPlan> }>;
const read = (name: string) => readCatalogue(presets[name], { file: name, standard });

test('P6 ten catalogues are shipped', () => {
  expect(Object.keys(presets)).toEqual([
    ...['mobix', 'mobix-alt', 'sketchmaker', 'sketchmaker-code'],
    ...['omnifin', 'omnifin-code-initial', 'omnifin-code-default', 'alwrity', 'alwrity-site', 'alwrity-code'],
  ]);
});

describe.each(Object.keys(presets))('%s', (name) => {
  const { catalogue } = read(name);

  test('P1 every plan of the file is there', () => {
    expect(catalogue.plans.map(({ id }) => id)).toEqual(Object.keys(presets[name]!.plans));
  });

  test('W5 every limit of the file is in the catalogue, and none beside', () => {
    for (const plan of catalogue.plans) {
      const monthly = name.startsWith('alwrity') ? 'every_30d' : 'period';
      const windows = (word: string) => ({ per_chat: 'session', period: monthly })[word] ?? word;
      const wanted = Object.entries(presets[name]!.plans[plan.id]!.limits ?? {}).flatMap(([meter, limits]) =>
        Object.entries(limits).map(([word, value]) => [meter, windows(word), value]),
      );
      expect(plan.version.limits.map(({ meter, window, value }) => [meter, window, value])).toEqual(wanted);
    }
  });

  test('P7 every price of the file is in the catalogue', () => {
    for (const plan of catalogue.plans)
      expect(plan.version.prices.map(({ amount }) => amount)).toEqual(
        Object.values(presets[name]!.plans[plan.id]!.prices),
      );
  });

  test('P9 the features of the file are in the catalogue', () => {
    for (const plan of catalogue.plans)
      expect(plan.version.features.map((feature) => feature.name)).toEqual(
        (presets[name]!.plans[plan.id]!.features ?? []).toSorted(),
      );
  });

  test('W5 each limited meter is known', () => {
    const limited = new Set(
      catalogue.plans.flatMap(({ version }) => version.limits.map(({ meter }) => meter)),
    );
    expect(new Set(catalogue.meters.map(({ id }) => id))).toEqual(limited);
  });
});

test('S6 a month of alwrity is 30 days and its year 365', () => {
  const basic = read('alwrity').catalogue.plans[1]!;
  expect(basic.version.prices.map(({ interval, amount }) => `${interval} ${amount}`)).toEqual([
    '30d 29.00',
    '365d 290.00',
  ]);
});

test('S7 a period of sketchmaker is a calendar month that nobody can pay for', () => {
  const premium = read('sketchmaker').catalogue.plans[1]!;
  expect(premium.version.prices).toEqual([
    { interval: '1mo', currency: 'USD', amount: null, stripePriceId: null },
  ]);
  expect(premium.version.credits).toBe('100');
});

test('C6 the credit costs of sketchmaker hold for every plan, images under their kind', () => {
  const { catalogue } = read('sketchmaker-code');
  expect(Object.fromEntries(catalogue.creditCosts.map(({ kind, amount }) => [kind, amount]))).toEqual({
    image: '1',
    banners: '0.5',
    explainers: '1',
    magix: '1',
    virtual: '1',
    lora_training: '40',
  });
});

test('P12 the default plan is marked, and none where the file names none', () => {
  const defaults = (name: string) => read(name).catalogue.plans.map(({ isDefault }) => isDefault);
  expect(defaults('mobix')).toEqual([true, false]);
  expect(defaults('omnifin')).toEqual([undefined, undefined, undefined, undefined]);
});

test('S17 the trial, the thresholds and the renewal of omnifin hold for each of its plans', () => {
  for (const { version } of read('omnifin').catalogue.plans)
    expect([version.trialDays, version.alertThresholds, version.autoRenew]).toEqual([
      14,
      ['80', '100'],
      true,
    ]);
  expect(read('mobix').catalogue.plans.map(({ version }) => version.autoRenew)).toEqual([false, false]);
});

test('W13 the meters of free models count free models only, and the others paid ones only', () => {
  const tiers = Object.fromEntries(read('mobix').catalogue.meters.map(({ id, tier }) => [id, tier]));
  expect(tiers).toMatchObject({
    messages: 'paid',
    tokens: 'paid',
    free_model_messages: 'free',
    free_model_tokens: 'free',
  });
});

test('W6 the text pool of alwrity-code counts four providers together', () => {
  const pool = read('alwrity-code').catalogue.meters.find(({ id }) => id === 'calls.text_generation');
  expect(pool).toMatchObject({ kinds: ['llm'], providers: ['gemini', 'openai', 'anthropic', 'mistral'] });
});

test('P6 what a shipped file says and subctl does not do yet is named, and nothing else is', () => {
  for (const name of Object.keys(presets)) expect(read(name).warnings).toEqual([]);
});
