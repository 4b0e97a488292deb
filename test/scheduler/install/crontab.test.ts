import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { blockIn, withBlock } from '../../../src/scheduler/render/cron.ts';
import { lineDiff } from '../../../src/scheduler/install/line-diff.ts';
import { testDatabase } from '../../support/database.ts';
import { hasPrivateCron, privateCron } from '../../support/private-cron.ts';

const block = '# BEGIN subctl (x)\n0 1 * * * subctl\n# END subctl\n';

describe('the block in a crontab', () => {
  test.each([
    ['nothing', ''],
    ['lines of others', 'MAILTO=ops\n5 4 * * * backup\n'],
    ['a last line without its end', '5 4 * * * backup'],
  ])('is put behind %s, and taken out again without a trace', (_, crontab) => {
    const whole = crontab === '' || crontab.endsWith('\n') ? crontab : `${crontab}\n`;
    expect(withBlock(crontab, block)).toBe(`${whole}${block}`);
    expect(withBlock(withBlock(crontab, block), block)).toBe(`${whole}${block}`);
    expect(withBlock(withBlock(crontab, block), undefined)).toBe(whole);
  });

  test('is replaced in its place, between the lines of others', () => {
    const changed = block.replace('0 1', '0 2');
    expect(withBlock(`a\n${block}\nb\n`, changed)).toBe(`a\n${changed}\nb\n`);
    expect(blockIn(`a\n${block}b\n`)).toBe(block);
    expect(blockIn('a\n')).toBeUndefined();
  });

  test.each([
    ['without its end', '# BEGIN subctl\n0 1 * * * subctl\n'],
    ['without its beginning', '0 1 * * * subctl\n# END subctl\n'],
    ['twice', block + block],
  ])('is left alone when it is there %s: whose lines are whose cannot be told', (_, crontab) => {
    expect(() => withBlock(crontab, block)).toThrow(/has not one whole block/);
  });

  test('lineDiff says what goes, what comes and what stays', () => {
    expect(lineDiff('a\nb\nc\n', 'a\nc\nd\n')).toEqual(['  a', '- b', '  c', '+ d']);
    expect(lineDiff('', 'a\n')).toEqual(['+ a']);
    expect(lineDiff('a\n', '')).toEqual(['- a']);
  });
});

describe.skipIf(!hasPrivateCron)(
  'schedule install cron, with the real crontab (skipped without root, cron and mount namespaces)',
  async () => {
    const { env, url } = await testDatabase();
    const cron = privateCron();
    const home = path.join(cron.folder, 'home');
    const secret = path.join(home, '.config/subctl/database-url');
    const line = (words: string) => cron.say(words.split(' '), env);
    const crontab = () => cron.sh('crontab -l');
    const foreign = 'MAILTO=ops\n# mine\n5 4 * * * backup 100\\%\n';

    beforeAll(() => {
      cron.sh(`printf '%s' '${foreign}' | crontab -`);
    });

    test('J4: a dry run prints what would change, and changes nothing', async () => {
      const { code, stdout, stderr } = await line('schedule install cron --run-due --dry-run');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(
        /^--- .*database-url\n\+ \(a secret, not shown\)\n\n--- the crontab of root\n {2}MAILTO=ops\n/,
      );
      expect(stdout).toMatch(/^\+ # BEGIN subctl/m);
      expect(stdout).not.toContain(url);
      expect(crontab()).toBe(foreign);
      expect(existsSync(secret)).toBe(false);
    });

    test('J4: installing keeps the lines of others, hides the URL in a file of 0600, and twice is once', async () => {
      const first = await line('schedule install cron --run-due --json');
      expect(JSON.parse(first.stdout)).toMatchObject({ kind: 'cron', scope: 'user', changed: true });
      const text = crontab();
      expect(text.startsWith(foreign)).toBe(true);
      expect(text).not.toContain(url);
      expect(readFileSync(secret, 'utf8')).toBe(`${url}\n`);
      expect((statSync(secret).mode & 0o777).toString(8)).toBe('600');
      const second = await line('schedule install cron --run-due --json');
      expect(JSON.parse(second.stdout)).toMatchObject({ changed: false, places: [] });
      expect(crontab()).toBe(text);
    });

    test('status says what is installed, what comes next, and when it differs from what would be printed', async () => {
      const status = async (more: Record<string, string> = {}) =>
        (
          JSON.parse(
            (await cron.say(['schedule', 'status', 'cron', '--json'], { ...env, ...more })).stdout,
          ) as Record<string, unknown>[]
        )[0]!;
      expect(await status()).toMatchObject({
        kind: 'cron',
        scope: 'user',
        state: 'installed',
        next_task: 'run-due',
        made_by: 'subctl schedule print cron --run-due',
        differs: [],
      });
      expect(await status({ SUBCTL_ACTOR: 'clock' })).toMatchObject({
        state: 'differs',
        differs: ['the crontab of root'],
      });
    });

    test('another way of installing takes the place of the first; taking it away leaves what was there', async () => {
      const { code } = await line('schedule install cron --timezone UTC --host-timezone UTC');
      expect(code).toBe(0);
      expect(crontab()).toMatch(/ check-expired >/);
      expect(crontab()).not.toMatch(/run-due/);
      expect((await line('schedule uninstall cron')).code).toBe(0);
      expect(crontab()).toBe(foreign);
      expect(JSON.parse((await line('schedule uninstall cron --json')).stdout)).toMatchObject({
        changed: false,
      });
    });

    test('--system writes /etc/cron.d/subctl with the account, which must be there, and takes it away again', async () => {
      const file = path.join(cron.folder, 'url');
      writeFileSync(file, url, { mode: 0o600 });
      const say = (words: string) =>
        cron.say(words.split(' '), { ...env, DATABASE_URL: '', SUBCTL_DATABASE_URL_FILE: file });
      const away = await say('schedule install cron --system --run-due --account no-such-account');
      expect(away).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/no account 'no-such-account'/) as string,
      });
      const done = await say('schedule install cron --system --run-due --account nobody');
      expect(done.code).toBe(0);
      const installed = readFileSync(path.join(cron.folder, 'cron.d/subctl'), 'utf8');
      expect(installed).toMatch(
        /^\* \* \* \* \* nobody SUBCTL_DATABASE=external SUBCTL_DATABASE_URL_FILE=\S+\/url /m,
      );
      expect((await say('schedule uninstall cron --system')).code).toBe(0);
      expect(existsSync(path.join(cron.folder, 'cron.d/subctl'))).toBe(false);
    });
  },
);
