import { expect, test } from 'vitest';
import { formatDatabaseUrl } from '../../src/database/url.ts';
import { embeddedAddress } from '../../src/database/embedded/open.ts';
import { embeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { stopServer } from '../../src/database/embedded/stop.ts';
import { makePeople } from '../../src/commands/demo/people.ts';
import { subctl } from '../support/cli.ts';
import { newHome } from '../support/embedded.ts';

test('O7: the same seed makes the same people, and another one others', () => {
  const asked = { count: 24, seed: 7, rungs: 3 };
  expect(makePeople(asked)).toEqual(makePeople(asked));
  expect(makePeople({ ...asked, seed: 8 })).not.toEqual(makePeople(asked));
  expect(new Set(makePeople({ ...asked, count: 200 }).map(({ id }) => id)).size).toBe(200);
});

test('O7: demo makes a database of its own once, the same for the same --seed and --as-of', async () => {
  const line = ['demo', '--as-of', '2026-03-01T12:00Z', '--customers', '10', '--json'];
  const counts: unknown[] = [];
  for (let round = 0; round < 2; round++) {
    const { home } = await newHome();
    const env = { SUBCTL_HOME: home, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    const inside = embeddedPaths(`${home}/demo`);
    try {
      const made = await subctl(line, { env });
      expect(made).toMatchObject({ code: 0, stderr: '' });
      const { made: isNew, customers, recorded, refused } = JSON.parse(made.stdout);
      expect({ isNew, customers }).toEqual({ isNew: true, customers: 10 });
      counts.push({ recorded, refused });
      expect(JSON.parse((await subctl([...line, '--yes'], { env })).stdout)).toMatchObject({ made: false });
      const url = formatDatabaseUrl(embeddedAddress(inside), { showPassword: true });
      const summary = await subctl(['usage-report', 'summary', '--as-of', '2026-03-01T12:00Z', '--json'], {
        env: { DATABASE_URL: url },
      });
      counts.push(JSON.parse(summary.stdout).meters);
      const span = ['--from', '2026-01-01', '--to', '2026-04-01'];
      const costs = await subctl(
        ['usage-report', 'costs', '--by', 'model', ...span, '--as-of', '2026-03-01T12:00Z', '--json'],
        {
          env: { DATABASE_URL: url },
        },
      );
      const rows = JSON.parse(costs.stdout) as { cost: string; unpriced: number }[];
      expect(
        rows.map(({ unpriced }) => unpriced),
        'B3: every use has its price',
      ).toEqual(rows.map(() => 0));
      expect(rows.every(({ cost }) => Number(cost) > 0)).toBe(true);
      // doctor of a new demo finds nothing, also in the books; partitions are those of the clock
      const at = ['--as-of', '2026-03-01T12:00Z'];
      const { stdout } = await subctl(['doctor', '--deep', ...at, '--json'], { env: { DATABASE_URL: url } });
      const checks = JSON.parse(stdout) as { check: string; state: string }[];
      expect(checks.length).toBeGreaterThan(20);
      expect(checks.filter(({ check, state }) => state === 'found' && check !== 'partitions')).toEqual([]);
    } finally {
      await stopServer(inside);
    }
  }
  expect(counts.slice(0, 2)).toEqual(counts.slice(2));
});
