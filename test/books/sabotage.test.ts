import { beforeAll, describe, expect, it } from 'vitest';
import { prove } from '../../src/books/prove.ts';
import { proofs } from '../../src/books/proofs.ts';
import { inRehearsal } from '../../src/database/rehearse.ts';
import { testDatabase } from '../support/database.ts';
import type { Damage } from './damage.ts';
import { catalogueDamages } from './damages/catalogue.ts';
import { creditDamages } from './damages/credits.ts';
import { moneyDamages } from './damages/money.ts';
import { subscriptionDamages } from './damages/subscriptions.ts';
import { usageDamages } from './damages/usage.ts';
import { provenBy } from './proven.ts';
import { buildTown, townNow } from './town.ts';

const { sql } = await testDatabase();
beforeAll(() => buildTown(sql), 60_000);

const damages: Damage[] = [
  ...creditDamages,
  ...usageDamages,
  ...subscriptionDamages,
  ...moneyDamages,
  ...catalogueDamages,
];

it('R45 finds nothing in a clean town', async () => {
  expect(await provenBy(sql, townNow)).toEqual([]);
});

describe(`R45 names what ${damages.length} kinds of damage did`, () => {
  it.each(damages)('$what', async ({ proof, customer, sql: damage }) => {
    const found = await inRehearsal(sql, async (tx) => {
      await tx.unsafe(damage);
      return (await prove(tx, { now: townNow })).filter(({ count }) => count > 0);
    });
    const named = found.find((each) => each.proof === proof);
    expect(
      named?.sample.map((row) => row.customer),
      JSON.stringify(found),
    ).toContain(customer);
  });
});

it('every proof has a damage that only it is asked to name', () => {
  expect(
    proofs.map(({ name }) => name).filter((name) => !damages.some(({ proof }) => proof === name)),
  ).toEqual([]);
});
