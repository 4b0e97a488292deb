import { beforeAll, describe, expect, test } from 'vitest';
import { parseInstant } from '../../src/domain/instants.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan } from '../usage/world.ts';

const { sql, env } = await testDatabase();
const run = (line: string) => subctl(line.split(' '), { env });

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'any', { isDefault: true });
  await customer(sql, 'x');
});

test('H5: usage explain of a customer that there is not is exit code 3', async () => {
  expect(await run('usage explain nobody image')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("There is no customer 'nobody'") as string,
  });
});

describe('H5: times that nothing can be written for', () => {
  test.each([
    'customers add y --as-of 1969-12-31',
    'customers edit x --name X --as-of 1969-12-31',
    'credits add x 5 --as-of 0001-01-01',
    'assign x any --as-of 1969-12-31T23:59:59Z',
    'plans create p2 --as-of 1969-12-31',
    'jobs run prune --scheduled-for 0001-01-01',
    'usage record x --kind image --as-of 9999-12-31',
    'customers add y --as-of 0000-01-01',
    'usage check x --kind image --as-of 10000-01-01',
    'jobs upcoming --as-of 0000-12-31',
  ])('%s is exit code 2 with a sentence, and nothing is written', async (line) => {
    const { code, stdout, stderr } = await run(line);
    expect({ line, code, stdout }).toEqual({ line, code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error: .*(before 1970|before the year 1|years after the clock|not an ISO 8601|is not a time|[Uu]nknown option)/,
    );
    expect(await sql`select from subctl.customers`).toHaveLength(1);
  });
});

test.each([
  ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is the end of what is taken', (text, instant) => {
  expect(parseInstant(text).toISOString()).toBe(instant);
});

test.each(['0001-01-01T00:00+00:01', '0000-12-31', '9999-12-31T23:59:59-00:01', '9999-12-31T23:59:59-14:00'])(
  'H20: %s is refused by subctl and not by PostgreSQL',
  (text) => {
    expect(() => parseInstant(text, 'at')).toThrow(/^The at '.*' is (before the year 1|after the year 9999)/);
  },
);
