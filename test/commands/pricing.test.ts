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
      expect.stringContaining('mistral/any has no price of its own: the default of mistral applies'),
    ]);
  });
});
