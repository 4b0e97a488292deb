import { describe, expect, test } from 'vitest';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';

describe('pricing', async () => {
  const { env } = await testDatabase();
  const { say, json } = programOn(env);

  test('K7 pricing import adds prices once', async () => {
    expect((await say('pricing import')).stderr).toContain('Choose one with --source');
    expect(await json('pricing import --source code --dry-run')).toMatchObject({ added: 74, dry_run: true });
    expect(await json('pricing import --source code')).toMatchObject({ added: 74, revised: 0 });
    expect(await json('pricing import --source code')).toMatchObject({
      added: 0,
      unchanged: 74,
      changes: [],
    });
    expect((await say('pricing import nofile.csv --source code')).code).toBe(3);
  });

  test('K1 pricing list has the prices that hold at a time', async () => {
    expect(await json('pricing list --provider exa --at 2025-11-03')).toMatchObject([
      { model: 'exa-search', component: 'search', amount: '0.005' },
    ]);
    expect(await json('pricing list --provider exa --at 2025-11-02')).toEqual([]);
    expect(await json('pricing list --all --provider exa')).toHaveLength(1);
  });

  test('K12 pricing estimate prints parts and total, and ends with 3 when it is unpriced', async () => {
    expect(
      await json(
        'pricing estimate --provider gemini --model gemini-2.5-flash --input-tokens 1000 --output-tokens 500 --at 2025-09-12',
      ),
    ).toMatchObject({
      cost: '0.00155',
      currency: 'USD',
      lines: [
        { component: 'input_tokens', quantity: '1000', cost: '0.0003' },
        { component: 'output_tokens', quantity: '500', cost: '0.00125' },
      ],
    });
    expect((await say('pricing estimate --provider gemini --model gemini-9 --input-tokens 1')).code).toBe(3);
    expect(
      (
        await say(
          'pricing estimate --provider gemini --model gemini-2.5-pro --input-tokens 1 --cached-tokens 2',
        )
      ).code,
    ).toBe(2);
  });

  test('K4 the default of a provider applies, and is told', async () => {
    const { code, stderr } = await say('pricing estimate --provider mistral --model any --input-tokens 1000');
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('mistral/any has no price: the default price of mistral applies'),
    ]);
  });

  test('R26 K8: what was not priced is listed, gets its price by hand, and is rated', async () => {
    await say('customers add ada');
    const use = await say(
      'usage record ada --kind llm --provider acme --model big-1 --input-tokens 2000 --output-tokens 10',
    );
    expect(use.code).toBe(4); // no plan: only to see that a refusal leaves nothing to price
    expect(await json('pricing unpriced')).toEqual([]);
    expect(await json('pricing set acme big-* input_tokens 1.5 --above 200000=3')).toMatchObject({
      ...{ amount: '1.5', per: '1000000', before: null, changed: true },
      tiers: [{ above: '200000', amount: '3' }],
    });
    expect(await json('pricing set acme big-* input_tokens 2')).toMatchObject({ changed: true });
    expect((await say('pricing set acme big-* input_token 2')).stderr).toContain(
      'did you mean input_tokens?',
    );
    expect((await say('pricing set acme big-* request 2 --source other')).code).toBe(4);
    expect((await say('pricing set acme big-* input_tokens 2 --above 5')).stderr).toContain(
      '--above 200000=2.50',
    );
    expect(await json('pricing estimate --provider acme --model big-1 --input-tokens 1000000')).toMatchObject(
      {
        ...{ cost: '2', priced_as: 'big-*' },
      },
    );
    expect(await json('pricing history --provider acme')).toMatchObject([{ amount: '2' }, { amount: '1.5' }]);
    expect((await say('pricing rerate --all')).stderr).toContain('--from 2026-01-01');
    expect(await json('pricing rerate --dry-run')).toMatchObject({ events: 0, dry_run: true });
  });

  test('K7: the offline catalogue is shown before it is taken, by provider and under the name of the house', async () => {
    const asked = 'pricing import --catalogue --provider deepseek --provider google=gem';
    const shown = await json<{ added: number; left_out: unknown[] }>(`${asked} --dry-run`);
    expect(shown.added).toBeGreaterThan(100);
    expect(await json(asked)).toMatchObject({ added: shown.added, revised: 0 });
    expect(await json('pricing sync')).toMatchObject({
      ...{ added: 0, revised: 0, unchanged: shown.added },
      providers: [
        { id: 'deepseek', name: 'deepseek' },
        { id: 'google', name: 'gem' },
      ],
    });
    expect((await say('pricing import --catalogue --provider nobody')).code).toBe(3);
    expect((await say('pricing import prices.csv --catalogue')).code).toBe(2);
  });
});
