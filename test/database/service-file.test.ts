import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import type { Failure } from '../../src/domain/failure.ts';
import { openPretendServer, type PretendServer } from '../support/pretend-server.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const folder = temporaryFolder('subctl-service-');
const hasPsql = spawnSync('psql', ['--version']).status === 0;
const opened: PretendServer[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});
afterAll(() => removeFolder(folder));

function serviceFile(text: string, name = 'services'): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const services = `# of the test
[other]
host=elsewhere

[shop]
host=db.example.com
hostaddr=127.0.0.1
port=6432
  dbname=shop
user=ann
password=a =b
sslmode=disable
# a comment
connect_timeout=3
[shop]
host=never
`;

const readOr = (url: string, env: NodeJS.ProcessEnv) => {
  try {
    return parseDatabaseUrl(url, env);
  } catch (error) {
    return error as Failure;
  }
};

describe('the service file', () => {
  const file = serviceFile(services);
  const whole = {
    hosts: ['db.example.com'],
    hostaddrs: ['127.0.0.1'],
    ports: [6432],
    database: 'shop',
    user: 'ann',
    password: 'a =b',
    sslmode: 'disable',
    connectTimeoutSeconds: 3,
  };

  it.each<[string, NodeJS.ProcessEnv, object]>([
    ['postgres://?service=shop', { PGSERVICEFILE: file }, whole],
    ['postgres://', { PGSERVICEFILE: file, PGSERVICE: 'shop' }, whole],
    [`postgres://?service=shop&servicefile=${file}`, {}, whole],
    ['postgres://?service=shop', { PGSERVICEFILE: file, PGUSER: 'x', PGPORT: '1', PGHOST: 'x' }, whole],
    [
      'postgres://bob:c@/other?service=shop',
      { PGSERVICEFILE: file },
      { ...whole, user: 'bob', password: 'c', database: 'other' },
    ],
    [
      'postgres://near:7/d?service=shop',
      { PGSERVICEFILE: file },
      { hosts: ['near'], ports: [7], database: 'd', user: 'ann', sslmode: 'disable' },
    ],
  ])('%s with %j', (url, env, expected) => {
    expect(readOr(url, env)).toMatchObject(expected);
  });

  it('a URL that names a host is led nowhere else by its service', () => {
    expect(
      parseDatabaseUrl('postgres://near/d?service=shop', { PGSERVICEFILE: file }).hostaddrs,
    ).toBeUndefined();
  });

  it('~/.pg_service.conf comes before pg_service.conf of PGSYSCONFDIR', () => {
    serviceFile('[mine]\nhost=home\n', '.pg_service.conf');
    const system = temporaryFolder('subctl-sysconf-');
    writeFileSync(path.join(system, 'pg_service.conf'), '[mine]\nhost=system\n[all]\nhost=system\n');
    const env = { HOME: folder, PGSYSCONFDIR: system };
    expect(readOr('postgres://?service=mine', env)).toMatchObject({ hosts: ['home'] });
    expect(readOr('postgres://?service=all', env)).toMatchObject({ hosts: ['system'] });
    removeFolder(system);
  });

  it.each([
    ['[s]\nhost', 'line 2 of the service file'],
    ['[s]\nservice=t', 'names another service'],
    ['[s]\nldap://x/y', 'is not name=value'],
    ['[s]\nnonsense=1', "the service 's' has an option 'nonsense' that subctl does not know"],
    [
      '[s]\nrequire_auth=md5',
      "the service 's' has an option 'require_auth' that subctl does not know how to do",
    ],
    ['[t]\nhost=x', "there is no service 's'"],
  ])('%j is refused', (text, reason) => {
    const broken = serviceFile(text, 'broken');
    expect(readOr('postgres://?service=s', { PGSERVICEFILE: broken, PGSYSCONFDIR: folder })).toMatchObject({
      kind: 'config',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('a named file that does not exist is refused', () => {
    expect(readOr('postgres://?service=s', { PGSERVICEFILE: '/nowhere' })).toMatchObject({
      kind: 'config',
      message: 'The database URL cannot be used: the service file /nowhere does not exist',
    });
  });

  it.runIf(hasPsql).each([
    ['postgres://?service=here', {}],
    ['postgres://bob@/other?service=here', {}],
    ['postgres://?service=here', { PGUSER: 'x', PGDATABASE: 'y', PGHOST: '/nowhere' }],
    ['postgres://', { PGSERVICE: 'here' }],
    ['postgres:///d', { PGSERVICE: 'here', PGUSER: 'x' }],
  ])('psql goes to the same server as the same user: %s with %j', async (target, more) => {
    const server = await openPretendServer((client) => client.destroy());
    opened.push(server);
    const env = {
      PGSERVICEFILE: serviceFile(
        `[here]\nhost=127.0.0.1\nport=${server.port}\nuser=ann\ndbname=shop\nsslmode=disable\n`,
        'here',
      ),
      ...more,
    };
    const child = spawn('psql', ['-w', target, '-c', 'select 1'], {
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], HOME: folder, ...env },
    });
    await new Promise((resolve) => child.once('close', resolve));
    const { hosts, ports, user, database } = parseDatabaseUrl(target, env);
    expect([hosts, ports, server.count]).toEqual([['127.0.0.1'], [server.port], 1]);
    expect(server.received).toContain(`user\0${user}\0database\0${database}\0`);
  });
});
