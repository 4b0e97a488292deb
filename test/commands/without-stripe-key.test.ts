import { beforeAll, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { env, sql } = await testDatabase();
const type = (line: string) => subctl(line.split(' '), { env: { ...env, STRIPE_SECRET_KEY: '' } });

beforeAll(async () => {
  expect(await type('setup --catalogue mobix')).toMatchObject({ code: 0 });
  expect(await type('customers add ann')).toMatchObject({ code: 0 });
});

test('without a key of Stripe nothing is begun that would wait for Stripe', async () => {
  for (const dryRun of [' --dry-run', '']) {
    const order = await type(`assign ann premium --collection charge${dryRun}`);
    expect(order).toMatchObject({ code: 5, stderr: expect.stringContaining('no Stripe key') as string });
  }
  expect(await type('assign ann premium --collection invoice')).toMatchObject({ code: 0 });

  const [{ number }] = await sql<[{ number: string }]>`select number from subctl.invoices`;
  expect(await type(`invoices charge ${number} --dry-run`)).toMatchObject({ code: 5 });
  expect(await type(`invoices charge ${number}`)).toMatchObject({ code: 5 });
  expect(await sql`select from subctl.payments`).toHaveLength(0);
  expect(await type(`invoices pay ${number} --reference bank-1`)).toMatchObject({ code: 0 });
});
