import { expect, test } from 'vitest';
import { startPace } from '../../src/tasks/pace.ts';

test('a page takes what is done in 30 ms: fewer rows where they are slow, more where they are quick', () => {
  const pace = startPace();
  expect(pace.size).toBe(250);
  pace.took(250, 25);
  expect(pace.size).toBe(300);
  pace.took(300, 40);
  expect(pace.size).toBe(225);
  pace.took(225, 10);
  expect(pace.size).toBe(450); // 675 would be more than twice as many
});

test('neither a stall nor a clock that stands still makes a page smaller than 200 rows or larger than 1,000', () => {
  const pace = startPace();
  pace.took(250, 60_000);
  expect(pace.size).toBe(200);
  for (let count = 0; count < 20; count += 1) pace.took(pace.size, 0);
  expect(pace.size).toBe(1_000);
  pace.took(0, 500);
  expect(pace.size).toBe(1_000);
});

test('a size that was asked for stays', () => {
  const pace = startPace(4);
  pace.took(4, 1_000);
  expect(pace.size).toBe(4);
});
