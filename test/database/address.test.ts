import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { formatDatabaseUrl, withDatabase } from '../../src/database/url.ts';
import type { Failure } from '../../src/domain/failure.ts';

const env = { PGUSER: 'me' };
const encoding =
  "it is not of the form below; in names and passwords, write '/', '?', '#' and '@' as %2F, %3F, %23 and %40";

describe('a database URL', () => {
  test.each([
    [
      'postgres://ann:s%40fe@db.example.com:6432/shop',
      { hosts: ['db.example.com'], ports: [6432], user: 'ann', password: 's@fe', database: 'shop' },
    ],
    [
      'postgresql://db/shop',
      { hosts: ['db'], ports: [5432], user: 'me', password: undefined, database: 'shop' },
    ],
    ['postgresql+asyncpg://ann@db/shop', { hosts: ['db'], user: 'ann' }],
    ['postgres://', { hosts: ['localhost'], user: 'me', database: 'me' }],
    [
      'postgres:///shop?host=/run/postgresql',
      { hosts: ['/run/postgresql'], ports: [5432], database: 'shop' },
    ],
    [
      'postgres://ann@/shop?host=/run/my%20pg&port=5433',
      { hosts: ['/run/my pg'], ports: [5433], user: 'ann' },
    ],
    ['postgres://%2Frun%2Fpostgresql/shop', { hosts: ['/run/postgresql'] }],
    [
      'postgres://a:1,b:2/shop?target_session_attrs=read-write',
      { hosts: ['a', 'b'], ports: [1, 2], targetSession: 'read-write' },
    ],
    ['postgres://[::1]:5433/shop', { hosts: ['::1'], ports: [5433] }],
    ['postgres://u:p@w@db/shop', { user: 'u', password: 'p@w', hosts: ['db'] }],
    [
      'postgres://db/shop?sslmode=verify-full&sslrootcert=/etc/ca.pem',
      {
        sslmode: 'verify-full',
        tlsFiles: { sslrootcert: '/etc/ca.pem', sslcert: undefined, sslkey: undefined },
      },
    ],
    ['postgres://db/shop?ssl=true', { sslmode: 'require' }],
    ['postgres://db/shop?pgbouncer=true&connection_limit=5&schema=public', { sslmode: 'prefer' }],
    [
      'postgres://db/shop?connect_timeout=3&options=-c%20statement_timeout%3D5s',
      { connectTimeoutSeconds: 3, options: '-c statement_timeout=5s' },
    ],
  ])('%s', (url, expected) => {
    expect(parseDatabaseUrl(url, env)).toMatchObject(expected);
  });

  test.each([
    ['', 'it is empty'],
    ['localhost/shop', 'it does not begin with postgres://'],
    ['mysql://root:geheim@db/shop', 'it begins with mysql:, and only PostgreSQL (postgres://) will do'],
    ['postgres://u:ge/heim@db/shop', encoding],
    ['postgres://u:12/34@db/shop', encoding],
    ['postgres://u:12?geheim&x=1@db/shop', encoding],
    ['postgres://u:12#geheim@db/shop', encoding],
    ['postgres://u:geheim@db:99999/shop', 'the port is not a number from 1 to 65535'],
    [
      'postgres://u:geheim%zz@db/shop',
      "it has a '%' that is not followed by two hexadecimal digits; a '%' itself is written %25",
    ],
    [
      'postgres://u:geheim@db/shop?sslmode=maybe',
      "sslmode is 'maybe', not one of disable, allow, prefer, require, verify-ca, verify-full",
    ],
    ['postgres://u:geheim@db/shop?hots=x', "it has an option 'hots' that subctl does not know"],
  ])('%s is refused', (url, reason) => {
    expect(() => parseDatabaseUrl(url, env)).toThrow(
      expect.objectContaining({
        kind: 'config',
        message: `The database URL cannot be used: ${reason}`,
      }) as Failure,
    );
  });

  test.each([
    'postgres://ann:s%40fe@db.example.com:6432/shop',
    'postgres://ann:x@./shop?host=/run/my%20pg&port=5433',
    'postgres://ann@[::1]:5432/shop?sslmode=require',
    'postgres://ann@a:1,b:2/shop',
    'postgres://ann@a:1,[::1]:2/shop?hostaddr=10.0.0.1,::1&sslmode=verify-full&sslrootcert=/etc/ca.pem',
    'postgres://ann@./shop?host=/run/x,b&port=1,2&connect_timeout=3&target_session_attrs=standby',
  ])('is written as it was read: %s', (url) => {
    expect(formatDatabaseUrl(parseDatabaseUrl(url, env), { showPassword: true })).toBe(url);
  });

  test('B36: the URL of a socket is one that parsers of URLs read', () => {
    const url = formatDatabaseUrl(parseDatabaseUrl('postgres://ann:x%2Fy@/shop?host=/run/my%20pg', env), {
      showPassword: true,
    });
    const { username, password, hostname, pathname, searchParams } = new URL(url);
    expect([username, password, hostname, pathname, searchParams.get('host')]).toEqual([
      'ann',
      'x%2Fy',
      '.',
      '/shop',
      '/run/my pg',
    ]);
  });

  test('hides the password unless asked', () => {
    expect(formatDatabaseUrl(parseDatabaseUrl('postgres://ann:geheim@db/shop', env))).toBe(
      'postgres://ann:****@db:5432/shop',
    );
  });

  test('another database on the same server', () => {
    expect(withDatabase('postgres://ann:x@/shop?host=/run/x', 'other')).toBe(
      'postgres://ann:x@/other?host=/run/x',
    );
    expect(withDatabase('postgres://ann:x@db', 'other')).toBe('postgres://ann:x@db/other');
  });
});
