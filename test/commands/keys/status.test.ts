import { describe, expect, test } from 'vitest';
import { createMasterKey } from '../../../src/keys/master-key.ts';
import { falKey, keyWorld, openaiKey } from '../../keys/world.ts';

const { run } = await keyWorld();
interface Status {
  ready: boolean;
  missing: string[];
  default_provider: string | null;
  services: { service: string; available: boolean; state: string; required: boolean; default: boolean }[];
}
const status = async (more = '') => {
  const { code, stdout } = await run(`keys status --json${more}`);
  return { code, ...(JSON.parse(stdout) as Status) };
};
const doctor = async () =>
  (JSON.parse((await run('doctor --json')).stdout) as { check: string; found: string[] }[])
    .filter(({ check }) => /key/.test(check))
    .map(({ check, found }) => [check, found]);

describe('Y3: required keys', () => {
  test('an installation that requires none is ready with none', async () => {
    expect(await status()).toMatchObject({ code: 0, ready: true, services: [] });
  });

  test('FAL and one AI provider: keys status and doctor say what is missing, until both are there', async () => {
    await run('config set required_keys fal,ai');
    expect(await status()).toMatchObject({ code: 4, ready: false, missing: ['FAL', 'an AI provider'] });
    expect((await run('keys status')).stderr).toContain(
      'A key for an AI provider is required, and none is usable',
    );
    await run('keys set openai -', openaiKey);
    expect(await status()).toMatchObject({ code: 4, missing: ['FAL'] });
    expect(await doctor()).toEqual([
      ['provider keys', ['A key of FAL is required, and none can be used']],
      ['master key', []],
    ]);
    await run('keys set fal -', falKey);
    expect(await status()).toMatchObject({ code: 0, ready: true, missing: [] });
    expect(await doctor()).toEqual([
      ['provider keys', []],
      ['master key', []],
    ]);
  });

  test('a service with an expired key is not available, and neither is what requires it', async () => {
    await run('keys set fal - --expires-at 2036-01-01', falKey);
    const later = await status(' --as-of 2036-02-01');
    expect(later).toMatchObject({ code: 4, missing: ['FAL'] });
    expect(later.services.find(({ service }) => service === 'fal')).toMatchObject({
      available: false,
      state: 'expired',
      required: true,
    });
  });

  test('alternatives, names of keys and a slip', async () => {
    for (const [words, missing] of [
      ['groq|openai', []],
      ['groq|mistral', ['Groq or Mistral']],
      ['google', ['Google Gemini']],
      ['opnai,fal', ['opnai']],
    ] as const) {
      await run(`config set required_keys ${words}`);
      expect((await status()).missing, words).toEqual(missing);
    }
    expect(await run('config set required_keys !!')).toMatchObject({ code: 2 });
    await run('config unset required_keys');
  });
});

test('no value and no four characters of one are in keys status', async () => {
  const { stdout } = await run('keys status --json');
  expect(stdout).not.toMatch(/PLANTED|NTED|ending|sealed/);
});

test('a master key that cannot be read is said, and keeps nobody from looking', async () => {
  for (const line of ['keys status', 'keys list']) {
    const { code, stderr } = await run(line, '', { SUBCTL_MASTER_KEY_FILE: '/nonexistent/master.key' });
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('Not compared with the master key: There is no master key file'),
    ]);
  }
});

test('doctor names keys that this master key does not read', async () => {
  const without = await run('doctor --json', '', { SUBCTL_MASTER_KEY_FILE: '' });
  expect(without.stdout).toContain('no master key is configured here to read them');
  const missing = await run('doctor --json', '', { SUBCTL_MASTER_KEY_FILE: '/nonexistent/master.key' });
  expect(missing.stdout).toContain('There is no master key file /nonexistent/master.key');
  const wrong = await run('doctor --json', '', {
    SUBCTL_MASTER_KEY_FILE: '',
    SUBCTL_MASTER_KEY: createMasterKey(),
  });
  expect(wrong.stdout).toContain('Wrong master key: the key fal is encrypted with');
  expect(wrong.stdout).toContain('Wrong master key: the key openai is encrypted with');
});

describe('Y6: keys use', () => {
  test('sets the default provider and model, and takes them away', async () => {
    expect((await run('keys use google --model gemini-2.5-flash')).stderr).toContain(
      'There is no stored key for gemini',
    );
    expect(await run('keys use openai --model gpt-4o')).toMatchObject({
      code: 0,
      stderr: 'Usage without a model counts as openai gpt-4o\n',
    });
    expect((await run('config list --json')).stdout).toContain('"gpt-4o"');
    const { default_provider: provider, services } = await status();
    expect([provider, services.filter((one) => one.default).map(({ service }) => service)]).toEqual([
      'openai',
      ['openai'],
    ]);
    expect(await run('keys use --none')).toMatchObject({ code: 0 });
    expect((await status()).default_provider).toBeNull();
  });

  test('a default is both; none goes with nothing', async () => {
    for (const line of [
      'keys use',
      'keys use openai',
      'keys use --model x',
      'keys use openai --none',
      'keys use none --model x',
    ])
      expect(await run(line), line).toMatchObject({ code: 2 });
  });
});

test('Y3: the preset that needs FAL and an AI provider says so, until the operator says otherwise', async () => {
  const world = await keyWorld();
  const missing = async () => (JSON.parse((await world.run('keys status --json')).stdout) as Status).missing;
  await world.run('setup --catalogue sketchmaker');
  expect(await missing()).toEqual(['FAL', 'an AI provider']);
  expect(await world.run('keys status')).toMatchObject({ code: 4 });
  await world.run('config set required_keys none');
  await world.run('setup --catalogue sketchmaker');
  expect(await missing()).toEqual([]);
});
