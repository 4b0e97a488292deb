import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { testDatabase } from '../support/database.ts';
import {
  hasIpv6,
  manners,
  openPretendServer,
  type PretendServer,
  refusing,
} from '../support/pretend-server.ts';

const { url } = await testDatabase({ empty: true });
const living = parseDatabaseUrl(url);
const opened: PretendServer[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

async function pretend(...how: Parameters<typeof openPretendServer>) {
  const server = await openPretendServer(...how);
  opened.push(server);
  return server;
}

/** Asks one question, and gives how it was refused. */
async function ask(target: string | ReturnType<typeof parseDatabaseUrl>) {
  const address = typeof target === 'string' ? parseDatabaseUrl(target, {}) : target;
  const connection = connectTo(address, 2);
  try {
    return await connection`select 1`.then(() => 'an answer' as const, refusalOf);
  } finally {
    await connection.end({ timeout: 0 });
  }
}

const quick = 'connect_timeout=1';

describe('P3, P7: a server that is none', () => {
  it.each(
    Object.keys(manners).flatMap((manner) =>
      ['disable', 'prefer', 'require'].map((mode) => [manner, mode] as const),
    ),
  )('P3: one that %s is asked once, with sslmode=%s, and the refusal is 5 or 6', async (manner, mode) => {
    const server = await pretend(manners[manner]!);
    const failure = await ask(`postgres://u:p@127.0.0.1:${server.port}/d?sslmode=${mode}&${quick}`);
    expect(failure).toMatchObject({ kind: expect.stringMatching(/^(config|unavailable)$/) as string });
    expect(failure).not.toMatchObject({
      message: expect.stringMatching(/certificate|openssl|\.c:/) as string,
    });
    expect(server.count).toBe(1);
  });

  it('P3: one that closes before a word is asked once', async () => {
    const server = await pretend((client) => client.destroy(), { atOnce: true });
    await expect(ask(`postgres://u:p@127.0.0.1:${server.port}/d`)).resolves.toMatchObject({
      kind: 'unavailable',
    });
    expect(server.count).toBe(1);
  });

  it('P7: a server without TLS, where TLS is required, is a matter of configuration', async () => {
    const server = await pretend(manners['says N and closes']!);
    await expect(ask(`postgres://u:p@127.0.0.1:${server.port}/d?sslmode=require`)).resolves.toMatchObject({
      kind: 'config',
      message: `The database cannot be used: 127.0.0.1:${server.port} speaks no TLS, and sslmode=require requires it`,
    });
  });

  it('P7: every SQLSTATE that ends a login is 5 or 6, and none is a bug or wrong input', async () => {
    const letters = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const state = fc.oneof(
      fc.constantFrom(
        '42704',
        '22023',
        '42601',
        '55000',
        '3D000',
        '28P01',
        '53300',
        '57P03',
        '58P01',
        '08P01',
        'XX000',
        'SB004',
      ),
      fc.array(fc.constantFrom(...letters), { minLength: 5, maxLength: 5 }).map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(state, async (code) => {
        const server = await pretend(refusing(code));
        const failure = await ask(`postgres://u:p@127.0.0.1:${server.port}/d?sslmode=disable`);
        expect(failure).toMatchObject({ kind: expect.stringMatching(/^(config|unavailable)$/) as string });
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['-c%20nosuch=1', 'unrecognized configuration parameter'],
    ['--nosuch', 'nosuch'],
    ['endpoint=x', 'endpoint'],
    ['-c%20work_mem=abc', 'work_mem'],
  ])('P7: options=%s that the server does not take is named', async (options, word) => {
    await expect(ask({ ...living, options: decodeURIComponent(options) })).resolves.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(new RegExp(`options of the database URL: .*${word}`)) as string,
    });
  });

  it('P8: a refused login without a password says that none was given', async () => {
    const server = await pretend(refusing('28P01', 'password authentication failed for user "u"'));
    await expect(ask(`postgres://u@127.0.0.1:${server.port}/d?sslmode=disable`)).resolves.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('.pgpass') as string,
    });
  });
});

describe('P3: several hosts', () => {
  it('each is tried once, and all that failed are named', async () => {
    const [a, b] = [await pretend(manners['closes']!), await pretend(manners['resets']!)];
    const failure = await ask(`postgres://u:p@127.0.0.1:${a.port},127.0.0.1:${b.port}/d`);
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(new RegExp(`${a.port}.*${b.port}`)) as string,
    });
    expect([a.count, b.count]).toEqual([1, 1]);
  });

  it.each(['closes', 'resets', 'says S and closes', 'speaks HTTP', 'lets in and closes'])(
    'a living one after one that %s is found',
    async (manner) => {
      const dead = await pretend(manners[manner]!);
      const failure = await ask({
        ...living,
        hosts: ['127.0.0.1', ...living.hosts],
        ports: [dead.port, ...living.ports],
        sslmode: 'prefer',
      });
      expect(failure).toBe('an answer');
      expect(dead.count).toBe(1);
    },
  );

  it('a server that is starting is passed over, and one that refuses the login is not', async () => {
    const wanted = { hosts: ['127.0.0.1', ...living.hosts], sslmode: 'disable' as const };
    const starting = await pretend(refusing('57P03'));
    await expect(ask({ ...living, ...wanted, ports: [starting.port, ...living.ports] })).resolves.toBe(
      'an answer',
    );
    const refuses = await pretend(refusing('28P01'));
    await expect(
      ask({ ...living, ...wanted, ports: [refuses.port, ...living.ports] }),
    ).resolves.toMatchObject({
      kind: 'config',
    });
  });

  it('a server that has asked for a password is the only one that may get it', async () => {
    const asks = await pretend(manners['asks for a password and closes']!);
    const next = await pretend(manners['closes']!);
    await ask(`postgres://u:geheim@127.0.0.1:${asks.port},127.0.0.1:${next.port}/d?sslmode=disable`);
    expect([asks.count, next.count]).toEqual([1, 0]);
  });

  it.each([
    ['standby', 'is no standby'],
    ['read-only', 'is not read-only'],
  ] as const)('P8: target_session_attrs=%s of a primary is unavailable', async (targetSession, says) => {
    await expect(ask({ ...living, targetSession })).resolves.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining(says) as string,
    });
  });

  it.each(['any', 'read-write', 'primary', 'prefer-standby'] as const)(
    'P8: target_session_attrs=%s of a primary is answered',
    async (targetSession) => {
      await expect(ask({ ...living, targetSession })).resolves.toBe('an answer');
    },
  );
});

describe.runIf(hasIpv6)('P4: IPv6', () => {
  it.each(['[::1]:PORT', '[0:0:0:0:0:0:0:1]:PORT', '/d?host=::1&port=PORT', '/d?hostaddr=::1&port=PORT'])(
    '%s goes to ::1 alone',
    async (form) => {
      const six = await pretend(manners['closes']!, { host: '::1' });
      const where = form.replace('PORT', String(six.port));
      await ask(`postgres://u:p@${where}${where.includes('/') ? '' : '/d'}`);
      expect(six.count).toBe(1);
    },
  );

  it('::ffff:127.0.0.1 is 127.0.0.1, and both families may stand side by side', async () => {
    const [four, six] = [
      await pretend(manners['closes']!),
      await pretend(manners['closes']!, { host: '::1' }),
    ];
    await ask(`postgres://u:p@[::ffff:127.0.0.1]:${four.port},[::1]:${six.port}/d`);
    expect([four.count, six.count]).toEqual([1, 1]);
  });
});
