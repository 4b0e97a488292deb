import { describe, expect, test } from 'vitest';
import { testKey } from '../../../src/keys/test-key.ts';
import { findProvider, providers } from '../../../src/keys/providers.ts';
import { startProvider } from '../../keys/provider-server.ts';
import { falKey, keyWorld, openaiKey } from '../../keys/world.ts';

const { run, database } = await keyWorld();
const { sql } = database;
const provider = await startProvider();
await run(`keys set openai - --base-url ${provider.url}/openai/`, openaiKey);
type Result = { name: string; result: string; status: number | null; sentence: string };
const tested = async () => {
  const { code, stdout, stderr } = await run('keys test openai --json');
  return { code, stderr, ...(JSON.parse(stdout) as Result[])[0]! };
};

describe('Y4: keys test', () => {
  test.each([
    [200, 'ok', 0],
    [401, 'rejected', 4],
    [402, 'forbidden', 4],
    [403, 'forbidden', 4],
    [429, 'rate_limited', 6],
    [500, 'provider_error', 6],
    [503, 'provider_error', 6],
    [302, 'unexpected', 6],
    [404, 'unexpected', 6],
  ])('status %s of the provider is %s, exit code %s, and is noted', async (status, result, code) => {
    provider.status = status;
    const done = await tested();
    expect([done.code, done.result, done.status]).toEqual([code, result, status]);
    expect(done.sentence + done.stderr).not.toContain('PLANTED');
    const [row] =
      await sql`select test_result, test_status, tested_at is not null as at from subctl.provider_keys`;
    expect(row).toEqual({ test_result: result, test_status: status, at: true });
  });

  test('the key goes in the header of the provider, to the address that was set, and to no other', async () => {
    provider.status = 302;
    provider.seen.length = 0;
    await tested();
    expect(provider.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/openai/models', `Bearer ${openaiKey}`],
    ]);
  });

  test('one that does not answer, or is not there, is unreachable', async () => {
    provider.status = undefined;
    const place = { name: 'openai', provider: 'openai', baseUrl: provider.url };
    expect(await testKey(place, openaiKey, { timeout: 150 })).toMatchObject({
      result: 'unreachable',
      status: null,
      sentence: 'OpenAI gave no answer in 0.15 s',
    });
    provider.status = 200;
    const nowhere = await testKey({ ...place, baseUrl: 'http://127.0.0.1:1' }, openaiKey);
    expect(nowhere).toMatchObject({
      result: 'unreachable',
      sentence: expect.stringMatching(/cannot be reached: \w+/) as string,
    });
  });

  test.each(providers.map((each) => [each.id, each] as const))(
    '%s: a key that is refused is rejected, one that is taken is ok',
    async (id, each) => {
      const place = { name: id, provider: id, baseUrl: provider.url };
      provider.status = (findProvider(id)!.test.rejects ?? [401])[0]!;
      expect(await testKey(place, falKey)).toMatchObject({ result: 'rejected' });
      provider.status = 200;
      provider.seen.length = 0;
      expect(await testKey(place, falKey)).toMatchObject({ result: 'ok' });
      expect(JSON.stringify(provider.seen[0]!.headers)).toContain(falKey);
      expect(provider.seen[0]!.url).not.toContain(falKey);
      expect(new URL(each.baseUrl).protocol).toBe('https:');
    },
  );

  test('a refused key is no longer available, until it is set again', async () => {
    provider.status = 401;
    await tested();
    expect((await run('keys list')).stdout).toContain('rejected');
    await run('keys set openai -', 'sk-proj-renewed-0123456789');
    expect(JSON.parse((await run('keys list --json')).stdout)).toMatchObject([
      { state: 'ok', tested_at: null },
    ]);
  });

  test('other providers are left out and named; a name that is none is not found; a dry run notes nothing', async () => {
    await run('keys set weather --provider other -', falKey);
    provider.status = 200;
    const all = await run('keys test --dry-run');
    expect([all.code, all.stderr]).toEqual([0, expect.stringContaining('weather was not tested')]);
    expect(JSON.parse((await run('keys list --json')).stdout)).toMatchObject([
      { tested_at: null },
      { tested_at: null },
    ]);
    expect(await run('keys test nobody')).toMatchObject({ code: 3 });
  });
});

test('the address of a provider is https, or this machine’s, and has no secret in it', async () => {
  for (const [url, sentence] of [
    ['http://example.com/v1', 'is not https'],
    ['ftp://example.com', 'is not an address of a web server'],
    ['https://user:pass@example.com', 'has a user'],
    ['https://example.com/?key=1', 'has a user, a query'],
    ['example.com', 'is not an address'],
  ]) {
    const { code, stderr } = await run(`keys set openai - --base-url ${url}`, openaiKey);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence!)]);
  }
});
