import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { Dice } from '../simulator/dice.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { gather, usageFile } from './crowd.ts';
import { dump } from './dump.ts';
import { killServer, makeStand, start } from './stand.ts';

const rounds = process.env['SUBCTL_LONG'] ? 15 : 1;
const isLinux = process.platform === 'linux'; // the server's processes are found in /proc
const stand = isLinux ? await makeStand(gather) : undefined;

const folder = temporaryFolder('subctl-import-');
afterAll(() => removeFolder(folder));

const tasks: [name: string, asOf: string][] = [
  ['reset-monthly-usage', '2026-03-05T00:00:00Z'],
  ['reset-credits', '2026-02-20T00:00:00Z'],
  ['check-expired', '2026-03-05T01:00:00Z'],
  ['handle-renewals', '2026-02-25T02:00:00Z'],
  ['prune', '2026-05-05T04:00:00Z'],
];

test.skipIf(!isLinux).each(tasks)(
  'R42 R43: %s killed at random instants, itself or the whole server under it, ends as if nothing had happened',
  async (name, asOf) => {
    const { copy, on, place } = stand!;
    const line = [name, '--as-of', asOf, '--quiet'];
    const whole = await copy();
    const before = await on(whole, dump);
    const first = await start(whole, line).ended;
    expect([first.code, first.stderr]).toEqual([0, '']);
    const wanted = await on(whole, dump);
    expect(wanted, 'the task has something to do').not.toEqual(before);

    const dice = new Dice(20_261_125 + name.length);
    for (let round = 0; round < rounds * 2; round += 1) {
      const url = await copy();
      for (let crash = 0; crash < 2; crash += 1) {
        const run = start(url, line);
        await sleep(first.milliseconds * (0.2 + 0.7 * dice.next()));
        if (round % 2 === 0) run.kill();
        else await killServer(place);
        const { code, stderr } = await run.ended;
        // killed, or told that the server is away, or over before it; never a bug (1)
        expect([null, 0, 6], stderr).toContain(code);
        // a killed run leaves its lease: the time after which it is taken over is made to come
        await on(
          url,
          (sql) =>
            sql`update subctl.jobs set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`,
        );
      }
      const last = await start(url, line).ended;
      expect([last.code, last.stderr]).toEqual([0, '']);
      expect(await on(url, dump)).toEqual(wanted);
    }
  },
  600_000,
);

test.skipIf(!isLinux)(
  'R15 R42: an import killed at random instants, itself or the whole server under it, is given again and records every use once',
  async () => {
    const { copy, on, place } = stand!;
    const file = path.join(folder, 'uses.csv');
    writeFileSync(file, usageFile(2500));
    const line = [
      'usage',
      'import',
      file,
      '--as-of',
      '2026-02-01T00:00:00Z',
      '--quiet',
      '--rejects',
      `${file}.rejects`,
    ];
    const whole = await copy();
    const first = await start(whole, line).ended;
    expect(first.code, first.stderr).toBe(7); // some rows name customers who are not there
    const wanted = await on(whole, dump);
    const dice = new Dice(7);
    for (let round = 0; round < rounds * 2; round += 1) {
      const url = await copy();
      for (let crash = 0; crash < 2; crash += 1) {
        const run = start(url, line);
        await sleep(first.milliseconds * (0.2 + 0.7 * dice.next()));
        if (round % 2 === 0) run.kill();
        else await killServer(place);
        const { code, stderr } = await run.ended;
        expect([null, 7, 6], stderr).toContain(code);
      }
      const last = await start(url, line).ended;
      expect(last.code, last.stderr).toBe(7);
      expect(await on(url, dump)).toEqual(wanted);
    }
  },
  600_000,
);
