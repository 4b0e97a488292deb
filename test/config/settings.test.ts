import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config/settings.ts';
import { maskUrl } from '../../src/config/mask.ts';
import { subctl } from '../support/cli.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const parent = temporaryFolder('subctl config ');
afterAll(() => removeFolder(parent));
let cwd = '';
let count = 0;
beforeEach(() => {
  cwd = path.join(parent, String(count++));
  mkdirSync(cwd);
});
const write = (name: string, text: string) => writeFileSync(path.join(cwd, name), text);
const read = (env: Record<string, string> = {}, more = {}) =>
  readSettings({ env: { HOME: '/home/ann', ...env }, cwd, ...more });
const url = 'postgres://ann:geheim@db/shop';

describe('the settings', () => {
  test('come from the flag, then the environment, then .env, then subctl.yaml, then the default', async () => {
    const found = async (env = {}, flags = {}) => {
      const { database, shown } = await read(env, { flags });
      return [database.home, shown.find(({ key }) => key === 'home')?.source];
    };
    const standard = process.getuid?.() === 0 ? '/var/lib/subctl' : '/home/ann/.local/share/subctl';
    expect(await found()).toEqual([standard, 'default']);
    write('subctl.yaml', 'home: /from/yaml\n');
    expect(await found()).toEqual(['/from/yaml', 'subctl.yaml']);
    write('.env', 'OTHER=1\nexport SUBCTL_HOME="/from/dotenv" # a comment\n');
    expect(await found()).toEqual(['/from/dotenv', 'SUBCTL_HOME in .env']);
    expect(await found({ SUBCTL_HOME: '/from/env' })).toEqual(['/from/env', 'SUBCTL_HOME']);
    expect(await found({ SUBCTL_HOME: '/from/env' }, { home: '/from/flag' })).toEqual([
      '/from/flag',
      '--home',
    ]);
  });

  test('a relative folder starts where it was written, ~ at the home folder', async () => {
    expect((await read({ SUBCTL_HOME: 'state' })).database.home).toBe(path.join(cwd, 'state'));
    expect((await read({ SUBCTL_HOME: '~/state' })).database.home).toBe('/home/ann/state');
    mkdirSync(path.join(cwd, 'etc'));
    write('etc/other.yaml', 'home: state\n');
    expect((await read({}, { config: 'etc/other.yaml' })).database.home).toBe(path.join(cwd, 'etc/state'));
  });

  test.runIf(process.getuid?.() !== 0)(
    'an empty or missing HOME gives the folder of the account',
    async () => {
      const expected = path.join(userInfo().homedir, '.local/share/subctl');
      expect((await read({ HOME: '' })).database.home).toBe(expected);
      expect((await readSettings({ env: {}, cwd })).database.home).toBe(expected);
    },
  );

  test('SUBCTL_DATABASE_URL goes before DATABASE_URL, which the application may use for itself', async () => {
    const { database } = await read({ DATABASE_URL: 'postgres://app', SUBCTL_DATABASE_URL: url });
    expect(database).toMatchObject({ url, urlSource: 'SUBCTL_DATABASE_URL' });
  });

  test('a secret may stand in a file', async () => {
    write('secret', `${url}\n`);
    expect((await read({ DATABASE_URL_FILE: 'secret' })).database).toMatchObject({
      url,
      urlSource: 'DATABASE_URL_FILE',
    });
  });

  test('an empty variable says that there is none, whatever the files say', async () => {
    write('.env', `DATABASE_URL=${url}\n`);
    expect((await read()).database.url).toBe(url);
    expect((await read({ DATABASE_URL: '' })).database.url).toBeUndefined();
  });

  test('of the database URL no password is shown', async () => {
    const { shown } = await read({ DATABASE_URL: url });
    expect(JSON.stringify(shown)).toContain('postgres://ann:****@db/shop');
    expect(JSON.stringify(shown)).not.toContain('geheim');
  });

  test.each([
    ['postgres://ann:geheim@db/shop', 'postgres://ann:****@db/shop'],
    ['postgres://ann:ge/he?i#m@db/shop', 'postgres://ann:****@db/shop'],
    ['postgres://ann:geh@eim@db/shop', 'postgres://ann:****@db/shop'],
    [
      'postgres://db/shop?user=ann&password=geheim&sslmode=require',
      'postgres://db/shop?user=ann&password=****&sslmode=require',
    ],
    ['postgres://ann@db/shop', 'postgres://ann@db/shop'],
    ['geheim', '****'],
  ])('%s is shown as %s', (text, expected) => {
    expect(maskUrl(text)).toBe(expected);
  });
});

