import { spawn, spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { testDatabase } from '../support/database.ts';
import { certificate, hasIpv6, openTlsServer, type PretendServer } from '../support/pretend-server.ts';

const { url } = await testDatabase({ empty: true });
const living = parseDatabaseUrl(url);
const opened: PretendServer[] = [];
const hasPsql = spawnSync('psql', ['--version']).status === 0;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

async function serve(name: string, host?: string) {
  const server = await openTlsServer(url, name, host);
  opened.push(server);
  return server.port;
}

const login = `${living.user}${living.password === undefined ? '' : `:${living.password}`}`;
const database = living.database;

async function ask(target: string) {
  const connection = connectTo(parseDatabaseUrl(target, {}), 1);
  try {
    return await connection`select 1`.then(() => 'connected' as const, refusalOf);
  } finally {
    await connection.end({ timeout: 0 });
  }
}

/** Whether psql takes it. */
function askPsql(target: string): Promise<boolean> {
  const child = spawn('psql', [target, '-Atc', 'select 1'], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] },
  });
  return new Promise((resolve) => child.once('close', (code) => resolve(code === 0)));
}

const verifyFull = (name: string) =>
  `sslmode=verify-full&sslrootcert=${encodeURIComponent(certificate(name))}`;

/** [certificate, host of the URL, more of the URL, whether it is the server] */
const cases = [
  ['name', '127.0.0.1', '', false],
  ['address', '127.0.0.1', '', true],
  ['other', 'localhost', '', false],
  ['name', 'localhost', '&hostaddr=127.0.0.1', true],
  ['other', 'other.example', '&hostaddr=127.0.0.1', true],
  ['name', 'other.example', '&hostaddr=127.0.0.1', false],
  ['address', 'other.example', '&hostaddr=127.0.0.1', false],
  ['address', '', '&hostaddr=127.0.0.1', true],
] as const;

describe("P1: verify-full looks for the name of the URL's host in the certificate", () => {
  it.each(cases)('P1: a certificate for %s, asked as %s%s: %s', async (name, host, more, isIt) => {
    const port = await serve(name);
    const target = `postgres://${login}@${host}:${port}/${database}?${verifyFull(name)}${more}`;
    const answer = await ask(target);
    if (isIt) expect(answer).toBe('connected');
    else
      expect(answer).toMatchObject({
        kind: 'config',
        message: expect.stringContaining(`it does not name ${host}`) as string,
      });
    expect(opened[0]!.received).not.toContain(living.user); // nothing in clear
  });

  // but for hostaddr alone, which libpq refuses: the address that was named is the name
  it.runIf(hasPsql).each(cases.filter(([, host]) => host))(
    'P1: psql agrees on %s, asked as %s%s: %s',
    async (name, host, more, isIt) => {
      const port = await serve(name);
      const target = `postgres://${login}@${host}:${port}/${database}?${verifyFull(name)}${more}`;
      await expect(askPsql(target)).resolves.toBe(isIt);
    },
  );

  it.runIf(hasIpv6)('P1: an address of IPv6 is looked for as an address', async () => {
    const port = await serve('address', '::1');
    await expect(ask(`postgres://${login}@[::1]:${port}/${database}?${verifyFull('address')}`)).resolves.toBe(
      'connected',
    );
    const other = await serve('name', '::1');
    await expect(
      ask(`postgres://${login}@[::1]:${other}/${database}?${verifyFull('name')}`),
    ).resolves.toMatchObject({
      message: expect.stringContaining('it does not name ::1') as string,
    });
  });

  it('P1: of several hosts each is held against its own name', async () => {
    const [wrong, right] = [await serve('name'), await serve('name')];
    const both = (hosts: string) => `postgres://${login}@${hosts}/${database}?${verifyFull('name')}`;
    await expect(ask(both(`127.0.0.1:${wrong},localhost:${right}`))).resolves.toBe('connected');
    await expect(ask(both(`127.0.0.1:${wrong},127.0.0.1:${right}`))).resolves.toMatchObject({
      kind: 'config',
    });
  });

  it('verify-ca asks for the authority and not for the name; require asks for it where there is a file', async () => {
    const port = await serve('name');
    const target = (rest: string) => `postgres://${login}@127.0.0.1:${port}/${database}?${rest}`;
    const file = encodeURIComponent(certificate('name'));
    const other = encodeURIComponent(certificate('other'));
    await expect(ask(target(`sslmode=verify-ca&sslrootcert=${file}`))).resolves.toBe('connected');
    await expect(ask(target(`sslmode=verify-ca&sslrootcert=${other}`))).resolves.toMatchObject({
      kind: 'config',
    });
    await expect(ask(target(`sslrootcert=${other}`))).resolves.toMatchObject({ kind: 'config' });
    await expect(ask(target('sslmode=require'))).resolves.toBe('connected');
    await expect(ask(target('sslmode=no-verify'))).resolves.toBe('connected');
    await expect(ask(target('sslmode=verify-full'))).resolves.toMatchObject({ kind: 'config' });
  });

  it('P2: sslcrl refuses what the authority has revoked', async () => {
    const port = await serve('revoked');
    const target = `postgres://${login}@localhost:${port}/${database}?hostaddr=127.0.0.1&${verifyFull('ca')}`;
    await expect(ask(target)).resolves.toBe('connected');
    const list = encodeURIComponent(certificate('ca.crl'));
    await expect(ask(`${target}&sslcrl=${list}`)).resolves.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('revoked') as string,
    });
  });
});
