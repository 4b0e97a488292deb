import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { sql, env } = await testDatabase();
const folder = temporaryFolder('subctl-migrate-');
afterAll(() => removeFolder(folder));
const at = '2026-01-10T00:00:00Z';

/** Three versions of pro, with a subscriber of each, and somebody on another plan. */
beforeAll(async () => {
  await loadLadder(sql);
  for (const [version, credits] of [
    [2, 150],
    [3, 200],
  ] as const) {
    await sql`insert into subctl.plan_versions (plan_id, version, created_at, credits) values ('pro', ${version}, ${at}, ${credits})`;
    await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('pro', ${version}, '1mo', 'USD', 29.99)`;
  }
  await sql`select subctl_internal.compile_all()`;
  for (const [n, id] of ['one', 'two', 'three'].entries()) {
    await sql`update subctl.plans set current_version = ${n + 1} where id = 'pro'`;
    await addOne(sql, { id });
    await assign(sql, at, { customer: id, plan: 'pro', collection: 'complimentary' });
  }
  await addOne(sql, { id: 'other' });
  await assign(sql, at, { customer: 'other', plan: 'max', collection: 'complimentary' });
});

const migrate = async (...args: string[]) => {
  const line = ['plans', 'migrate', 'pro', '--as-of', '2026-01-12T00:00:00Z', '--json', ...args];
  const { code, stdout, stderr } = await subctl(line, { env });
  return { code, stderr, ...(stdout ? (JSON.parse(stdout) as Record<string, unknown>) : {}) };
};
const versions = async () =>
  Object.fromEntries(
    (await sql`select customer_id, version from subctl.subscriptions where plan_id = 'pro'`).map((row) => [
      row['customer_id'],
      row['version'],
    ]),
  );

test('plans migrate --to a version that is not the current one moves up and back, and a dry run says whom', async () => {
  const { code, ...shown } = await migrate('--to', '2', '--dry-run');
  expect([code, shown]).toMatchObject([
    0,
    {
      migrated: 2,
      rows: [
        { customer: 'one', from_version: 1, to_version: 2 },
        { customer: 'three', from_version: 3, to_version: 2 },
      ],
      changes: expect.arrayContaining([
        { from_version: 1, what: 'credits', before: '100', after: '150' },
        { from_version: 3, what: 'credits', before: '200', after: '150' },
      ]) as object[],
    },
  ]);
  expect(await versions()).toEqual({ one: 1, two: 2, three: 3 });
  expect(await migrate('--to', '2', '--from', '3')).toMatchObject({ code: 0, migrated: 1 });
  expect(await versions()).toEqual({ one: 1, two: 2, three: 2 });
});

test('plans migrate --from-file moves the customers of the file, and names those who are not on the plan', async () => {
  const file = path.join(folder, 'who.csv');
  writeFileSync(file, 'customer\none\nother\nnobody\n');
  expect(await migrate('--to', '3', '--from-file', file)).toMatchObject({
    code: 7,
    migrated: 1,
    skipped: 2,
    rows: [
      { customer: 'nobody', action: 'skipped', reason: 'There is no such customer' },
      { customer: 'other', action: 'skipped', reason: 'The subscription is to max' },
    ],
  });
  expect(await versions()).toEqual({ one: 3, two: 2, three: 2 });
});

test('a version that there is not, and a file that names nobody, are refused', async () => {
  expect(await migrate('--to', '9')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('Plan pro has no version 9') as string,
  });
  const file = path.join(folder, 'empty.csv');
  writeFileSync(file, 'customer\n');
  expect(await migrate('--from-file', file)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('contains no customers') as string,
  });
});
