import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { embeddedAddress } from '../../../src/database/embedded/open.ts';
import { startServer } from '../../../src/database/embedded/start.ts';
import { diskFailure } from '../../../src/database/embedded/disk.ts';
import { spawnSubctl, subctl } from '../../support/cli.ts';
import { installedProgram, newHome, people } from '../../support/embedded.ts';
import { fastSettings } from '../../support/test-server.ts';

const fast = { mayCreate: true, cluster: { settings: fastSettings, noSync: true } };
const ordinary = people.find(([name]) => name === 'an ordinary user')?.[1];
const isRoot = process.getuid?.() === 0;

describe('the embedded database says in one sentence', () => {
  test('that there is none and no DATABASE_URL: exit 5, and nothing is made', async () => {
    const place = await newHome({ programs: false });
    const { code, stderr } = await subctl(['db', 'url'], { env: { SUBCTL_HOME: place.home } });
    expect(code).toBe(5);
    expect(stderr).toBe(
      `error: There is no DATABASE_URL, and no embedded database in ${place.home}\n` +
        'hint: set DATABASE_URL, or make an embedded database with: subctl setup\n',
    );
    expect(fs.readdirSync(place.home)).toEqual([]);
  });

  test('that its version is not that of the programs', async () => {
    const place = await newHome();
    fs.mkdirSync(place.data, { mode: 0o700 });
    if (isRoot) fs.chownSync(place.data, ordinary?.uid ?? 0, ordinary?.gid ?? 0);
    fs.writeFileSync(path.join(place.data, 'PG_VERSION'), '17\n');
    await expect(startServer(place)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(
        / was made by PostgreSQL 17, and this subctl has PostgreSQL 18\./,
      ) as string,
    });
  });

  test('that its folder is a file', async () => {
    const { code, stderr } = await subctl(['db', 'start'], { env: { SUBCTL_HOME: '/etc/passwd' } });
    expect([code, stderr]).toEqual([
      5,
      expect.stringContaining('cannot be in /etc/passwd: it is not a usable folder'),
    ]);
  });

  test('that initdb would give its path to a shell', async () => {
    const place = await newHome({ name: 'a $(touch /tmp/never) folder' });
    await expect(startServer(place, fast)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('PostgreSQL cannot create a database in a folder with') as string,
    });
  });

  test('that a server did not start, with the end of its log', async () => {
    const place = await newHome();
    await startServer(place, fast);
    await subctl(['db', 'stop'], { env: { SUBCTL_HOME: place.home } });
    fs.appendFileSync(path.join(place.data, 'postgresql.conf'), "\nshared_buffers = 'much'\n");
    const { code, stderr } = await subctl(['db', 'url'], { env: { SUBCTL_HOME: place.home } });
    expect(code).toBe(6);
    expect(stderr).toContain('error: The embedded database did not start: ');
    expect(stderr).toContain('invalid value for parameter "shared_buffers": "much"');
    expect(stderr).toContain(`hint: its log is ${place.log}`);
  });

  test.each([
    [
      'ENOSPC: no space left on device, write',
      'unavailable',
      'There is no space left for the embedded database in /x',
    ],
    [
      'initdb: error: could not write to file: No space left on device',
      'unavailable',
      'There is no space left for the embedded database in /x',
    ],
    [
      'EROFS: read-only file system, mkdir',
      'config',
      "The embedded database's folder /x is on a read-only file system",
    ],
  ])('what the disk says: %s', (said, kind, message) => {
    expect(diskFailure('/x', new Error(said))).toMatchObject({ kind, message });
  });
});

