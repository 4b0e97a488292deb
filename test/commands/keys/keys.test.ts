import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyWorld, openaiKey } from '../../keys/world.ts';

const { run, folder, database, env } = await keyWorld();
const { sql } = database;
const json = <T>(text: string) => JSON.parse(text) as T;
type Listed = { name: string; state: string; ending: string; expires_at: string | null; provider: string };
const list = async () => json<Listed[]>((await run('keys list --json')).stdout);

describe('keys set', () => {
  test('Y1: takes a key from standard input, a variable or a file, and shows its last four characters', async () => {
    const stored = await run('keys set openai -', `${openaiKey}\n`);
    expect(stored).toMatchObject({ code: 0, stderr: 'Stored the key openai of OpenAI (…NTED)\n' });
    const from = await run('keys set anthropic --from-env MY_KEY', '', {
      MY_KEY: 'sk-ant-api03-abcdefghijklmnop',
    });
    expect(from).toMatchObject({ code: 0 });
    writeFileSync(path.join(folder, 'mistral.txt'), '\ufeff  abcdefghijklmnop0123 \r\n');
    expect(await run('keys set mistral --from-file mistral.txt')).toMatchObject({ code: 0 });
    expect((await list()).map(({ name, ending }) => [name, ending])).toEqual([
      ['anthropic', 'mnop'],
      ['mistral', '0123'],
      ['openai', 'NTED'],
    ]);
  });

  test('a key of the name is replaced, and the same one again changes nothing', async () => {
    expect(await run('keys set openai -', openaiKey)).toMatchObject({
      stderr: expect.stringContaining('Unchanged') as string,
    });
    const replaced = await run('keys set openai -', 'sk-proj-another-one-0123456789');
    expect(replaced.stderr).toContain('Replaced the key openai of OpenAI (…6789)');
    expect((await run('keys set openai - --dry-run', openaiKey)).stderr).toContain('Would store');
    expect((await list()).find(({ name }) => name === 'openai')?.ending).toBe('6789');
  });

  test('a key is never an argument, and what looks like one is not repeated', async () => {
    for (const line of [
      `keys set openai ${openaiKey}`,
      `keys set ${openaiKey}`,
      `keys set openai --from-env ${openaiKey}`,
      `keys set openai --from-env abcdef0123456789abcdef0123456789`,
      `keys set openai --from-file ${openaiKey}`,
      `keys set openai --value=${openaiKey}`,
      `keys set openai --value ${openaiKey}`,
      `keys set abcdef0123456789abcdef0123456789 -`,
      `keys set openai --provider ${openaiKey} -`,
      `keys remove ${openaiKey}`,
      `keys test ${openaiKey}`,
      `keys run --provider ${openaiKey} -- true`,
      `keys use ${openaiKey}`,
      `keys ${openaiKey}`,
    ]) {
      for (const more of ['', ' --json', ' --verbose']) {
        const { code, stdout, stderr } = await run(line + more);
        expect([2, 3], line + stderr).toContain(code);
        expect(stdout + stderr).not.toMatch(/PLANTED|abcdef0123456789/);
      }
    }
  });

  test.each([
    ['', 'is empty'],
    ['two words here', 'has a space'],
    ['eins\u00fczwei345678', 'a sign that no key has'],
    ['first-line-1234\nsecond-line-1234', 'more than one line'],
    ['OPENAI_API_KEY=sk-1234567890', 'is a line of an environment file'],
    ['short', 'has 5 characters'],
    ['{"type": ', 'begins with { and is not JSON'],
    ['x'.repeat(1_000_000), 'has more than 16384 bytes'],
    ['x'.repeat(17_000), 'has 17000 bytes'],
  ])('a value that cannot be a key is refused: $1', async (value, sentence) => {
    const { code, stderr } = await run('keys set deepseek -', value);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
    if (value.length > 5) expect(stderr).not.toContain(value.slice(0, 12));
  });

  test.each(['Openai', 'öpenai', 'open ai', 'ключ', '-', '🔑', 'a'.repeat(65)])(
    'the name %s is refused',
    async (name) => {
      const { subctl } = await import('../../support/cli.ts');
      const { code } = await subctl(['keys', 'set', '--', name, '-'], { env, stdin: openaiKey });
      expect(code).toBe(2);
    },
  );

  test('a provider that is not known is named with the nearest; other takes any', async () => {
    const { code, stderr } = await run('keys set opnai -', openaiKey);
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean openai?')]);
    expect(await run('keys set weather --provider other -', 'abcdefghijkl0123')).toMatchObject({ code: 0 });
    expect(await run('keys set openai-batch -', 'abcdefghijkl4567')).toMatchObject({ code: 0 });
    expect((await list()).map(({ name, provider }) => [name, provider])).toContainEqual([
      'openai-batch',
      'openai',
    ]);
    for (const name of ['weather', 'openai-batch'])
      expect(await run(`keys remove ${name} --yes`)).toMatchObject({ code: 0 });
  });

  test('without a place to take it from and without a terminal it says what to give', async () => {
    const { code, stderr } = await run('keys set groq');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--from-env VARIABLE')]);
    expect((await run('keys set groq - --from-env X', 'x')).stderr).toContain('more than one source');
  });
});

describe('when it ends', () => {
  test('a key has an end that --expires-at says; then it is not given out', async () => {
    expect(await run('keys set fal - --expires-at 2020-01-01', openaiKey)).toMatchObject({ code: 2 });
    await run('keys set fal - --expires-at 2036-01-01T00:00:00Z', openaiKey);
    const states = async (asOf: string) =>
      json<Listed[]>((await run(`keys list --json --as-of ${asOf}`)).stdout).find(
        ({ name }) => name === 'fal',
      )?.state;
    expect(await states('2035-06-01')).toBe('ok');
    expect(await states('2035-12-20')).toBe('expiring');
    expect(await states('2036-01-01')).toBe('expired');
    const { code, stderr } = await run('keys run --provider fal --as-of 2036-02-01 -- true');
    expect([code, stderr]).toEqual([4, expect.stringContaining('The key fal expired at 2036-01-01')]);
  });
});

describe('defect 80: who owns keys', () => {
  test('keys are the installation’s, set by its administrators alone; each change has its actor, and no value', async () => {
    await run('keys set cohere - --actor grace --reason renewal', 'planted-secret-of-cohere');
    await run('keys remove cohere --yes --actor hal');
    const rows = await sql<
      { actor: string; action: string; before: unknown; after: Record<string, unknown> | null }[]
    >`
      select c.actor, c.action, l.before, l.after from subctl.audit_log l join subctl.changes c on c.id = l.change_id
       where l.entity = 'provider_key' and l.entity_key = 'cohere' order by c.at, c.id`;
    expect(rows.map(({ actor, action }) => [actor, action])).toEqual([
      ['grace', 'keys set'],
      ['hal', 'keys remove'],
    ]);
    expect(rows[0]!.after).toMatchObject({ provider: 'cohere', ending: '…here' });
    expect(JSON.stringify(rows)).not.toContain('planted');
  });
});

test('keys remove asks, and needs no master key', async () => {
  expect(await run('keys remove mistral')).toMatchObject({ code: 2 });
  expect(await run('keys remove nobody --yes')).toMatchObject({ code: 3 });
  const removed = await run('keys remove mistral --yes', '', { SUBCTL_MASTER_KEY_FILE: '' });
  expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining('revoke it there') as string });
});