describe('settings that cannot be', () => {
  test.each([
    ['databse: embedded', "a setting 'databse' that is not known, did you mean database?"],
    ['colour: red', "a setting 'colour' that is not known"],
    ['database: [a]', 'The setting database in'],
    ['- a', 'is not a list of settings'],
    ['a: b: c', 'is not YAML'],
  ])('subctl.yaml with %s', async (text, message) => {
    write('subctl.yaml', text);
    await expect(read()).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining(message) as string,
    });
  });

  test.each([
    [
      { SUBCTL_DATABASE: 'embeded' },
      "The setting database is 'embeded' (SUBCTL_DATABASE), did you mean embedded?",
    ],
    [{ DATABASE_URL: url, DATABASE_URL_FILE: 'x' }, 'Both DATABASE_URL and DATABASE_URL_FILE are set'],
    [
      { DATABASE_URL_FILE: '/nonexistent/x' },
      'The file /nonexistent/x that DATABASE_URL_FILE names cannot be read',
    ],
    [{ SUBCTL_CONFIG: '/nonexistent/y.yaml' }, 'There is no settings file /nonexistent/y.yaml'],
  ])('%o', async (env, message) => {
    await expect(read(env)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('config show', () => {
  test('shows each value and where it came from', async () => {
    write('.env', `DATABASE_URL=${url}\n`);
    const { code, stdout } = await subctl(['config', 'show', '--json'], {
      cwd,
      env: { SUBCTL_HOME: '/srv/x' },
    });
    expect(code).toBe(0);
    const shown = JSON.parse(stdout) as { key: string; value: string | null; source: string }[];
    expect(shown.map(({ key, value, source }) => [key, value, source]).slice(0, 4)).toEqual([
      ['database_url', 'postgres://ann:****@db/shop', 'DATABASE_URL in .env'],
      ['database', null, 'not set'],
      ['home', '/srv/x', 'SUBCTL_HOME'],
      ['pg_user', null, 'not set'],
    ]);
  });

  test('shows who acts, from wherever it is said, else the user of the system', async () => {
    const actor = async (env = {}) => {
      const settings = await read(env);
      return [settings.actor, settings.shown.find(({ key }) => key === 'actor')?.source];
    };
    expect(await actor()).toEqual([userInfo().username, 'default']);
    write('subctl.yaml', 'actor: yara\n');
    expect(await actor()).toEqual(['yara', 'subctl.yaml']);
    expect(await actor({ SUBCTL_ACTOR: 'carl' })).toEqual(['carl', 'SUBCTL_ACTOR']);
    expect(await actor({ SUBCTL_ACTOR: '' })).toEqual([userInfo().username, 'default']);
  });

  test('of the wrong file is exit 5', async () => {
    const { code, stderr } = await subctl(['config', 'show', '--config', 'none.yaml'], { cwd });
    expect([code, stderr]).toEqual([
      5,
      expect.stringContaining(`There is no settings file ${path.join(cwd, 'none.yaml')}`),
    ]);
  });

  test('the keys of Stripe come from the environment or a file of their own, several webhook secrets at once, and are never shown', async () => {
    write('key', 'sk_live_51Hxabcdefghijklmnop\n');
    const { stripe, shown } = await read({
      STRIPE_SECRET_KEY_FILE: 'key',
      STRIPE_WEBHOOK_SECRET: 'whsec_oldoldoldoldoldold, whsec_newnewnewnewnewnew',
    });
    expect(stripe).toMatchObject({
      secretKey: 'sk_live_51Hxabcdefghijklmnop',
      webhookSecrets: ['whsec_oldoldoldoldoldold', 'whsec_newnewnewnewnewnew'],
    });
    const values = shown.filter(({ key }) => key.startsWith('stripe_')).map(({ value }) => value);
    expect(values).toEqual(['sk_live_****mnop', 'whsec_****dold, whsec_****wnew', undefined, undefined]);
  });

  test('a secret key in subctl.yaml is refused: people commit that file', async () => {
    write('subctl.yaml', 'stripe_secret_key: sk_live_51Hxabcdefghijklmnop\n');
    await expect(read()).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/subctl\.yaml holds the setting stripe_secret_key, which is a secret$/),
      hint: 'take it out, and set STRIPE_SECRET_KEY or STRIPE_SECRET_KEY_FILE',
    });
  });
});