describe.runIf(ordinary)('an account that may not', () => {
  const program = installedProgram();
  const asOrdinary = (args: string[], env: Record<string, string>) =>
    spawnSubctl(args, { ...ordinary, env, program });

  test('write into the folder is told so: exit 5', async () => {
    const place = await newHome();
    fs.chmodSync(place.home, 0o555);
    const { code, stderr } = await asOrdinary(['db', 'start'], { SUBCTL_HOME: place.home });
    fs.chmodSync(place.home, 0o755);
    expect(code).toBe(5);
    expect(stderr).toContain(
      `error: The embedded database's folder ${place.home} may not be read and written by this account\n`,
    );
  });

  test.runIf(isRoot)("use another's database is told whose it is: exit 5", async () => {
    const place = await newHome();
    fs.mkdirSync(place.data, { mode: 0o700 });
    const { code, stderr } = await asOrdinary(['db', 'status'], { SUBCTL_HOME: place.home });
    expect([code, stderr]).toEqual([
      5,
      expect.stringContaining(`The embedded database in ${place.data} belongs to the account root`),
    ]);
  });

  test.runIf(isRoot)('be found in /etc/passwd cannot make a database: exit 5', async () => {
    const stranger = { uid: 54321, gid: 54321 };
    const place = await newHome({ owner: stranger });
    const { code, stderr } = await spawnSubctl(['db', 'start'], {
      ...stranger,
      env: { SUBCTL_HOME: place.home },
      program,
    });
    expect([code, stderr]).toEqual([
      5,
      expect.stringContaining('This account (uid 54321) has no entry in /etc/passwd'),
    ]);
  });

  test.runIf(isRoot)('enter the folder that root chose is named: exit 5', async () => {
    const place = await newHome();
    fs.chmodSync(path.dirname(place.home), 0o700);
    const { code, stderr } = await subctl(['db', 'start'], { env: { SUBCTL_HOME: place.home } });
    expect(code).toBe(5);
    expect(stderr).toMatch(/The account \w+, as which root runs PostgreSQL, cannot enter /);
    expect(fs.readdirSync(place.home)).toEqual(['pg']);
  });

  test.runIf(isRoot)('run PostgreSQL is refused by name: exit 5', async () => {
    const place = await newHome();
    const env = { SUBCTL_HOME: place.home };
    const asked = await Promise.all(
      ['root', 'no-such-account'].map((name) =>
        subctl(['db', 'start'], { env: { ...env, SUBCTL_PG_USER: name } }),
      ),
    );
    expect(asked.map(({ code }) => code)).toEqual([5, 5]);
    expect(asked[0]?.stderr).toContain(
      "SUBCTL_PG_USER is 'root', an account that is root, as which PostgreSQL refuses to run",
    );
    expect(asked[1]?.stderr).toContain("SUBCTL_PG_USER is 'no-such-account', an account that does not exist");
  });
});

describe('the pin SUBCTL_DATABASE', () => {
  test('external without a URL is exit 5, even beside an embedded database', async () => {
    const place = await newHome();
    await startServer(place, fast);
    const { code, stderr } = await subctl(['db', 'url'], {
      env: { SUBCTL_HOME: place.home, SUBCTL_DATABASE: 'external' },
    });
    expect([code, stderr]).toEqual([
      5,
      expect.stringContaining('SUBCTL_DATABASE says external, and there is no DATABASE_URL'),
    ]);
  });

  test('embedded with a URL is exit 5: neither is ignored silently', async () => {
    const env = { SUBCTL_DATABASE: 'embedded', DATABASE_URL: 'postgres://ann:geheim@db/shop' };
    const { code, stderr } = await subctl(['db', 'url'], { env });
    expect([code, stderr]).toEqual([
      5,
      expect.stringContaining(
        'SUBCTL_DATABASE says embedded, and there is also a database URL (DATABASE_URL)',
      ),
    ]);
    expect(stderr).not.toContain('geheim');
  });

  test('a database of one’s own is neither started nor stopped', async () => {
    const env = { DATABASE_URL: 'postgres://ann:geheim@db/shop' };
    const results = await Promise.all(['start', 'stop'].map((verb) => subctl(['db', verb], { env })));
    expect(results.map(({ code }) => code)).toEqual([5, 5]);
    expect(results[0]?.stderr).toContain(
      'The database is external (DATABASE_URL): subctl does not start or stop it',
    );
  });
});

test('the password is in no sentence and in a file for its account only', async () => {
  const place = await newHome();
  await startServer(place, fast);
  const password = embeddedAddress(place).password ?? '';
  expect(password.length).toBeGreaterThan(30);
  expect(fs.statSync(place.passwordFile).mode & 0o777).toBe(0o600);
  const shown = await Promise.all(
    [
      ['db', 'url'],
      ['db', 'status'],
      ['config', 'show'],
    ].map((args) => subctl(args, { env: { SUBCTL_HOME: place.home } })),
  );
  expect(shown.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(JSON.stringify(shown)).not.toContain(password);
});
