import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { manners, openPretendServer } from '../support/pretend-server.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { sql, env, name } = await testDatabase();
await sql`insert into subctl.customers (id, created_at) values ('ann', '2026-01-01')`;
const folder = temporaryFolder('subctl-signals-');
afterAll(() => removeFolder(folder));

interface Started {
  child: ChildProcess;
  said: () => string;
  /** the exit code, or the signal that ended it */
  ended: Promise<number | string | null>;
}

function start(words: string, more: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [path.join(root, 'bin/subctl.js'), ...words.split(' ')], {
    env: { ...env, PATH: process.env['PATH'], ...more },
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (text) => (said += String(text)));
  child.stderr.on('data', (text) => (said += String(text)));
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { child, said: () => said, ended };
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 25));
}

const isWaiting = async () =>
  (
    await sql`select 1 from pg_stat_activity where datname = ${name} and application_name = 'subctl' and wait_event_type = 'Lock'`
  ).length > 0;

const books = async () =>
  (
    await sql`select (select count(*) from subctl.changes) as changes, (select count(*) from subctl.credit_entries) as entries,
      (select count(*) from subctl.plans) as plans, (select name from subctl.customers where id = 'ann') as name`
  )[0];

/** Holds what every command that writes needs, until the promise of `work` is settled. */
async function whileHeld(work: () => Promise<void>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`lock table subctl.changes, subctl.customers, subctl.jobs in access exclusive mode`;
    await work();
  });
}

describe('H9: the first signal ends a command that waits', () => {
  it.each([
    ['credits add ann 5 --reason x', 'SIGTERM', 143],
    ['credits add ann 5 --reason x', 'SIGINT', 130],
    ['customers edit ann --name Ann', 'SIGTERM', 143],
    ['customers add bob', 'SIGTERM', 143],
    ['reset-credits', 'SIGTERM', 143],
    ['run-due', 'SIGTERM', 143],
  ] as const)('H9: %s, held by a lock, %s: exit %i, and nothing is written', async (words, signal, code) => {
    const before = await books();
    await whileHeld(async () => {
      const { child, ended } = start(words);
      await Promise.race([until(isWaiting), ended]);
      child.kill(signal);
      await expect(ended).resolves.toBe(code);
      await until(async () => !(await isWaiting())); // canceled at the server too
    });
    expect(await books()).toEqual(before);
  });

  it('H9: a command that waits for a lock says whose it is', async () => {
    await whileHeld(async () => {
      const { child, said, ended } = start('credits add ann 5 --reason x');
      await until(() => said().includes('Waiting for a lock that another session holds (process '));
      child.kill('SIGTERM');
      await ended;
    });
  });

  it('H9: waiting for a lock has a bound', async () => {
    const [row] = await sql<[{ bound: string }]>`select current_setting('lock_timeout') as bound`;
    expect(row.bound).toBe('1min');
  });

  it.each(['plans list -o pipe', 'usage import pipe', 'usage import -'])(
    'H9: %s that nobody serves: 143',
    async (words) => {
      spawnSync('mkfifo', [path.join(folder, 'pipe')]);
      const { child, ended } = start(words);
      await new Promise((resolve) => setTimeout(resolve, 1_500)); // early is 143 too
      child.kill('SIGTERM');
      expect([143, 'SIGTERM']).toContain(await ended); // a shell says 143 of both
    },
  );
});

describe('B36: Ctrl-C in an import', () => {
  const file = (name: string, text: string) => writeFileSync(path.join(folder, name), text);

  it('B36: usage import says how far it came, and given again records the rest once', async () => {
    const rows = Array.from({ length: 500 }, (_, n) => `ann,image,1,row-${n}\n`);
    await expect(start('plans create free --price 1mo=0 --default').ended).resolves.toBe(0);
    spawnSync('mkfifo', [path.join(folder, 'uses')]);
    const { child, said, ended } = start('usage import uses');
    const pipe = await open(path.join(folder, 'uses'), 'w');
    await pipe.write(`customer,kind,quantity,key\n${rows.slice(0, 450).join('')}`);
    const recorded = async () => (await sql`select count(*)::int as n from subctl.usage_keys`)[0]!['n'];
    await until(async () => (await recorded()) === 400);
    child.kill('SIGINT');
    expect([130, 'SIGINT']).toContain(await ended); // a shell says 130 of both: nobody has closed the pipe
    await pipe.close();
    expect(said()).toContain('400 of the first 400 rows are recorded. Import the file again');
    file('uses.csv', `customer,kind,quantity,key\n${rows.join('')}`);
    const again = start('usage import uses.csv --json');
    await expect(again.ended).resolves.toBe(0);
    expect(JSON.parse(again.said())).toMatchObject({ read: 500, recorded: 100, replayed: 400, rejected: 0 });
    expect(await recorded()).toBe(500);
  });

  it.each([
    ['customers import new.csv', 'id\nc1\nc2\n', { read: 2, added: 2 }],
    [
      'pricing import new.csv --yes',
      'provider,model,kind,unit,price_usd,per,effective_from,source\nacme,m1,input_tokens,token,1,1000000,2026-01-01,list\n',
      { added: 1 },
    ],
  ])('B36: %s says that nothing was written, and given again takes all', async (words, text, done) => {
    file('new.csv', text);
    await whileHeld(async () => {
      const { child, said, ended } = start(words);
      await Promise.race([until(isWaiting), ended]);
      child.kill('SIGINT');
      await expect(ended).resolves.toBe(130);
      expect(said()).toContain(`'${words.split(' ').slice(0, 2).join(' ')}' wrote nothing`);
    });
    const again = start(`${words} --json`);
    await expect(again.ended).resolves.toBe(0);
    expect(JSON.parse(again.said())).toMatchObject(done);
  });
});

describe('P3: SIGTERM ends a command that is connecting to a silent server', () => {
  it.each([
    ['plans list', 143],
    ['reset-credits', 143],
    ['setup --yes', 143],
    ['doctor', 143],
    ['run-due', 143],
    ['serve --listen 127.0.0.1:0', 143],
    ['usage check ann --kind llm', 143],
    ['jobs list', 143],
    ['daemon --listen 127.0.0.1:0', 0],
  ] as const)('P3: %s: %i', async (words, code) => {
    const server = await openPretendServer(manners['is silent']!);
    const { child, ended } = start(words, { DATABASE_URL: `postgres://u:p@127.0.0.1:${server.port}/d` });
    await until(() => server.count > 0);
    child.kill('SIGTERM');
    await expect(ended).resolves.toBe(code);
    expect(server.count).toBe(1);
    await server.close();
  });

  it.each([
    'plans list',
    'reset-credits',
    'setup --yes',
    'doctor',
    'db status',
    'serve --listen 127.0.0.1:0',
    'jobs list',
    'run-due',
  ])('P3: %s against a server that closes: exit 6 after one connection', async (words) => {
    const server = await openPretendServer(manners['closes']!);
    const { ended } = start(words, {
      DATABASE_URL: `postgres://u:p@127.0.0.1:${server.port}/d?sslmode=disable`,
    });
    await expect(ended).resolves.toBe(6);
    expect(server.count).toBe(1);
    await server.close();
  });
});
