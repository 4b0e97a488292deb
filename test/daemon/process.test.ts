import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { scaled } from '../support/load.ts';
import { openProxy } from '../support/proxy.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { prepareCatalogue, subscribe } from '../tasks/fixture.ts';
import { doorOf, through, until } from './fixture.ts';

const { sql, env, url } = await testDatabase();
const cwd = temporaryFolder('subctl-daemon-');
const bin = path.join(root, 'bin/subctl.js');

afterAll(() => removeFolder(cwd));
beforeAll(() => prepareCatalogue(sql));

function start(words: string[] = [], more: Record<string, string> = {}) {
  const all = [bin, 'daemon', '--listen', 'none', ...words];
  const child = spawn(process.execPath, all, {
    env: { PATH: process.env['PATH'] ?? '', ...env, ...more },
    cwd,
  });
  let log = '';
  child.stderr.on('data', (data: Buffer) => (log += data.toString()));
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { child, ended, log: () => log };
}

interface Line {
  time: string;
  msg: string;
  [fact: string]: unknown;
}

const linesOf = (log: string) =>
  log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const took = (log: string) => {
  const at = (msg: string) => Date.parse(linesOf(log).find((line) => line.msg === msg)!.time);
  return at('stopped') - at('stopping');
};
const jobOf = async (task: string) => (await sql`select * from subctl.jobs where task = ${task}`)[0]!;

/** Makes a task due at once, whatever the time is. */
async function makeDue(task: string): Promise<void> {
  await sql`update subctl.jobs set next_due = date_trunc('minute', clock_timestamp()) - interval '1 minute', failures = 0 where task = ${task}`;
}

test('SIGTERM under load: the batch in hand is finished, the lease given back, the instant stays due, and it ends with exit code 0 within ten seconds', async () => {
  const ids = Array.from({ length: 4_000 }, (_, n) => `c${n}`);
  await subscribe(sql, ids, 'term', '2026-01-01T12:00:00Z'); // long over
  const daemon = start();
  await until(() => expect(daemon.log()).toContain('"at work"'));
  await makeDue('check-expired');
  await until(async () => {
    const [row] = await sql`select count(*)::int as n from subctl.subscriptions where status = 'expired'`;
    expect(row!['n']).toBeGreaterThan(0);
  });
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  expect(took(daemon.log())).toBeLessThan(scaled(10_000));
  const [run] =
    await sql`select outcome, done from subctl.job_runs where task = 'check-expired' order by started_at desc limit 1`;
  const [expired] = await sql`select count(*)::int as n from subctl.subscriptions where status = 'expired'`;
  const job = await jobOf('check-expired');
  expect(job).toMatchObject({ lease_owner: null, lease_until: null });
  if (run!['outcome'] === 'interrupted') {
    expect(run!['done']).toBe(expired!['n']);
    expect(job['next_due'] < new Date()).toBe(true);
  } else expect(expired).toEqual({ n: 4_000 }); // it was quicker than the signal
});

test('a batch that hangs does not hold up the end: it is cut off, undone, and its lease given back', async () => {
  await subscribe(sql, ['hung'], 'term', '2026-01-01T12:00:00Z');
  const daemon = start();
  await until(() => expect(daemon.log()).toContain('"at work"'));
  let stopped: number | string | null = 'not yet';
  await sql.begin(async (tx) => {
    await tx`select 1 from subctl.customers where id = 'hung' for update`;
    await tx`select 1 from subctl.subscriptions where customer_id = 'hung' for update`;
    await makeDue('check-expired');
    await until(
      async () =>
        expect(await tx`select 1 from pg_locks where not granted and pid <> pg_backend_pid()`).not.toEqual(
          [],
        ),
      30_000,
    );
    daemon.child.kill('SIGTERM');
    stopped = await daemon.ended;
    const [job] = await sql`select lease_owner from subctl.jobs where task = 'check-expired'`;
    expect(job).toEqual({ lease_owner: null });
  });
  expect(stopped).toBe(0);
  expect(took(daemon.log())).toBeLessThan(scaled(10_000));
  const [run] =
    await sql`select outcome from subctl.job_runs where task = 'check-expired' order by started_at desc limit 1`;
  expect(run).toEqual({ outcome: 'interrupted' });
});

test('a network that swallows everything does not keep the process: its sockets are let go of', async () => {
  const proxy = await openProxy(doorOf(url));
  const daemon = start([], { DATABASE_URL: through(proxy, url) });
  await until(() => expect(daemon.log()).toContain('"at work"'));
  proxy.stall(true);
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  expect(took(daemon.log())).toBeLessThan(scaled(10_000));
  await proxy.close();
});

