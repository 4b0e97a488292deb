import { beforeAll, describe, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { prepareCatalogue, stateOf, subscribe } from '../tasks/fixture.ts';

const { sql, env } = await testDatabase();
const due = '2026-02-10T09:00:00.000Z';
const call = (line: string) => subctl(line.split(' '), { env });

beforeAll(async () => {
  await prepareCatalogue(sql);
});

const tasks = [
  'reset-monthly-usage',
  'reset-credits',
  'check-expired',
  'handle-renewals',
  'send-alerts',
  'prune',
];

test.each(tasks)('J5: %s with nothing to do exits 0 and prints the fixed envelope', async (task) => {
  await sql`select subctl_internal.ensure_partitions('2026-01-01')`;
  const { code, stdout, stderr } = await call(`${task} --as-of 2026-01-01 --json`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    task,
    as_of: '2026-01-01T00:00:00.000Z',
    done: 0,
    skipped: 0,
    parked: 0,
    rows: [],
  });
  expect((await call(`${task} --as-of 2026-01-01`)).stdout).toBe(
    `${task} as of 2026-01-01T00:00:00.000Z: 0 done, 0 skipped, 0 parked\n`,
  );
});

test('J1: the dry run shows rows and writes nothing, not even a run; the run then does the same, and shows it with --verbose', async () => {
  await subscribe(sql, ['dry1', 'dry2'], 'term', '2026-01-10T09:00Z');
  const before = [
    await stateOf(sql),
    await sql`select * from subctl.job_runs`,
    await sql`select * from subctl.jobs order by task`,
  ];
  const dry = await call(`check-expired --as-of ${due} --dry-run --json`);
  expect([
    await stateOf(sql),
    await sql`select * from subctl.job_runs`,
    await sql`select * from subctl.jobs order by task`,
  ]).toEqual(before);
  const shown = JSON.parse(dry.stdout) as { rows: Record<string, unknown>[] };
  expect(shown.rows).toMatchObject([
    { customer: 'dry1', action: 'expire', due_at: due },
    { customer: 'dry2', action: 'expire', due_at: due },
  ]);
  expect(Object.keys(shown.rows[0]!)).toEqual(['customer', 'action', 'reason', 'subject', 'due_at']);
  const done = await call(`check-expired --as-of ${due} --verbose --json`);
  expect(done.code).toBe(0);
  expect(JSON.parse(done.stdout)).toEqual(shown);
  expect(JSON.parse((await call(`check-expired --as-of ${due} --verbose --json`)).stdout)).toMatchObject({
    done: 0,
    rows: [],
  });
});

test('J5, J14: a parked row makes the exit code 7, names the next command, and is listed, shown, retried and dropped', async () => {
  await subscribe(sql, ['good', 'sick'], 'term', '2026-01-10T09:00Z');
  await sql`alter table subctl.subscriptions add constraint sick check (customer_id <> 'sick' or status = 'active')`;
  const run = await call(`check-expired --as-of ${due} --json`);
  expect(run.code).toBe(7);
  expect(JSON.parse(run.stdout)).toMatchObject({ done: 1, skipped: 0, parked: 1, rows: [] });
  expect(run.stderr).toBe('check-expired parked 1: subctl parked list --task check-expired\n');

  const listed = JSON.parse((await call('parked list --task check-expired --json')).stdout) as unknown[];
  expect(listed).toMatchObject([
    { task: 'check-expired', customer: 'sick', attempts: 1, next_try_at: '2026-02-10T09:15:00.000Z' },
  ]);
  const shown = JSON.parse((await call('parked show check-expired sick --json')).stdout) as object;
  expect(shown).toMatchObject({
    last_error: expect.stringMatching(/sick/) as string,
    payload: { action: 'expire' },
  });
  const jobs = JSON.parse((await call('jobs list --json')).stdout) as { task: string }[];
  expect(jobs.find(({ task }) => task === 'check-expired')).toMatchObject({
    outcome: 'incomplete',
    waiting: 1,
  });

  expect((await call(`parked retry check-expired sick --as-of ${due}`)).code).toBe(7);
  await sql`alter table subctl.subscriptions drop constraint sick`;
  const retried = await call(`parked retry check-expired sick --as-of ${due} --json`);
  expect({ code: retried.code, ...(JSON.parse(retried.stdout) as object) }).toMatchObject({
    code: 0,
    done: 1,
    parked: 0,
  });
  expect((await call('parked list')).stdout).toBe('There are no parked rows.\n');

  await sql`insert into subctl.parked (task, customer_id, id, reason, first_at, last_at, last_error)
            values ('usage import', 'good', 'k1', 'usage', ${due}, ${due}, 'bad'), ('usage import', 'good', 'k2', 'usage', ${due}, ${due}, 'bad')`;
  const retry = await subctl(['parked', 'retry', 'usage import'], { env });
  expect(retry).toMatchObject({ code: 4, stderr: expect.stringMatching(/usage import/) as string });
  expect((await subctl(['parked', 'drop', 'usage import', 'good', '--yes'], { env })).code).toBe(2);
  expect((await subctl(['parked', 'drop', 'usage import', 'good', 'k1'], { env })).code).toBe(2); // nobody to ask
  expect((await subctl(['parked', 'drop', 'usage import', 'good', 'k1', '--dry-run'], { env })).code).toBe(0);
  expect(
    (await subctl(['parked', 'drop', 'usage import', 'good', 'k1', '--yes', '--reason', 'mended'], { env }))
      .code,
  ).toBe(0);
  expect(await sql`select id from subctl.parked`).toEqual([{ id: 'k2' }]);
  expect(await sql`select reason from subctl.changes where action = 'parked drop'`).toEqual([
    { reason: 'mended' },
  ]);
});

describe('wrong use', () => {
  test.each([
    ['check-expired --customer nobody', 3, /no customer 'nobody'/],
    ['check-expired --limit 0', 2, /--limit/],
    ['handle-renewals --charge-missed some', 2, /latest, all, none/],
    ['reset-credits --as-of noon', 2, /noon/],
    ['check-expirde', 2, /check-expired/],
    ['parked show check-expired nobody', 3, /parked nothing of nobody/],
    ['jobs pause check-expird', 2, /did you mean check-expired/],
    ['jobs history nothing', 2, /no task 'nothing'/],
    ['jobs next check-expired --cron 0', 2, /not both/],
    ['schedule print launchd', 2, /cron, systemd, windows/],
  ])('%s exits %i', async (line, code, sentence) => {
    const result = await call(line);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
    expect(result.stderr).toMatch(sentence);
  });
});
