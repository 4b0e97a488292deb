import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { libpqEnvironment } from '../../src/database/libpq-environment.ts';
import { openPasswordFile } from '../../src/database/password-file.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { testDatabase } from '../support/database.ts';
import { manners, openPretendServer, type PretendServer } from '../support/pretend-server.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { url } = await testDatabase({ empty: true });
const living = parseDatabaseUrl(url);
const folder = temporaryFolder('subctl-pgpass-');
const hasPsql = spawnSync('psql', ['--version']).status === 0;
const hasPassword = living.password !== undefined;
const opened: PretendServer[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});
afterAll(() => removeFolder(folder));

function passFile(text: string, mode = 0o600): string {
  const file = path.join(folder, 'pgpass');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

async function asking() {
  const server = await openPretendServer(manners['asks for a password and closes']!);
  opened.push(server);
  return server;
}

async function ask(target: string, env: NodeJS.ProcessEnv) {
  const connection = connectTo(parseDatabaseUrl(target, env), 1);
  try {
    return await connection`select 1`.then(() => 'connected' as const, refusalOf);
  } finally {
    await connection.end({ timeout: 0 });
  }
}

function askPsql(target: string, env: NodeJS.ProcessEnv): Promise<number | null> {
  const child = spawn('psql', ['-w', target, '-Atc', 'select 1'], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
  });
  return new Promise((resolve) => child.once('close', resolve));
}

/** The password in the message that answers a server's question. */
const sentTo = ({ received }: PretendServer) => /p\0\0\0.([^\0]*)\0/s.exec(received)?.[1];

describe('the password file', () => {
  it.runIf(hasPassword)('a password that neither the URL nor PGPASSWORD says comes from it', async () => {
    const { user, password, hosts, ports, database } = living;
    const escaped = password!.replace(/[\\:]/g, '\\$&');
    const file = passFile(
      `# the test's\nelsewhere:*:*:*:wrong\n*:${ports[0]}:${database}:${user}:${escaped}\n`,
    );
    const target = `postgres:///${database}?host=${hosts[0]}&port=${ports[0]}&user=${user}`;
    expect(await ask(target, { PGPASSFILE: file })).toBe('connected');
    expect(await ask(`${target}&passfile=${file}`, {})).toBe('connected');
    expect(await ask(target, { HOME: folder })).toMatchObject({ kind: 'config' }); // no ~/.pgpass
    if (hasPsql) expect(await askPsql(target, { PGPASSFILE: file })).toBe(0);
  });

  it('each of several hosts gets its own password, and psql is given the file', async () => {
    const [a, b] = [await asking(), await asking()];
    const file = passFile(`127.0.0.1:${a.port}:*:*:one\n127.0.0.1:${b.port}:*:*:two\n`);
    const env = { PGPASSFILE: file };
    const hosts = [a, b].map(({ port }) => `127.0.0.1:${port}`);
    for (const order of [hosts, [...hosts].reverse()])
      await ask(`postgres://u@${order.join(',')}/d?sslmode=disable`, env);
    expect([sentTo(a), sentTo(b)]).toEqual(['one', 'two']);
    const address = parseDatabaseUrl(`postgres://u@${hosts.join(',')}/d`, env);
    expect(address).toMatchObject({ password: undefined, passwords: ['one', 'two'] });
    expect(libpqEnvironment(env, address)).toMatchObject({ PGPASSFILE: file });
  });

  it.runIf(hasPsql)('psql and subctl find the same password, whatever is in the file', async () => {
    const server = await asking();
    const part = fc.constantFrom('*', '127.0.0.1', String(server.port), 'd', 'u', 'x', 'd\\:e', '\\*', '');
    const secret = fc.constantFrom('s1', 's:2', 's\\:3', 's\\\\4', '', 's5\\', ' s6 ', '#7', 's8:d:u:p');
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(part, part, part, part, secret).map((all) => all.join(':')) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('', '# a comment', '#*:*:*:*:no', 'nonsense', '*:*:*', '*:*:*:*'),
      },
    );
    const database = fc.constantFrom('d', 'd:e', '*');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), database, async (lines, name) => {
        const env = { PGPASSFILE: passFile(lines.join('\n')) };
        const target = `postgres://u@127.0.0.1:${server.port}/${encodeURIComponent(name)}?sslmode=disable`;
        const before = server.received.length;
        await askPsql(target, env);
        const sent = sentTo({ ...server, received: server.received.slice(before) });
        expect(parseDatabaseUrl(target, env).password ?? '').toBe(sent ?? '');
      }),
      { numRuns: 40 },
    );
  });

  it.each([0o640, 0o604, 0o660])(
    'one with mode %o is not read, as psql does not read it, and the hint says so',
    (mode) => {
      const file = passFile('*:*:*:*:secret\n', mode);
      const address = parseDatabaseUrl('postgres://u@h/d', { PGPASSFILE: file });
      expect(address.password).toBeUndefined();
      expect(address.passwordFile).toEqual({ file, problem: expect.stringContaining('chmod 600') as string });
    },
  );

  it('a folder is none, a missing one is none, and a password that is said needs none', () => {
    expect(openPasswordFile(folder, {})).toMatchObject({ problem: 'is not a plain file' });
    expect(openPasswordFile(path.join(folder, 'nowhere'), {})).toBeUndefined();
    const env = { PGPASSFILE: passFile('*:*:*:*:file\n') };
    expect(parseDatabaseUrl('postgres://u:said@h/d', env).password).toBe('said');
    expect(parseDatabaseUrl('postgres://u@h/d', { ...env, PGPASSWORD: 'variable' }).password).toBe(
      'variable',
    );
    expect(parseDatabaseUrl('postgres://u@h/d', env).password).toBe('file');
  });

  it('the folders of sockets that libpq is built with are localhost', () => {
    const env = { PGPASSFILE: passFile('localhost:*:*:*:file\n') };
    expect(parseDatabaseUrl('postgres:///d?host=/run/postgresql', env).password).toBe('file');
    expect(parseDatabaseUrl('postgres:///d?host=/run/other', env).password).toBeUndefined();
  });
});
