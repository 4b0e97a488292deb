import { describe, expect, test } from 'vitest';
import { choosePreset, openCatalogue } from '../../src/catalog/open-catalogue.ts';
import { readCatalogue } from '../../src/catalog/read-catalogue.ts';
import { readYaml } from '../../src/catalog/read-yaml.ts';
import { readStandard } from '../../src/catalog/shipped.ts';

const standard = readStandard();
const read = (text: string) => readCatalogue(readYaml(text, 'c.yaml'), { file: 'c.yaml', standard });
const plan = (text: string) =>
  read(`plans:\n  basic:\n    ${text.trim().replace(/\n/g, '\n    ')}\n`).catalogue.plans[0]!;
const refusal = (text: string) => {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('limits', () => {
  test('R11 null is unlimited, 0 is disabled, absent is not there', () => {
    const { version } = plan('limits: {messages: {day: null, month: 0}}');
    expect(version.limits.map(({ window, value }) => [window, value])).toEqual([
      ['day', null],
      ['month', '0'],
    ]);
  });

  test('W5 every form of a limit is read', () => {
    const { version } = plan(`
limits:
  messages:
    per_chat: 3
    every_7d: "12.5"
    rolling_3h: {limit: 10, enforcement: soft}
    month: {limit: 100, overage_price: "0.01", overage_per: 10}
    day: [{limit: 5}, {limit: 2, scope: member}]`);
    expect(
      version.limits.map((limit) => [
        limit.window,
        limit.scope,
        limit.value,
        limit.enforcement,
        limit.overagePrice,
        limit.overagePer,
      ]),
    ).toEqual([
      ['session', 'customer', '3', 'hard', null, null],
      ['every_7d', 'customer', '12.5', 'hard', null, null],
      ['rolling_3h', 'customer', '10', 'soft', null, null],
      ['month', 'customer', '100', 'overage', '0.01', '10'],
      ['day', 'customer', '5', 'hard', null, null],
      ['day', 'member', '2', 'hard', null, null],
    ]);
  });

  test.each([
    ['{messages: {dya: 5}}', "plans.basic.limits.messages.dya: The window 'dya' is not known"],
    ['{messages: {day: -5}}', "plans.basic.limits.messages.day: The amount '-5' is negative"],
    ['{messages: {day: 1e3}}', "The amount '1e3' is not a plain decimal number"],
    ['{messages: {day: true}}', 'plans.basic.limits.messages.day: true is not a number'],
    ['{messages: {day: {value: 5}}}', 'plans.basic.limits.messages.day: the limit is missing'],
    ['{messages: {rolling_800h: 5}}', 'is longer than 31 days'],
    [
      '{mesages: {day: 5}}',
      "plans.basic.limits.mesages: the meter 'mesages' is unknown, did you mean messages?",
    ],
    ['{messages: {session: 1, per_chat: 2}}', 'a second limit on messages per session'],
    ['[5]', 'plans.basic.limits: ["5"] is not a mapping'],
  ])('P6 refuses %s with its path', (limits, sentence) => {
    expect(refusal(`plans: {basic: {limits: ${limits}}}`)).toContain(sentence);
  });
});

describe('a plan', () => {
  test('P7 amounts are exact, whatever quotes they have', () => {
    const { version } = plan(
      'prices: {1mo: 29.90, 1y: {amount: "299.00", currency: EUR, stripe_price_id: price_1}}',
    );
    expect(version.prices).toEqual([
      { interval: '1mo', currency: 'USD', amount: '29.90', stripePriceId: null },
      { interval: '1y', currency: 'EUR', amount: '299.00', stripePriceId: 'price_1' },
    ]);
  });

  test('S7 limits and credits per period of a plan sold by month and year are counted by the month', () => {
    const { version } = plan(
      'prices: {month: "5", year: "50"}\ncredits: {period: 10}\nlimits: {messages: {period: 5, day: 1}}',
    );
    expect(version.limits.map(({ window }) => window)).toEqual(['every_1mo', 'day']);
    expect(version.creditsEvery).toBe('1mo');
  });

  test('C1 every form of credits is read', () => {
    const credits = (text: string) => {
      const { credits, creditsUnlimited, creditsEvery } = plan(`credits: ${text}`).version;
      return [credits, creditsUnlimited, creditsEvery];
    };
    expect(credits('{period: 10}')).toEqual(['10', false, null]);
    expect(credits('{every_1mo: 10}')).toEqual(['10', false, '1mo']);
    expect(credits('0.5')).toEqual(['0.5', false, null]);
    expect(credits('{period: null}')).toEqual([null, true, null]);
    expect(plan('name: x').version).toMatchObject({ credits: null, creditsUnlimited: false });
  });

  test('C6 H19: a credit cost is above 0 and at most 1000, by its canonical kind', () => {
    const { catalogue } = read('credit_costs: {images: "0.1", lora: 1000}\nplans: {}');
    expect(catalogue.creditCosts).toEqual([
      { kind: 'image', amount: '0.1' },
      { kind: 'lora', amount: '1000' },
    ]);
    expect(read('credit_costs: {search: 0.03}\nplans: {}').catalogue.creditCosts).toEqual([
      { kind: 'search', amount: '0.03' },
    ]);
    for (const amount of ['0', '1000.01'])
      expect(refusal(`credit_costs: {images: "${amount}"}\nplans: {}`)).toContain(
        `${amount} credits is not more than 0 and at most 1000`,
      );
    expect(refusal('credit_cost_range: {min: "0.1"}\ncredit_costs: {images: "0.09"}\nplans: {}')).toContain(
      '0.09 credits is not from 0.1 to 1000, its credit_cost_range',
    );
    expect(refusal('credit_costs: {images: 1, image: 2}\nplans: {}')).toContain(
      'a second cost for the kind image',
    );
  });

  test('P12 a default plan must be one of the plans', () => {
    expect(refusal('default_plan: gold\nplans: {basic: {}}')).toContain(
      "default_plan: 'gold' is not one of its plans",
    );
  });

  test('P6 all problems are told at once', () => {
    const text = 'plans: {basic: {rank: x, prices: {1mo: -1}, trial_days: 1.5}}';
    expect(refusal(text)).toMatch(
      /^c.yaml: plans.basic.rank: .* \(and 2 more: plans.basic.trial_days, plans.basic.prices.1mo\)$/,
    );
  });
});

describe('what is not known', () => {
  test('P6 every key that is not known is named, with the one that was meant', () => {
    const { warnings } = read('colour: red\nplans: {basic: {limit: {}, prices: {1mo: {amount: 1, vat: 3}}}}');
    expect(warnings).toEqual([
      'colour: this key is unknown and has no effect',
      'plans.basic.limit: this key is unknown and has no effect; did you mean limits?',
      'plans.basic.prices.1mo.vat: this key is unknown and has no effect',
    ]);
  });

  test('W5 a meter and a kind of its own are declared in the file', () => {
    const { catalogue } = read(`
kinds: {lecture: [talk]}
meters: {lectures: {kinds: [talk], unit: lecture}}
plans: {basic: {limits: {lectures: {month: 3}, calls.acme: {day: 1}}}}`);
    expect(catalogue.meters).toMatchObject([
      { id: 'lectures', kinds: ['lecture'] },
      { id: 'calls.acme', providers: ['acme'] },
    ]);
    expect(refusal('meters: {x: {kinds: [nothing]}}\nplans: {}')).toContain("the kind 'nothing' is unknown");
    expect(refusal('kinds: {lecture: [image]}\nplans: {}')).toContain("'image' already means the kind image");
  });
});

describe('files', () => {
  test('P6 a text that is not YAML is refused with its place, and so are two equal keys', () => {
    expect(() => readYaml('a: [1,\nb: 2', 'c.yaml')).toThrow(/^c.yaml:2:\d+: /);
    expect(() => readYaml('a: 1\na: 2\n', 'c.yaml')).toThrow(/^c.yaml:2:1: Map keys must be unique/);
    expect(refusal('- 1')).toContain('["1"] is not a mapping');
    expect(refusal('')).toContain('there are no plans');
  });

  test('P6 JSON is read too', () => {
    expect(
      read('{"plans": {"basic": {"prices": {"1mo": 10.50}}}}').catalogue.plans[0]!.version.prices[0]!.amount,
    ).toBe('10.50');
  });

  test('P6 one of several presets must be chosen', () => {
    const value = readYaml('presets: {one: {plans: {}}, two: {plans: {}}}', 'c.yaml');
    expect(() => choosePreset(value, 'c.yaml')).toThrow('c.yaml has 2 presets');
    expect(choosePreset(value, 'c.yaml', 'two').name).toBe('two');
    expect(() => choosePreset(value, 'c.yaml', 'tow')).toThrow(
      "c.yaml has no preset 'tow', did you mean two?",
    );
  });

  test('P6 a name is a shipped catalogue or a file', async () => {
    expect((await openCatalogue('mobix', { cwd: '/' })).name).toBe('mobix');
    await expect(openCatalogue('mobik', { cwd: '/' })).rejects.toMatchObject({
      kind: 'not_found',
      message: "There is no shipped catalogue and no file 'mobik', did you mean mobix?",
    });
  });
});
