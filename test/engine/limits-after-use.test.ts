import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call, counts } from './steps.ts';

const { sql } = await testDatabase();
const shown = async (step: string, given: object, ...more: ['boolean', string][]) => {
  const told = await call<string | object[]>(sql, step, counts(given), ...more);
  return (typeof told === 'string' ? JSON.parse(told) : told) as Record<string, unknown>[];
};
const after = (given: object, reserves = 'false') => shown('limits_after_use', given, ['boolean', reserves]);
const head = {
  meter: 'messages',
  window: 'month',
  scope: 'customer',
  window_start: '2026-03-01T00:00:00.000Z',
};

test.each([
  ['what is left', { used: 2, asked: 3 }, { used: '5', limit: '10', remaining: '5', percent: '50' }],
  [
    'R11: no percentage without a limit',
    { limit_value: null },
    { limit: null, remaining: null, percent: null },
  ],
  [
    'a limit of 0 has none either',
    { limit_value: 0, asked: 0 },
    { limit: '0', remaining: '0', percent: null },
  ],
  [
    'nothing is left below nothing',
    { used: 11.5, asked: 1 },
    { used: '12.5', remaining: '0', percent: '125' },
  ],
  ['two decimals of a percentage', { limit_value: 3, asked: 1 }, { remaining: '2', percent: '33.33' }],
  ['zeros at the end are cut', { used: '1.50', asked: '0.50' }, { used: '2', remaining: '8' }],
  ['a window without an end', { ends: 'infinity' }, { resets_at: null }],
  [
    'what others hold',
    { used: 2, asked: 1, held: 4 },
    { used: '3', remaining: '7', held: '4', available: '3' },
  ],
])('after a use: %s', async (_, given, limit) => {
  expect(await after(given)).toEqual([expect.objectContaining({ ...head, ...limit })]);
});

test('the texts of a meter are escaped', async () => {
  expect(await after({ meter: 'a "b" \\' })).toEqual([expect.objectContaining({ meter: 'a "b" \\' })]);
});

test('a reservation uses nothing and holds what is asked', async () => {
  const held = { used: '2', held: '5', available: '3' };
  expect(await after({ used: 2, asked: 1, held: 4 }, 'true')).toEqual([expect.objectContaining(held)]);
});

test('before a use each limit says what is asked, and whether that is too much', async () => {
  expect(await shown('limits_before_use', { used: 8, asked: 3, held: 1 })).toEqual([
    expect.objectContaining({ ...head, used: '8', requested: '3', exceeded: true, held: '1' }),
  ]);
  expect(await shown('limits_before_use', { used: 8, asked: 3, is_hard: false })).toEqual([
    expect.objectContaining({ used: '8', exceeded: false }),
  ]);
});
