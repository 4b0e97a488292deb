import { readdirSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { subctl } from '../../src/library/subctl.ts';
import { manners, openPretendServer, type PretendServer, refusing } from '../support/pretend-server.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const folder = temporaryFolder('subctl-way-');
const opened: PretendServer[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});
afterAll(() => removeFolder(folder));

const away = [
  ...Object.entries(manners).filter(([name]) => !/Kerberos|SASL/.test(name)),
  ['is starting', refusing('57P03')] as const,
  ['lets nobody in for now', refusing('55000')] as const,
];

describe('P7: what happens on the way to the server follows the policy of the library', () => {
  it.each(away)(
    'P3, P7: a server that %s is away: unchecked, and what is recorded is kept',
    async (name, act) => {
      const server = await openPretendServer(act);
      opened.push(server);
      const mode = name.startsWith('says N') ? 'prefer' : name.startsWith('says S') ? 'require' : 'disable';
      const spool = `${folder}/${name.replaceAll(' ', '-')}`;
      const client = subctl({
        url: `postgres://u:p@127.0.0.1:${server.port}/d?sslmode=${mode}&connect_timeout=1`,
        onUnavailable: 'fail-open',
        spool: { folder: spool },
        timeoutMs: 1_500,
      });
      await expect(client.check({ customer: 'a', kind: 'b' })).resolves.toMatchObject({
        allowed: true,
        unchecked: true,
      });
      await expect(client.record({ customer: 'a', kind: 'b' })).resolves.toMatchObject({
        allowed: true,
        spooled: true,
      });
      expect(readdirSync(spool)).not.toEqual([]);
      await client.close();
      expect(server.count).toBeLessThanOrEqual(8); // one a question, once more where it broke
    },
  );

  it('P7: a server without the TLS that is required is a Failure, for somebody has to change something', async () => {
    const server = await openPretendServer(manners['says N and closes']!);
    opened.push(server);
    const client = subctl({
      url: `postgres://u:p@127.0.0.1:${server.port}/d?sslmode=require`,
      spool: { folder: `${folder}/tls` },
    });
    await expect(client.check({ customer: 'a', kind: 'b' })).rejects.toMatchObject({ kind: 'config' });
    await client.close();
  });
});
