import { expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';

/** What a test may be skipped for, and why. `.ci/run` installs each program that Debian has. */
const reasons: Readonly<Record<string, string>> = {
  hasCrontab: 'cron; installed by .ci/run',
  hasPrivateCron: 'cron as root; installed by .ci/run',
  hasSystemd: 'systemd-analyze, which no container has',
  hasNotify: 'systemd-notify, which no container has',
  "existsSync('/run/systemd/system')": 'what is said where systemd does not run',
  hasXmllint: 'libxml2-utils; installed by .ci/run',
  hasPostgres15: 'postgresql-15; installed by .ci/run',
  oldest: 'postgresql-15; installed by .ci/run',
  canMount: 'only root can mount a disk that is full',
  "existsSync('/dev/full')": 'a device that takes nothing; Linux has it',
  hasPgBouncer: 'pgbouncer; installed by .ci/run',
  hasPsql: 'postgresql-client; installed by .ci/run',
  isThere: 'zsh and fish; installed by .ci/run',
  isRunnable: 'psycopg and Go with lib/pq; installed by .ci/run',
  hasIpv6: 'a machine without ::1',
  isRoot: 'only root can give another account its files',
  ordinary: 'only root can be another account',
  'process.getuid?.() !== 0': 'root may read every file',
  isLinux: 'processes are counted in /proc',
  "process.platform === 'linux'": 'processes are found in /proc',
  "process.platform === 'win32'": 'modes of files',
  isLong: 'takes real time: npm run test:long',
  hasPassword: 'a server of SUBCTL_TEST_DATABASE_URL that asks for no password',
};

const conditions = filesIn('test', '.test.ts')
  .filter((file) => !file.startsWith('test/house/skips'))
  .flatMap((file) =>
    [...textOf(file).matchAll(/\.\s*(?:skipIf|runIf)\(\s*([\s\S]*?)\s*\)\s*(?=[(.])/g)].map(
      ([, condition]) => ({
        file,
        condition: condition!.replace(/^!/, ''),
      }),
    ),
  );

it('P16: what is skipped has its reason in this list, and the list does not grow unseen', () => {
  expect(conditions.filter(({ condition }) => !reasons[condition])).toEqual([]);
});

it('P16: no reason is left over', () => {
  const used = new Set(conditions.map(({ condition }) => condition));
  expect(Object.keys(reasons).filter((condition) => !used.has(condition))).toEqual([]);
});

it('P16: no test is skipped without a condition', () => {
  const plain = filesIn('test', '.test.ts').filter((file) =>
    /\b(?:it|test|describe)\.(?:skip|todo|only)\b(?!If)/.test(textOf(file)),
  );
  expect(plain.filter((file) => !file.startsWith('test/house/skips'))).toEqual([]);
});
