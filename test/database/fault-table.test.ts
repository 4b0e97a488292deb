import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { root, subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import {
  certificate,
  hasIpv6,
  manners,
  openPretendServer,
  openTlsServer,
  type PretendServer,
  refusing,
} from '../support/pretend-server.ts';

const { url } = await testDatabase({ empty: true });
const { user, password = '', database } = parseDatabaseUrl(url);
const page = path.join(root, 'docs/operations/connections.md');
const hasPsql = spawnSync('psql', ['--version']).status === 0;
const opened: PretendServer[] = [];
const rows = new Map<string, string>();
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

const keep = async (server: Promise<PretendServer>) => {
  opened.push(await server);
  return opened.at(-1)!.port;
};
const pretend = (act: (client: never) => void, host?: string) =>
  keep(openPretendServer(act as never, host === undefined ? {} : { host }));
const acting = (manner: string) => () => pretend(manners[manner]!);
const saying = (code: string, text: string) => () => pretend(refusing(code, text));
const behindTls = (name: string) => () => keep(openTlsServer(url, name));
const file = (name: string) => encodeURIComponent(certificate(name));

interface Fault {
  fault: string;
  /** gives the port that stands in `at` */
  open?: () => Promise<number>;
  /** what follows postgres://USER:PASSWORD@ */
  at?: string;
  sslmode?: 'prefer';
  code: 5 | 6;
  /** libpq has no such limit, or does less: psql is not asked */
  alone?: true;
}

const closed = async () => {
  const port = await pretend(manners['closes']!);
  await opened.pop()!.close();
  return port;
};

const faults: Fault[] = [
  { fault: 'connection refused', open: closed, code: 6 },
  { fault: 'connection refused, IPv6', open: closed, at: '[::1]:PORT/d', code: 6 },
  { fault: 'the folder of the socket does not exist', at: '/d?host=/nowhere', code: 6 },
  { fault: 'the server closes after the first packet', open: acting('closes'), code: 6 },
  { fault: 'the server resets after the first packet', open: acting('resets'), code: 6 },
  { fault: 'the server is silent', open: acting('is silent'), at: '127.0.0.1:PORT/d?connect_timeout=2', code: 6 },
  { fault: 'two servers that close', open: acting('closes'), at: '127.0.0.1:PORT,127.0.0.1:PORT/d', code: 6 },
  { fault: 'the server speaks another protocol', open: acting('speaks HTTP'), code: 6 },
  { fault: 'the server accepts TLS and closes', sslmode: 'prefer', open: acting('says S and closes'), code: 6 },
  { fault: 'the server accepts TLS and sends garbage', sslmode: 'prefer', open: acting('says S, then garbage'), code: 6 },
  { fault: 'unencrypted bytes after the server accepts TLS', sslmode: 'prefer', open: acting('says S and more at once'), code: 6, alone: true },
  { fault: 'no TLS, and `sslmode=require`', open: acting('says N and closes'), at: '127.0.0.1:PORT/d?sslmode=require', code: 5 },
  { fault: 'no TLS, and `channel_binding=require`', open: acting('says N and closes'), at: '127.0.0.1:PORT/d?channel_binding=require', code: 5 },
  { fault: 'the certificate names another host', open: behindTls('other'), at: `127.0.0.1:PORT/d?sslmode=verify-full&sslrootcert=${file('other')}`, code: 5 },
  { fault: 'the certificate names localhost, the URL 127.0.0.1', open: behindTls('name'), at: `127.0.0.1:PORT/d?sslmode=verify-full&sslrootcert=${file('name')}`, code: 5 },
  { fault: 'the certificate is signed by another authority', open: behindTls('name'), at: `localhost:PORT/d?hostaddr=127.0.0.1&sslmode=verify-ca&sslrootcert=${file('other')}`, code: 5 },
  { fault: 'the certificate is revoked', open: behindTls('revoked'), at: `localhost:PORT/d?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=${file('ca')}&sslcrl=${file('ca.crl')}`, code: 5 },
  { fault: 'the password is wrong', open: saying('28P01', 'password authentication failed for user "u"'), code: 5 },
  { fault: 'there is no such database', open: saying('3D000', 'database "d" does not exist'), code: 5 },
  { fault: 'no entry in `pg_hba.conf`', open: saying('28000', 'no pg_hba.conf entry for host "192.0.2.1"'), code: 5 },
  { fault: 'too many connections', open: saying('53300', 'sorry, too many clients already'), code: 6 },
  { fault: 'the server is starting', open: saying('57P03', 'the database system is starting up'), code: 6 },
  { fault: 'the server does not know an option', open: saying('42704', 'unrecognized configuration parameter "x"'), at: '127.0.0.1:PORT/d?options=-cx%3D1&sslmode=disable', code: 5 },
  { fault: 'the server requires Kerberos', open: acting('asks for Kerberos'), code: 5, alone: true },
  { fault: 'the server answers SCRAM with garbage', open: acting('answers SCRAM with garbage'), code: 6 },
  { fault: 'the server closes after the login', open: acting('lets in and closes'), code: 6 },
  { fault: 'the server resets after the login', open: acting('lets in and resets'), code: 6 },
  { fault: 'the URL has an unknown option', at: '127.0.0.1/d?nonsense=1', code: 5 },
  { fault: 'the URL is not a PostgreSQL URL', at: 'mysql', code: 5 },
]; // prettier-ignore

/** Whether psql is let in. */
function askPsql(target: string): Promise<boolean> {
  const child = spawn('psql', ['-w', target, '-Atc', 'select 1'], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] },
  });
  return new Promise((resolve) => child.once('close', (code) => resolve(code === 0)));
}

