import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { settingSpecs } from '../../src/config/keys.ts';
import { readSettings } from '../../src/config/settings.ts';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { parameters } from '../../src/database/parameters.ts';
import { formatDatabaseUrl } from '../../src/database/url.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { inputs, patience, runs } from './inputs.ts';
import { around, nasty } from './nasty.ts';
import { expectNoWarnings, read, readLater } from './refusal.ts';

vi.setConfig({ testTimeout: patience });
expectNoWarnings();
const folder = temporaryFolder('subctl-fuzz-settings-');
afterAll(() => removeFolder(folder));

const password = 'pw-1f9e0c7a';
const urls = [
  `postgres://app:${password}@db.example.com:5433/shop?sslmode=require&connect_timeout=5`,
  `postgresql+asyncpg://u:${password}@[::1]/d`,
  `postgres://u:${password}@a:1,b:2/d?target_session_attrs=read-write&sslrootcert=/etc/ca.pem`,
  `postgres:///d?host=/run/postgresql&port=5433&user=u&password=${password}`,
  `postgres://%2Frun%2Fx/d?options=-c%20statement_timeout%3D5s`,
  `postgres://u@h/d?hostaddr=127.0.0.1&sslmode=verify-full&sslnegotiation=direct&channel_binding=require&sslsni=0`,
  ...Object.keys(parameters).map((name) => `postgres://u:${password}@h/d?${name}=1`),
];

test(`a database URL: ${inputs()} inputs: it is read again as it is written, and no refusal tells the password`, () => {
  fc.assert(
    fc.property(around(urls), (text) => {
      const found = read(text, () => parseDatabaseUrl(text, {}));
      if ('refused' in found) {
        // what stands where a password does not belong is no password
        if (text.includes(`:${password}@`))
          expect(`${found.refused.message} ${found.refused.hint}`).not.toContain(password);
        return;
      }
      const address = found.value;
      expect(parseDatabaseUrl(formatDatabaseUrl(address, { showPassword: true }), {})).toEqual(address);
      if (address.password)
        expect(formatDatabaseUrl({ ...address, database: 'd', user: 'u', options: undefined })).not.toContain(
          encodeURIComponent(address.password) + '@',
        );
      for (const port of address.ports) expect(port >= 1 && port <= 65_535).toBe(true);
    }),
    { ...runs(), examples: urls.map((url): [string] => [url]) },
  );
});

const files = [
  'home: ./state\nactor: ci\nsmtp_host: mail.example.com\nsmtp_port: "587"\ntimetable: {timezone: Europe/Berlin, prune: "0 5 * * *", check-expired: {enabled: false, grace: 2h}}\n',
  'lease: 5m\npings: {url: https://hc-ping.com/KEY, prune: https://x.example/y}\n',
  'timetable:\n  send-alerts: on\n  reset-credits: {cron: "*/5 * * * *", catch_up: all}\n',
];

async function settingsOf(
  env: Record<string, string>,
  { yaml, dotenv }: { yaml?: string; dotenv?: string } = {},
) {
  const cwd = path.join(folder, 'work');
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd);
  if (yaml !== undefined) writeFileSync(path.join(cwd, 'subctl.yaml'), yaml);
  if (dotenv !== undefined) writeFileSync(path.join(cwd, '.env'), dotenv);
  const settings = await readSettings({ env: { HOME: '/nonexistent', ...env }, cwd });
  const given = JSON.stringify([env, yaml, dotenv]);
  read(given, settings.notifications);
  read(given, () => effectiveTimetable(settings.timetable));
  for (const { value, source } of settings.shown)
    if (!/object|NaN/.test(given)) expect(`${value} ${source}`).not.toMatch(/\[object|NaN/);
  return settings;
}

test(`subctl.yaml: ${inputs(0.2)} inputs`, async () => {
  await fc.assert(
    fc.asyncProperty(around(files), async (yaml) => {
      const found = await readLater(yaml, () => settingsOf({}, { yaml }));
      if ('refused' in found) expect(found.refused.kind).toBe('config');
    }),
    { ...runs(0.2), examples: files.map((text): [string] => [text]) },
  );
});

const variables = [
  ...settingSpecs.flatMap((spec) => spec.variables.flatMap((name) => [name, `${name}_FILE`])),
  ...[
    'SUBCTL_TIMETABLE_PRUNE',
    'SUBCTL_TIMETABLE_TIMEZONE',
    'SUBCTL_TIMETABLE_CHECK_EXPIRED_GRACE',
    'SUBCTL_TIMETABLE___PROTO__',
    'SUBCTL_PING_URL',
    'SUBCTL_PING_PRUNE_FILE',
    'PGHOST',
    'PGPORT',
    'PGSERVICE',
  ],
];
const value = around([
  'postgres://u:p@h/d',
  'external',
  'embedded',
  '/tmp/x',
  '~/x',
  '5m',
  '587',
  'a@b.example',
  'https://x.example/y',
  'sk_test_0123456789abcdef',
  'off',
  '*/5 * * * *',
  'Europe/Berlin',
  'sh -c "echo x"',
]);
// no variable of a process has a zero byte
const environment = fc.dictionary(
  fc.constantFrom(...variables),
  value.map((text) => text.replaceAll('\0', '')),
  { maxKeys: 5 },
);

test(`the environment: ${inputs(0.2)} inputs`, async () => {
  await fc.assert(
    fc.asyncProperty(environment, async (env) => {
      const found = await readLater(JSON.stringify(env), () => settingsOf({ ...env, SUBCTL_CONFIG: '' }));
      if ('refused' in found) expect(found.refused.kind).toBe('config');
    }),
    runs(0.2),
  );
});

test(`.env: ${inputs(0.1)} inputs`, async () => {
  const lines = [
    'DATABASE_URL="postgres://u:p@h/d"\nSMTP_HOST=x\n',
    "export SUBCTL_LEASE='5m'\n# a comment\nSUBCTL_TIMETABLE_PRUNE=off",
    'A=`multi\nline`\nSTRIPE_WEBHOOK_SECRET=whsec_a,whsec_b',
  ];
  await fc.assert(
    fc.asyncProperty(fc.oneof(around(lines), nasty), async (dotenv) => {
      const found = await readLater(dotenv, () => settingsOf({}, { dotenv }));
      if ('refused' in found) expect(found.refused.kind).toBe('config');
    }),
    runs(0.1),
  );
});
