import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { parameters } from '../../src/database/parameters.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import type { Failure } from '../../src/domain/failure.ts';
import { root } from '../support/cli.ts';
import { manners, openPretendServer, type PretendServer } from '../support/pretend-server.ts';

const opened: PretendServer[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

const refusalOfUrl = (url: string, env: NodeJS.ProcessEnv = {}) => {
  try {
    return parseDatabaseUrl(url, env);
  } catch (error) {
    return error as Failure;
  }
};

/** What asks for protection, with a value that does. */
const protecting: Record<string, string> = {
  channel_binding: 'require',
  sslrootcert: 'system',
  sslcrl: '/etc/crl.pem',
  sslcrldir: '/etc/crl',
  sslmode: 'require',
  ssl: 'true',
  requiressl: '1',
  sslaccept: 'strict',
  sslnegotiation: 'direct',
  sslidentity: '/etc/client.p12',
  sslcertmode: 'require',
  gssencmode: 'require',
  require_auth: 'scram-sha-256',
  requirepeer: 'postgres',
  ssl_min_protocol_version: 'TLSv1.3',
};

describe('P2: what asks for protection is done, or refused by name', () => {
  it.each(Object.entries(protecting))(
    'P2: %s=%s sends nothing to a server without TLS, and is exit 5',
    async (name, value) => {
      const server = await openPretendServer(manners['says N and closes']!);
      opened.push(server);
      const connect = async () => {
        const connection = connectTo(
          parseDatabaseUrl(`postgres://u:p@127.0.0.1:${server.port}/d?${name}=${value}`, {}),
          1,
        );
        await connection`select 1`.finally(() => connection.end({ timeout: 0 }));
      };
      const failure = await connect().then(() => 'connected', refusalOf);
      expect(failure).toMatchObject({ kind: 'config' });
      expect(server.received).not.toContain('user');
    },
  );

  it.each(
    Object.entries(parameters).filter(
      ([name]) => protecting[name] !== undefined && parameters[name]?.variable,
    ),
  )('P2: so does the variable of %s', async (name, { variable }) => {
    const server = await openPretendServer(manners['says N and closes']!);
    opened.push(server);
    const env = { [variable!]: protecting[name] };
    const connect = async () => {
      const connection = connectTo(parseDatabaseUrl(`postgres://u:p@127.0.0.1:${server.port}/d`, env), 1);
      await connection`select 1`.finally(() => connection.end({ timeout: 0 }));
    };
    await expect(connect().then(() => 'connected', refusalOf)).resolves.toMatchObject({ kind: 'config' });
    expect(server.received).not.toContain('user');
  });

  it('P2: everything left out is known to ask for no protection', () => {
    const leftOut = Object.keys(parameters).filter((name) => parameters[name]!.does === 'harmless');
    expect(leftOut.filter((name) => protecting[name] !== undefined)).toEqual([]);
    // whoever adds one thinks of it here too
    expect(leftOut.filter((name) => /ssl|tls|auth|gss|cert|crl|verify|peer|secur/i.test(name))).toEqual([
      'sslcompression',
    ]);
  });

  it.each([
    ['sslrootcert=system', 'verify-full'],
    ['sslaccept=strict&sslmode=require', 'verify-full'],
    ['channel_binding=require', 'require'],
    ['channel_binding=require&sslmode=prefer', 'require'],
    ['channel_binding=require&sslmode=verify-full', 'verify-full'],
    ['sslrootcert=/etc/ca.pem', 'require'],
    ['sslmode=prefer&sslrootcert=/etc/ca.pem', 'prefer'],
    ['gssencmode=prefer&channel_binding=prefer', 'prefer'],
  ])('P2: %s means sslmode=%s', (search, sslmode) => {
    expect(parseDatabaseUrl(`postgres://db/shop?${search}`, {})).toMatchObject({ sslmode });
  });

  it.each([
    [
      'sslrootcert=system&sslmode=require',
      'sslrootcert=system needs sslmode=verify-full, and sslmode is require',
    ],
    [
      'channel_binding=require&sslmode=disable',
      'channel_binding=require needs sslmode=require, and sslmode is disable',
    ],
    ['sslcert=/c.pem', 'sslcert and sslkey go together, and it has only one of them'],
    ['channel_binding=maybe', "channel_binding is 'maybe', not one of disable, prefer, require"],
    [
      'host=/run/x&channel_binding=require',
      'channel_binding=require needs TLS, and there is none on a socket',
    ],
  ])('P2: %s is refused', (search, reason) => {
    expect(refusalOfUrl(`postgres:///shop?${search}`)).toMatchObject({
      kind: 'config',
      message: `The database URL cannot be used: ${reason}`,
    });
  });
});

const unknown = [
  ...[
    'require_auth',
    'sslpassword',
    'ssl_min_protocol_version',
    'tcp_user_timeout',
    'krbsrvname',
    'nonsense',
  ],
].map((name): [string, NodeJS.ProcessEnv, string] => [
  `postgres://db/d?${name}=x`,
  {},
  `it has an option '${name}' that subctl does not know`,
]);

describe('P8: URLs and variables mean what they mean to psql', () => {
  it.each([
    ['postgres:///d', { PGHOST: 'db', PGPORT: '6' }, { hosts: ['db'], ports: [6] }],
    ['postgres:///d', { PGHOST: 'db', PGHOSTADDR: '10.0.0.1' }, { hosts: ['db'], hostaddrs: ['10.0.0.1'] }],
    ['postgres://pg@127.0.0.1/d', { PGPORT: '55433' }, { hosts: ['127.0.0.1'], ports: [55433] }],
    [
      'postgres://pg@db:1/d',
      { PGHOST: 'x', PGHOSTADDR: '10.0.0.1', PGPORT: '2' },
      { hosts: ['db'], ports: [1], user: 'pg' },
    ],
    [
      'postgres:///d',
      { PGOPTIONS: '-c a=b', PGSSLROOTCERT: '/ca' },
      { options: '-c a=b', tlsFiles: { sslrootcert: '/ca' } },
    ],
    [
      'postgres:///d',
      { PGUSER: 'u', PGPASSWORD: 'p', PGDATABASE: 'x' },
      { user: 'u', password: 'p', database: 'd' },
    ],
    [
      'postgres://',
      { PGUSER: 'u', PGDATABASE: 'x', PGCONNECT_TIMEOUT: '3' },
      { database: 'x', connectTimeoutSeconds: 3 },
    ],
    [
      'postgres:///d',
      { PGTARGETSESSIONATTRS: 'any', PGREQUIRESSL: '1' },
      { targetSession: 'any', sslmode: 'require' },
    ],
    ['postgres://db:1/d?port=2', {}, { hosts: ['db'], ports: [2] }],
    ['postgres://a,b:2/d', {}, { hosts: ['a', 'b'], ports: [5432, 2] }],
    ['postgres:///d?host=a,b&port=3', {}, { hosts: ['a', 'b'], ports: [3, 3] }],
    ['postgres://db/d?target_session_attrs=any', {}, { targetSession: 'any' }],
    ['postgres://db/d?sslmode=no-verify', {}, { sslmode: 'require' }],
    [
      'postgres://db/d?prepare=false&max_connections=5&supa=base-pooler.x&workaround=supabase-pooler.vercel&uselibpqcompat=true',
      {},
      { hosts: ['db'] },
    ],
    [
      'postgres://db/d',
      { PGPASSFILE: '/x', PGAPPNAME: 'x', PGSERVICEFILE: '/x', PGKRBSRVNAME: 'x' },
      { hosts: ['db'] },
    ],
  ])('P8: %s with %j', (url, env, expected) => {
    expect(parseDatabaseUrl(url, env)).toMatchObject(expected);
  });

  it('P8: a URL that names a host is led nowhere else by a variable', () => {
    const env = { PGHOSTADDR: '10.0.0.1', PGHOST: 'x' };
    expect(parseDatabaseUrl('postgres://db/d', env).hostaddrs).toBeUndefined();
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['postgres://?service=svc', { PGSYSCONFDIR: '/x' }, "there is no service 'svc' in /x/pg_service.conf"],
    ['postgres://db/d', { PGSERVICE: 'svc', PGSYSCONFDIR: '/x' }, "there is no service 'svc'"],
    ...unknown,
    ['postgres://a,b/d?host=c&port=1,2', {}, 'it names 1 hosts and 2 ports'],
    ['postgres://a,b/d?hostaddr=10.0.0.1', {}, 'it names 2 hosts and 1 addresses'],
    ['postgres:///d?hostaddr=localhost', {}, "hostaddr is 'localhost', and that is not an IP address"],
    ['"postgres://db/d"', {}, 'it begins with a quote; write it without the quotes'],
    ['postgres://db/d?constructor=1', {}, "it has an option 'constructor' that subctl does not know"],
  ])('P8: %s with %j is refused', (url, env, reason) => {
    expect(refusalOfUrl(url, env)).toMatchObject({
      kind: 'config',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('P2, P8: docs/settings.md says of every parameter and variable what is done with it', () => {
    const text = readFileSync(path.join(root, 'docs/settings.md'), 'utf8');
    const rows = new Map(
      [...text.matchAll(/^\| `(\w+)` \| (?:`(\w+)`|) \| (\w+) \|/gm)].map(([, name, variable, does]) => [
        name,
        { variable, does },
      ]),
    );
    for (const [name, { variable, does }] of Object.entries(parameters))
      expect(rows.get(name), name).toEqual({ variable, does });
  });
});
