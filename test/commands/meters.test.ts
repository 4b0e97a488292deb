import { describe, expect, test } from 'vitest';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';

describe('meters, models and credit costs', async () => {
  const { env } = await testDatabase();
  const { say, json } = programOn(env);

  test('W5 meters list --all has the standard ones before any plan', async () => {
    expect(await json('meters list')).toEqual([]);
    expect(await json('meters list --all')).toContainEqual(
      expect.objectContaining({ meter: 'messages', tier: 'paid', in_use: false }),
    );
  });

  test('W5 meters add and meters show', async () => {
    expect((await say('meters add calls.cohere --dry-run')).code).toBe(0);
    expect(await json('meters add calls.cohere')).toMatchObject({
      meter: 'calls.cohere',
      providers: ['cohere'],
    });
    expect((await say('meters add calls.cohere')).code).toBe(8);
    expect(await json('meters add chats --kind chat --aggregation count')).toMatchObject({
      kinds: ['llm'],
      aggregation: 'count',
    });
    expect(await json('meters show chats')).toMatchObject({
      words: expect.arrayContaining(['llm', 'chat']) as string[],
      limits: [],
    });
    expect((await say('meters show chat')).stderr).toContain('did you mean chats?');
    expect((await say('meters add x --kind chatt')).stderr).toContain('did you mean chat?');
  });

  test('W13 models set says which models are free', async () => {
    expect(await json('models set openrouter *:free --tier free --multiplier 1.5')).toMatchObject({
      tier: 'free',
      multiplier: '1.5',
      changed: true,
    });
    expect(await json('models set openrouter *:free --multiplier 1.50')).toMatchObject({
      tier: 'free',
      changed: false,
    });
    expect(await json('models list')).toHaveLength(1);
    expect((await say('models set openrouter x --multiplier 0')).code).toBe(2);
  });

  test('C6 credit-costs set and credit-costs list', async () => {
    expect(await json('credit-costs set images 0.5')).toMatchObject({
      kind: 'image',
      before: null,
      amount: '0.5',
    });
    expect((await say('credit-costs set lora_training 40')).code).toBe(3);
    expect((await say('credit-costs set lora_training 40 --new-kind')).code).toBe(0);
    expect((await say('credit-costs set image 1001')).code).toBe(2);
    expect(await json('credit-costs list')).toMatchObject([
      { kind: 'image', amount: '0.5', plan: null },
      { kind: 'lora_training' },
    ]);
    expect(await json('credit-costs set image none')).toMatchObject({ before: '0.5', amount: null });
  });
});