test('a second signal ends it at once', async () => {
  const daemon = start();
  await until(() => expect(daemon.log()).toContain('"at work"'));
  await sql.begin(async (tx) => {
    await tx`lock table subctl.job_runs in share row exclusive mode`;
    await makeDue('check-expired');
    await until(async () =>
      expect(await tx`select 1 from pg_locks where not granted and pid <> pg_backend_pid()`).not.toEqual([]),
    );
    daemon.child.kill('SIGTERM');
    await until(() => expect(daemon.log()).toContain('"stopping"'));
    daemon.child.kill('SIGTERM');
    expect(await daemon.ended).toBe('SIGTERM');
  });
});

test('SIGHUP: the settings are read again, the log says what changed, secrets masked; what is wrong is told and not taken over', async () => {
  const file = path.join(cwd, 'subctl.yaml');
  fs.writeFileSync(file, 'timetable: { prune: "0 4 * * *" }\n');
  fs.writeFileSync(path.join(cwd, '.env'), 'SUBCTL_PING_PRUNE=http://127.0.0.1:9/secret-one\n');
  const daemon = start();
  await until(() => expect(daemon.log()).toContain('"at work"'));
  const before = (await jobOf('prune'))['next_due'] as Date;
  fs.writeFileSync(file, 'timetable: { prune: "30 5 * * *", timezone: Asia/Tokyo }\n');
  fs.writeFileSync(path.join(cwd, '.env'), 'SUBCTL_PING_PRUNE=http://127.0.0.1:9/secret-two\n');
  daemon.child.kill('SIGHUP');
  await until(async () => {
    const job = await jobOf('prune');
    expect(job).toMatchObject({ cron: '30 5 * * *', timezone: 'Asia/Tokyo' });
    expect(job['next_due']).not.toEqual(before);
  });
  const line = linesOf(daemon.log()).find(({ msg }) => msg === 'configuration read again')!;
  expect(line['timetable.prune']).toMatch(/^0 4 \* \* \* .* → 30 5 \* \* \* Asia\/Tokyo/);
  expect(line['pings.prune']).toBe('http://127.0.0.1:9/**** → http://127.0.0.1:9/****');
  expect(daemon.log()).not.toContain('secret-');

  fs.writeFileSync(file, 'timetable: { prune: "every day" }\n');
  daemon.child.kill('SIGHUP');
  await until(() => expect(daemon.log()).toContain('the new configuration is not taken over'));
  expect(await jobOf('prune')).toMatchObject({ cron: '30 5 * * *' });

  fs.writeFileSync(file, 'timetable: { prune: "30 5 * * *", timezone: Asia/Tokyo }\n');
  daemon.child.kill('SIGHUP');
  await until(() => expect(daemon.log()).toContain('nothing changed'));
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  [file, path.join(cwd, '.env')].forEach((each) => fs.rmSync(each));
});

const hasNotify =
  spawnSync('systemd-notify', ['--version']).status === 0 && spawnSync('perl', ['-v']).status === 0;

test.skipIf(!hasNotify)(
  'sd_notify: READY, STATUS, WATCHDOG, RELOADING with its time, READY again, STOPPING, through systemd-notify',
  async () => {
    const socket = path.join(cwd, 'notify');
    const receiver = spawn('perl', [
      '-MIO::Socket::UNIX',
      '-e',
      `$|=1; my $s=IO::Socket::UNIX->new(Type=>SOCK_DGRAM,Local=>$ARGV[0]) or die; print "ready\\n"; while(1){$s->recv(my $m,4096); $m=~s/\\n/;/g; print "$m\\n"}`,
      socket,
    ]);
    let heard = '';
    receiver.stdout.on('data', (data: Buffer) => (heard += data.toString()));
    await until(() => expect(heard).toContain('ready'));
    const daemon = start([], { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000' });
    await until(() => expect(heard).toMatch(/READY=1;STATUS=At work: \d+ tasks/));
    await until(() => expect(heard).toContain('WATCHDOG=1'));
    daemon.child.kill('SIGHUP');
    await until(() => expect(heard).toMatch(/RELOADING=1;MONOTONIC_USEC=\d+[\s\S]*READY=1/));
    daemon.child.kill('SIGTERM');
    expect(await daemon.ended).toBe(0);
    await until(() => expect(heard).toContain('STOPPING=1'));
    receiver.kill();
  },
);