describe('what is said of each fault, and with which exit code', () => {
  it.each(faults)(
    '$fault: exit $code',
    async ({ fault, open, sslmode = 'disable', at = `127.0.0.1:PORT/d?sslmode=${sslmode}`, code, alone }) => {
      if (at.startsWith('[') && !hasIpv6) return;
      const port = open ? await open() : 0;
      const where = at.replaceAll('PORT', String(port)).replace('/d', `/${database}`);
      const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
      const target = at === 'mysql' ? 'mysql://u@h/d' : `postgres://${login}@${where}`;
      const result = await subctl(['plans', 'list'], { env: { DATABASE_URL: target } });
      const [, sentence = ''] = /^error: (.*)$/m.exec(result.stderr) ?? [];
      rows.set(fault, rowOf(fault, result.code, sentence.replaceAll(String(port), 'PORT')));
      expect([result.code, result.stdout, sentence]).toEqual([code, '', expect.stringMatching(/./)]);
      expect(opened.every(({ count }) => count <= at.split('PORT').length - 1)).toBe(true); // each server once
      if (hasPsql && !alone) expect(await askPsql(target)).toBe(false);
    },
  );

  it.runIf(hasIpv6)('docs/operations/connections.md says the same', async () => {
    if (rows.size < faults.length) return; // of a part of the tests
    const text = readFileSync(page, 'utf8');
    const table = [
      '| fault | exit code | reported | message |',
      '| --- | --- | --- | --- |',
      ...rows.values(),
    ];
    const block = `<!-- faults -->\n${table.join('\n')}\n<!-- /faults -->`;
    await expect(
      text.replace(/<!-- faults -->[\s\S]*<!-- \/faults -->/, () => block),
      'npx vitest run test/database/fault-table.test.ts -u writes it',
    ).toMatchFileSnapshot(page);
  });
});

function rowOf(fault: string, code: number, sentence: string): string {
  const isLate = /did not answer for/.test(sentence);
  const when = isLate ? 'after `connect_timeout`' : 'at once';
  return `| ${fault} | ${code} | ${when} | ${sentence.replaceAll('|', '\\|').replaceAll(root, '')} |`;
}
