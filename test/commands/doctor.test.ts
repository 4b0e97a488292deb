import { beforeAll, describe, expect, it } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { sql, env } = await testDatabase({ empty: true });
const doctor = (...args: string[]) => subctl(['doctor', ...args], { env });
const line = (stdout: string, check: string) =>
  (JSON.parse(stdout) as { check: string; state: string; count: number; rows: object[] }[]).find(
    (each) => each.check === check,
  );
const damage = () => sql`update subctl.usage_totals set used[1] = used[1] + 3 where customer_id = 'ann'`;

beforeAll(async () => {
  for (const command of ['setup --catalogue mobix', 'customers add ann', 'usage record ann --kind message'])
    expect(await subctl(command.split(' '), { env }), command).toMatchObject({ code: 0 });
});

describe('doctor', () => {
  it('O8: is content with a new database, exit 0', async () => {
    expect(await doctor()).toMatchObject({ code: 0 });
  });

  it('R45: --deep checks stored data and says what cannot be checked', async () => {
    const { code, stdout, stderr } = await doctor('--deep', '--json');
    expect(code).toBe(0);
    expect(line(stdout, 'books: windows')).toMatchObject({ state: 'ok', count: 0 });
    expect(stderr).toContain('refused');
  });

  it('R45: --deep names the row that disagrees, exit 4', async () => {
    await damage();
    const { code, stdout } = await doctor('--deep', '--json');
    expect(code).toBe(4);
    expect(line(stdout, 'books: windows')).toMatchObject({
      state: 'found',
      count: 1,
      rows: [{ customer: 'ann', expected: '0', found: '3' }],
    });
    // eighty columns fold the cell between its words
    expect((await doctor('--deep')).stdout).toMatch(/0 expected, 3\s+found/);
  });

  it('--repair asks first, and without a terminal wants --yes', async () => {
    expect(await doctor('--repair')).toMatchObject({ code: 2 });
  });

  it('--repair --dry-run says what it would do and does nothing, exit 4', async () => {
    const { code, stdout, stderr } = await doctor('--repair', '--dry-run', '--json');
    expect(code).toBe(4);
    expect(line(stdout, 'books: windows')).toMatchObject({ state: 'would be repaired' });
    expect(stderr).toContain('Would repair 1 row: windows');
    expect(await sql`select used[1]::int as used from subctl.usage_totals where customer_id = 'ann'`).toEqual(
      [{ used: 3 }],
    );
  });

  it('--repair brings the figure back under one change with its audit, exit 0', async () => {
    const { code, stdout } = await doctor('--repair', '--yes', '--reason', 'drift', '--json');
    expect(line(stdout, 'books: windows')).toMatchObject({ state: 'repaired' });
    expect(code).toBe(0);
    expect(await sql`select used[1]::int as used from subctl.usage_totals where customer_id = 'ann'`).toEqual(
      [{ used: 0 }],
    );
    const kept = await sql`
      select a.entity, a.before, a.after, c.reason from subctl.audit_log a join subctl.changes c on c.id = a.change_id where c.action = 'doctor repair'`;
    expect(kept).toMatchObject([{ entity: 'open windows', reason: 'drift' }]);
  });

  it('what cannot be derived stays on the list after a repair, exit 4', async () => {
    await sql`update subctl.usage_events set at = at - interval '1 second' where customer_id = 'ann'`;
    const { code, stdout } = await doctor('--repair', '--yes', '--json');
    expect(code).toBe(4);
    expect(line(stdout, 'books: events')).toMatchObject({ state: 'found' });
  });
});
