import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inDryRun } from '../../src/database/dry-run.ts';
import { testDatabase } from '../support/database.ts';
import { failedChecks } from './failed-checks.ts';
import { faults } from './faults/all.ts';
import { buildTown, townNow } from './town.ts';

const { sql } = await testDatabase();
beforeAll(() => buildTown(sql), 60_000);

it('R45 finds nothing in a healthy town', async () => {
  expect(await failedChecks(sql, townNow)).toEqual([]);
});

describe(`R45 names each of ${faults.length} planted faults`, () => {
  it.each(faults)('$what', async ({ check, customer, sql: fault }) => {
    const found = await inDryRun(sql, async (tx) => {
      await tx.unsafe(fault);
      return (await runChecks(tx, { now: townNow })).filter(({ count }) => count > 0);
    });
    const named = found.find((each) => each.check === check);
    expect(
      named?.sample.map((row) => row.customer),
      JSON.stringify(found),
    ).toContain(customer);
  });
});
