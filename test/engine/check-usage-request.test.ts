import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call, request } from './steps.ts';

const { sql } = await testDatabase();

test('what follows the path of an endpoint is not kept, and all else stays', async () => {
  const given = { endpoint: '/v1/chat?key=1#x', model: 'gpt-4o', input_tokens: 3, cached_tokens: 3 };
  expect(await call(sql, 'check_usage_request', request(given))).toMatchObject({
    ...given,
    endpoint: '/v1/chat',
  });
});

test.each([
  ['a quantity below zero', { quantity: -1 }, 'Quantity -1'],
  ['a quantity without end', { quantity: 'Infinity' }, 'Quantity Infinity'],
  ['tokens below zero', { input_tokens: -1 }, 'Tokens and cost'],
  ['a cost that is no number', { cost: 'NaN' }, 'Tokens and cost'],
  ['more cached than input tokens', { input_tokens: 3, cached_tokens: 4 }, 'Cached tokens (4)'],
  ['units that are no object', { units: [1] }, 'Units'],
  ['units below zero', { units: { seconds: -1 } }, 'Units'],
  ['an instant outside the calendar', { at: 'infinity' }, 'not a valid time'],
  ['a key of 501 characters', { key: 'k'.repeat(501) }, '501 characters'],
  ['metadata that is too long', { metadata: { text: 'x'.repeat(65536) } }, 'at most 65536'],
  [
    'a secret in metadata',
    { metadata: { key: 'sk_live_abcdefghijklmnop' } },
    'The metadata contains a Stripe key',
  ],
  ['a secret in a session', { session: 'AKIAABCDEFGHIJKLMNOP' }, 'The session contains an AWS key'],
])('refuses %s', async (_, given, message) => {
  const refused = call(sql, 'check_usage_request', request(given));
  await expect(refused).rejects.toMatchObject({
    code: 'SB002',
    message: expect.stringContaining(message) as string,
  });
});
