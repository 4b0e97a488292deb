import { expect, test } from 'vitest';
import { createBatchSizer } from '../../src/tasks/batch-sizer.ts';

test('a page takes what is done in 30 ms: fewer rows where they are slow, more where they are quick', () => {
  const sizer = createBatchSizer();
  expect(sizer.size).toBe(250);
  sizer.measured(250, 25);
  expect(sizer.size).toBe(300);
  sizer.measured(300, 40);
  expect(sizer.size).toBe(225);
  sizer.measured(225, 10);
  expect(sizer.size).toBe(450); // 675 would be more than twice as many
});

test('neither a stall nor a clock that stands still makes a page smaller than 200 rows or larger than 1,000', () => {
  const sizer = createBatchSizer();
  sizer.measured(250, 60_000);
  expect(sizer.size).toBe(200);
  for (let count = 0; count < 20; count += 1) sizer.measured(sizer.size, 0);
  expect(sizer.size).toBe(1_000);
  sizer.measured(0, 500);
  expect(sizer.size).toBe(1_000);
});

test('a size that was asked for stays', () => {
  const sizer = createBatchSizer(4);
  sizer.measured(4, 1_000);
  expect(sizer.size).toBe(4);
});
