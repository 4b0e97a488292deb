import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { checks } from '../../src/integrity/catalogue.ts';
import { inRehearsal } from '../../src/database/rehearse.ts';
import { testDatabase } from '../support/database.ts';
import type { Fault } from './fault.ts';
import { catalogueFaults } from './faults/catalogue.ts';
import { creditFaults } from './faults/credits.ts';
import { moneyFaults } from './faults/money.ts';
import { subscriptionFaults } from './faults/subscriptions.ts';
import { usageFaults } from './faults/usage.ts';
import { failedChecks } from './failed-checks.ts';
import { buildTown, townNow } from './town.ts';

const { sql } = await testDatabase();
beforeAll(() => buildTown(sql), 60_000);

const faults: Fault[] = [
  ...creditFaults,
  ...usageFaults,
  ...subscriptionFaults,
  ...moneyFaults,
  ...catalogueFaults,
];

it('R45 finds nothing in a clean town', async () => {
  expect(await failedChecks(sql, townNow)).toEqual([]);
});

describe(`R45 names what ${faults.length} kinds of fault did`, () => {
  it.each(faults)('$what', async ({ check, customer, sql: fault }) => {
    const found = await inRehearsal(sql, async (tx) => {
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

it('every check has a fault that only it is asked to name', () => {
  expect(
    checks.map(({ name }) => name).filter((name) => !faults.some(({ check }) => check === name)),
  ).toEqual([]);
});
