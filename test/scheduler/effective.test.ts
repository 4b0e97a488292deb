import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSettings } from '../../src/config/settings.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { spawnSubctl, subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const parent = temporaryFolder('subctl timetable ');
afterAll(() => removeFolder(parent));
let count = 0;
function folderWith(files: Record<string, string>): string {
  const folder = path.join(parent, String(count++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}
async function entries(env: Record<string, string>, files: Record<string, string> = {}) {
  const { timetable } = await readSettings({ env: { HOME: '/home/ann', ...env }, cwd: folderWith(files) });
  return Object.fromEntries(effectiveTimetable(timetable).map((entry) => [entry.task, entry]));
}

test('without settings it is the timetable as it is shipped, in the zone of the database', async () => {
  expect((await entries({}))['check-expired']).toMatchObject({
    cron: '0 1 * * *',
    enabled: true,
    timezone: undefined,
    catchUp: 'latest',
    grace: undefined,
    from: { cron: 'default', enabled: 'default', timezone: 'default', catch_up: 'default', grace: 'default' },
  });
});

test('subctl.yaml says an expression, a switch, or each field of a task, and the zone of all', async () => {
  const text = `timetable:
  timezone: europe/berlin
  reset-credits: '15 * * * *'
  prune: off
  check-expired: { enabled: false }
  handle-renewals: { cron: 0  6 * * 1-5, timezone: America/New_York, catch_up: all, grace: 90m }
`;
  const found = await entries({}, { 'subctl.yaml': text });
  expect(found).toMatchObject({
    'reset-credits': {
      cron: '15 * * * *',
      enabled: true,
      timezone: 'Europe/Berlin',
      from: { cron: 'subctl.yaml' },
    },
    prune: { cron: '0 4 * * *', enabled: false, from: { cron: 'default', enabled: 'subctl.yaml' } },
    'check-expired': { enabled: false },
    'handle-renewals': { cron: '0 6 * * 1-5', timezone: 'America/New_York', catchUp: 'all', grace: 5_400 },
  });
});

test('the environment goes before .env, and that before subctl.yaml, field by field', async () => {
  const files = {
    '.env': "SUBCTL_TIMETABLE_PRUNE='30 4 * * *'\nSUBCTL_TIMETABLE_CHECK_EXPIRED=off\n",
    'subctl.yaml': 'timetable: { prune: { enabled: false, grace: 1h }, check-expired: 0 3 * * * }',
  };
  const env = { SUBCTL_TIMETABLE_CHECK_EXPIRED: 'on', SUBCTL_TIMETABLE_RESET_CREDITS_CATCH_UP: 'none' };
  expect(await entries(env, files)).toMatchObject({
    prune: {
      cron: '30 4 * * *',
      enabled: true,
      grace: 3_600,
      from: { cron: 'SUBCTL_TIMETABLE_PRUNE in .env' },
    },
    'check-expired': {
      cron: '0 3 * * *',
      enabled: true,
      from: { enabled: 'SUBCTL_TIMETABLE_CHECK_EXPIRED' },
    },
    'reset-credits': { catchUp: 'none' },
  });
});

test('an empty variable says that the default holds, whatever the files say', async () => {
  const files = { 'subctl.yaml': 'timetable: { prune: off, timezone: Asia/Tokyo }' };
  const env = { SUBCTL_TIMETABLE_PRUNE: '', SUBCTL_TIMETABLE_TIMEZONE: '' };
  expect(await entries(env, files)).toMatchObject({
    prune: { enabled: true, cron: '0 4 * * *', timezone: undefined },
  });
});

test.each([
  [
    'SUBCTL_TIMETABLE_PRUNE',
    '0 0 * * * *',
    /^The cron expression of prune \(SUBCTL_TIMETABLE_PRUNE\).* has 6 fields and not five/,
  ],
  ['SUBCTL_TIMETABLE_PRUNE', '61 * * * *', /Invalid value for minute: 61/],
  ['SUBCTL_TIMETABLE_PRUNE', '0 0 31 2,4 *', /names a date that never comes/],
  ['SUBCTL_TIMETABLE_PRUNE', '@reboot', /no macro that is known/],
  [
    'SUBCTL_TIMETABLE_TIMEZONE',
    '+02:00',
    /^The zone of the timetable \(SUBCTL_TIMETABLE_TIMEZONE\).* is a fixed offset/,
  ],
  ['SUBCTL_TIMETABLE_PRUNE_TIMEZONE', 'Europe/Berln', /^The zone of prune .* is not known/],
  ['SUBCTL_TIMETABLE_PRUNE_GRACE', 'soon', /^The grace of prune .* is not a length of time/],
  ['SUBCTL_TIMETABLE_PRUNE_CATCH_UP', 'one', /^The catch-up of prune .* is not known/],
  ['SUBCTL_TIMETABLE_PRUN', 'off', /has no task 'prun' \(SUBCTL_TIMETABLE_PRUN\), did you mean prune\?/],
  ['SUBCTL_TIMETABLE_GRACE', '1h', /says grace of no task/],
])('%s=%s is refused by one sentence that says where it stands, exit 5', async (name, value, sentence) => {
  const { code, stdout, stderr } = await subctl(['config', 'show'], { env: { [name]: value } });
  expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
  expect(stderr.replace(/^error: /, '')).toMatch(sentence);
  expect(stderr.split('\n').filter(Boolean)).toHaveLength(2);
});

test.each([
  ['timetable: daily', /is not a list of tasks/],
  [
    'timetable: { prune: { crn: 0 4 * * * } }',
    /says 'crn' of the task prune, which is not known, did you mean cron\?/,
  ],
  [
    'timetable: { prune: { enabled: maybe } }',
    /^The switch of prune \(subctl.yaml\) 'maybe' is neither on nor off/,
  ],
  ['timetable: { prune: { cron: [0, 4] } }', /has a list where one value belongs/],
])('subctl.yaml with %s is refused, exit 5', async (text, sentence) => {
  const { code, stderr } = await subctl(['config', 'show'], { cwd: folderWith({ 'subctl.yaml': text }) });
  expect(code).toBe(5);
  expect(stderr.replace(/^error: /, '')).toMatch(sentence);
});

test('a wrong timetable keeps nobody from what does not need it', async () => {
  const { env } = await testDatabase();
  const wrong = { ...env, SUBCTL_TIMETABLE_PRUNE: 'never' };
  expect((await subctl(['plans', 'list'], { env: wrong })).code).toBe(0);
  expect((await subctl(['run-due'], { env: wrong })).code).toBe(5);
});

test('config show has the effective timetable with where each value came from, also in the built program', async () => {
  const cwd = folderWith({ 'subctl.yaml': 'timetable: { prune: off }\n' });
  const env = { SUBCTL_TIMETABLE_RESET_CREDITS: '15 * * * *', SUBCTL_TIMETABLE_RESET_CREDITS_GRACE: '5m' };
  const { stdout } = await spawnSubctl(['config', 'show', '--json'], { env, cwd });
  const rows = JSON.parse(stdout) as { key: string; value: string | null; source: string }[];
  const shown = rows
    .filter(({ key }) => key.startsWith('timetable'))
    .map(({ key, value, source }) => [key, value, source]);
  expect(shown).toEqual(
    expect.arrayContaining([
      ['timetable.timezone', null, 'the database'],
      ['timetable.reset-credits', '15 * * * *', 'SUBCTL_TIMETABLE_RESET_CREDITS'],
      ['timetable.reset-credits.grace', '5m', 'SUBCTL_TIMETABLE_RESET_CREDITS_GRACE'],
      ['timetable.check-expired', '0 1 * * *', 'default'],
      ['timetable.prune', 'off', 'subctl.yaml'],
    ]),
  );
});
