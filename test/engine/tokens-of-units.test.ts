import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call } from './steps.ts';

const { sql } = await testDatabase();

test.each([
  ['stt', { bytes: 64000 }, 4],
  ['voice', { bytes: 15999 }, 0],
  ['llm', { bytes: 64000 }, null],
  ['tts', { characters: '90' }, 180],
  ['llm', { characters: 90 }, 22],
  ['llm', { words: 12 }, 15],
  ['llm', { words: 12, characters: 90 }, 15],
  ['image', { words: 12 }, null],
  ['llm', { seconds: 3 }, null],
])('R18: %s with %j is estimated at %s tokens', async (kind, units, tokens) => {
  expect(await call(sql, 'tokens_of_units', ['text', kind], ['jsonb', units])).toBe(tokens);
});
