import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { spawnSubctl, subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { newHome } from '../../support/embedded.ts';

const { env, url } = await testDatabase({ empty: true });
const home = await newHome();
const embedded = { SUBCTL_HOME: home.home };
const hasPsql = (process.env['PATH'] ?? '')
  .split(':')
  .some((folder) => fs.existsSync(path.join(folder, 'psql')));

describe('db start, status and stop', () => {
  test('say what they did, and that there was nothing to do', async () => {
    const lines: [number, string][] = [];
    for (const verb of ['stop', 'start', 'start', 'stop', 'start']) {
      const { code, stdout, stderr } = await subctl(['db', verb], { env: embedded });
      lines.push([code, (stdout + stderr).split('  ')[0] ?? '']);
    }
    expect(lines).toEqual([
      [0, 'Embedded database was not running'],
      [0, 'Embedded database created and started'],
      [0, 'Embedded database already running'],
      [0, 'Embedded database stopped'],
      [0, 'Embedded database started'],
    ]);
  });

  test('status is exit 4 for one that is stopped, and starts nothing', async () => {
    await subctl(['db', 'stop'], { env: embedded });
    for (let round = 0; round < 2; round++) {
      const { code, stdout } = await subctl(['db', 'status', '--json'], { env: embedded });
      expect([code, JSON.parse(stdout)]).toEqual([
        4,
        { database: 'embedded', running: false, home: home.home, exists: true },
      ]);
    }
  });

  test('status of a database of one’s own asks it', async () => {
    const { code, stdout } = await subctl(['db', 'status', '--json'], { env });
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ database: 'external', running: true }),
    ]);
  });

  test('status of a database that cannot be reached is exit 6: it could not tell', async () => {
    const { code, stderr } = await subctl(['db', 'status'], {
      env: { DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/x' },
    });
    expect([code, stderr]).toEqual([
      6,
      expect.stringContaining('error: The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1'),
    ]);
    expect(stderr).not.toContain('geheim');
  });
});

describe('db url', () => {
  test('hides the password unless asked for it, and starts the server', async () => {
    const shown = await subctl(['db', 'url'], { env: embedded });
    expect(shown.stdout).toBe(`postgres://subctl:****@./postgres?host=${home.socketFolder}\n`);
    const { stdout } = await subctl(['db', 'url', '--show-password'], { env: embedded });
    const status = await subctl(['db', 'status', '--json'], { env: { DATABASE_URL: stdout.trim() } });
    expect(status.code).toBe(0);
  });

  test('of one’s own database is what was given', async () => {
    expect((await subctl(['db', 'url', '--show-password'], { env })).stdout).toBe(`${url}\n`);
    const { stdout } = await subctl(['db', 'url', '--json'], {
      env: { DATABASE_URL: 'postgres://ann:geheim@db/shop' },
    });
    expect(JSON.parse(stdout)).toEqual({ url: 'postgres://ann:****@db:5432/shop' });
  });
});

describe('db shell', () => {
  test.runIf(hasPsql)(
    `gives psql the database and hands on what it says${hasPsql ? '' : ' (skipped: no psql)'}`,
    async () => {
      const good = await spawnSubctl(['db', 'shell', '--', '-XAtc', 'select 6 * 7'], { env });
      expect([good.code, good.stdout]).toEqual([0, '42\n']);
      const bad = await spawnSubctl(['db', 'shell', '--', '-Xc', 'selec'], { env });
      expect([bad.code, bad.stderr]).toEqual([4, expect.stringContaining('psql ended with exit code 1')]);
    },
  );

  test('without psql says what to do: exit 5', async () => {
    const { code, stderr } = await spawnSubctl(['db', 'shell'], { env: { ...env, PATH: '/nonexistent' } });
    expect([code, stderr]).toEqual([
      5,
      expect.stringContaining('error: There is no psql on the PATH\nhint: install the PostgreSQL client'),
    ]);
  });
});
