import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { claimRun } from '../../src/tasks/claim.ts';
import { finishRun } from '../../src/tasks/finish.ts';
import { startPings } from '../../src/tasks/pings.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { prepareCatalogue, subscribe } from './fixture.ts';

interface Heard {
  path: string;
  rid: string | null;
  body: Record<string, unknown>;
}

const { sql, env } = await testDatabase();
const heard: Heard[] = [];
let answers: number[] = [];
const monitor = createServer((request, response) => {
  let text = '';
  request.on('data', (data: Buffer) => (text += data.toString()));
  request.on('end', () => {
    const url = new URL(request.url!, 'http://monitor');
    heard.push({
      path: url.pathname,
      rid: url.searchParams.get('rid'),
      body: JSON.parse(text) as Record<string, unknown>,
    });
    response.writeHead(answers.shift() ?? 200).end('OK');
  });
});
await new Promise<void>((resolve) => monitor.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${(monitor.address() as AddressInfo).port}`;
const paths = () => heard.map(({ path }) => path);
const settled = (count: number) =>
  vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(count), 120_000);

beforeAll(() => prepareCatalogue(sql));
beforeEach(() => {
  heard.length = 0;
  answers = [];
});
afterAll(() => new Promise((resolve) => monitor.close(resolve)));

test('a run of a crontab line is pinged at its start and its success, with one rid and a summary of what it did', async () => {
  await subscribe(sql, ['ann'], 'term', '2026-01-01T12:00Z');
  const own = { ...env, SUBCTL_PING_CHECK_EXPIRED: `${base}/key/expiry?create=1` };
  expect((await subctl(['check-expired', '--as-of', '2026-03-01'], { env: own })).code).toBe(0);
  await settled(2);
  expect(paths()).toEqual(['/key/expiry/start', '/key/expiry/0']);
  expect(heard[0]!.rid).toMatch(/^[0-9a-f-]{36}$/);
  expect(heard[1]!.rid).toBe(heard[0]!.rid);
  expect(heard[1]!.body).toMatchObject({
    task: 'check-expired',
    outcome: 'done',
    exit: 0,
    done: 1,
    parked: 0,
    as_of: '2026-03-01T00:00:00.000Z',
  });
});

test('with one URL for all, the name of the task is its last part; run-due pings what it runs and nothing else', async () => {
  const off = { ...env, SUBCTL_TIMETABLE_SEND_ALERTS: 'off', SUBCTL_TIMETABLE_STRIPE_RECONCILE: 'off' };
  const all = { ...off, SUBCTL_PING_URL: `${base}/key/`, SUBCTL_PING_PRUNE: '' };
  await subctl(['run-due', '--as-of', '2026-03-02T00:00Z'], { env: off });
  expect((await subctl(['run-due', '--as-of', '2026-03-02T04:30Z'], { env: all })).code).toBe(0);
  await settled(6);
  expect(new Set(paths())).toEqual(
    new Set(
      ['reset-credits', 'check-expired', 'handle-renewals'].flatMap((task) => [
        `/key/${task}/start`,
        `/key/${task}/0`,
      ]),
    ),
  );
});

test("parked rows are 7, a failure is its exit code, and a run for a part is nobody's success", async () => {
  const own = { ...env, SUBCTL_PING_URL: base };
  await sql.unsafe('alter function subctl_internal.due_expiries rename to away');
  const failed = await subctl(['check-expired', '--as-of', '2026-03-03'], { env: own });
  await sql.unsafe('alter function subctl_internal.away rename to due_expiries');
  await settled(2);
  expect(paths()).toEqual(['/check-expired/start', `/check-expired/${failed.code}`]);
  expect(heard[1]!.body).toMatchObject({
    outcome: 'failed',
    error: expect.stringContaining('due_expiries') as string,
  });
  heard.length = 0;
  await subctl(['check-expired', '--customer', 'ann', '--as-of', '2026-03-03'], { env: own });
  expect(heard).toEqual([]);
});

test('exit 8, another run at work, goes to the log and is no failure', async () => {
  const run = await claimRun(sql, {
    task: 'check-expired',
    now: new Date('2026-03-04'),
    mode: 'named',
    trigger: 'test',
    actor: 'tester',
  });
  const held = await subctl(['check-expired', '--as-of', '2026-03-04'], {
    env: { ...env, SUBCTL_PING_URL: base },
  });
  expect(held.code).toBe(8);
  await settled(1);
  expect(paths()).toEqual(['/check-expired/log']);
  await finishRun(sql, run!, new Date('2026-03-04'), {
    outcome: 'done',
    done: 0,
    skipped: 0,
    parked: 0,
    changeId: null,
  });
});

test('a monitor that is down or stupid never fails or holds up the run, and is told without the URL', async () => {
  const troubles: string[] = [];
  const quick = {
    pausesMs: [1, 1],
    timeoutMs: 20_000,
    onProblem: (sentence: string) => troubles.push(sentence),
  };
  answers = [500, 429, 200, 404];
  const pings = startPings({ base: `${base}/secret`, tasks: {} }, quick);
  const run = {
    task: 'prune',
    token: '1',
    scheduledFor: new Date(0),
    sequence: 1,
    asOf: new Date(0),
    isDue: true,
    enabled: true,
    cron: '',
    timezone: '',
    catchUp: 'latest',
  } as never;
  pings.started(run);
  pings.ended(run, { outcome: 'done', exit: 0, done: 1, skipped: 0, parked: 0, changeId: null });
  await pings.settled();
  expect(paths()).toEqual([...Array.from({ length: 3 }, () => '/secret/prune/start'), '/secret/prune/0']);
  expect(troubles).toEqual(['The ping 0 of prune was not taken: status 404']);

  troubles.length = 0;
  const gone = startPings({ base: 'http://127.0.0.1:9/secret', tasks: {} }, quick);
  gone.started(run);
  await gone.settled();
  expect(troubles).toEqual([
    expect.stringMatching(/^The ping start of prune was not taken: (ECONNREFUSED|TypeError|Error)$/),
  ]);

  const unreachable = { ...env, SUBCTL_PING_URL: 'http://127.0.0.1:9/x' };
  const done = await subctl(['prune', '--as-of', '2026-03-05'], { env: unreachable });
  expect(done).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  [
    { SUBCTL_PING_CHEK_EXPIRED: 'https://h/x' },
    "no task 'chek-expired' to ping for (SUBCTL_PING_CHEK_EXPIRED), did you mean check-expired?",
  ],
  [
    { SUBCTL_PING_PRUNE: 'hc-ping.com/key' },
    'The ping URL of prune (SUBCTL_PING_PRUNE) is not an URL of the web',
  ],
  [
    { SUBCTL_PING_URL: 'file:///etc/passwd' },
    'The ping URL of all tasks (SUBCTL_PING_URL) is not an URL of the web',
  ],
])('wrong settings are refused, and the URL is not repeated', async (wrong, sentence) => {
  const { code, stderr } = await subctl(['prune'], { env: { ...env, ...wrong } });
  expect(code).toBe(5);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain('hc-ping.com/key');
});

test('config show masks the URLs', async () => {
  const shown = await subctl(['config', 'show', '--json'], {
    env: { ...env, SUBCTL_PING_URL: 'https://hc-ping.com/KEY' },
  });
  expect(shown.stdout).toContain('https://hc-ping.com/****');
  expect(shown.stdout).not.toContain('KEY');
});
