import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../../src/database/address.ts';
import { recordChange } from '../../../src/database/change.ts';
import { type Connection, connectTo } from '../../../src/database/connect.ts';
import { serverErrorOf } from '../../../src/database/server-error.ts';
import { inTransaction } from '../../../src/database/transaction.ts';
import { tokenRoles } from '../../../src/api-tokens/scopes.ts';
import { readExactJson } from '../../../src/http/api/exact-json.ts';
import type { ApiServices, Operation } from '../../../src/http/api/operation.ts';
import { operations } from '../../../src/http/api/operations.ts';
import { scopesOfRole } from '../../../src/http/api/role-scopes.ts';
import { createMasterKey, readKeyRing } from '../../../src/keys/master-key.ts';
import { setKey } from '../../../src/keys/set-key.ts';
import { lacksRight, wordOfRight } from '../../../src/roles/lacks-right.ts';
import { databaseWithRoles } from '../../roles/world.ts';
import { asTester } from '../../support/catalogue.ts';
import { addOne, loadLadder } from '../../support/plans.ts';
import { requestOf } from './request-of.ts';
import { startApi } from './world.ts';

const { sql, account, run, urlOf } = await databaseWithRoles();
const api = await startApi(sql);
const opened: Connection[] = [];
afterAll(() => Promise.all(opened.map((one) => one.end({ timeout: 5 }))));

const ring = readKeyRing(createMasterKey(), 'the test');

beforeAll(async () => {
  await loadLadder(sql);
  const key = 'sk-1234567890123456789012345678901234567890';
  await asTester(sql, (tx, change) =>
    setKey(tx, change, { name: 'openai', provider: 'openai', value: key }, ring),
  );
  await sql`update subctl.plan_prices set stripe_price_id = 'price_1' where plan_id = 'pro'`;
  for (const id of ['ann', 'bea']) await addOne(sql, { id });
});

/** The services of the API on the connection of an account; Stripe knows every customer. */
function servicesOf(connection: Connection, role: string): ApiServices {
  const now = async () => new Date();
  return {
    ...{ connection, asOf: undefined, now, clock: () => new Date(), returnUrl: 'https://example.org/' },
    write: (request, work) =>
      inTransaction(connection, async (tx) =>
        work(tx, await recordChange(tx, { ...request, now: await now() })),
      ),
    stripe: () => Promise.resolve({} as never),
    gateway: () => Promise.resolve({ ensureCustomer: () => Promise.resolve(`cus_${role}`) } as never),
    keyRing: () => Promise.resolve(ring),
  };
}

/** Whether PostgreSQL refuses an account what an operation does; other errors are none of this. */
async function isRefused(one: Operation, role: string, connection: Connection): Promise<boolean> {
  const params = { customer: 'ann', feature: 'sso', plan: 'pro', key: 'openai', member: 'm1' };
  const body = one.shape.body?.parse(
    readExactJson(JSON.stringify(one.example ?? {}).replaceAll('"ada"', '"ann"')),
  );
  const caller = {
    id: randomUUID(),
    name: 'web',
    scopes: ['keys'] as const,
    role: null,
    onlyCustomer: null,
    onlyPrefix: null,
    expiresAt: null,
  };
  try {
    await one.run(servicesOf(connection, role), { params, query: {}, body } as never, caller);
    return false;
  } catch (error) {
    return serverErrorOf(error)?.code === '42501';
  }
}

test('what an operation needs is what PostgreSQL asks of an account, of each operation and each role', async () => {
  const wrong: string[] = [];
  for (const role of tokenRoles) {
    const connection = connectTo(parseDatabaseUrl(urlOf(account(role))), 1);
    opened.push(connection);
    for (const one of operations) {
      const lacks = one.needs.some((need) => lacksRight(role, need));
      if ((await isRefused(one, role, connection)) !== lacks)
        wrong.push(
          `${role} ${one.id}: ${lacks ? 'refused by the table alone' : 'refused by PostgreSQL alone'}`,
        );
    }
  }
  expect(wrong).toEqual([]);
});

test('a token with a role may do just what the role may, of each route of the document, and is told the right that it lacks', async () => {
  const paths = (await api.ask('/openapi.json')).body.paths as Record<
    string,
    Record<string, { operationId: string; 'x-roles': string[] }>
  >;
  const documented = new Map(
    Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((one) => [one.operationId, one['x-roles']] as const),
    ),
  );
  expect([...documented.keys()].sort()).toEqual(operations.map(({ id }) => id).sort());
  for (const role of tokenRoles) {
    const made = await run(['tokens', 'create', `of-${role}`, '--role', role, '--json']);
    const { token, scopes } = JSON.parse(made.stdout) as { token: string; scopes: string[] };
    expect(scopes).toEqual([...scopesOfRole(role)].sort());
    for (const one of operations) {
      const [path, asked] = requestOf(one, 'bea');
      const { status, body } = await api.ask(path, { ...asked, token });
      const missing = one.needs.find((need) => lacksRight(role, need));
      const message = String(body.error?.message ?? '');
      expect([one.id, role, documented.get(one.id)!.includes(role)]).toEqual([one.id, role, !missing]);
      if (missing)
        expect([one.id, status, message]).toEqual([
          one.id,
          403,
          expect.stringContaining(wordOfRight(missing)),
        ]);
      else expect([one.id, message]).toEqual([one.id, expect.not.stringMatching(/the right|the scope/)]);
    }
  }
});

test('scopes narrow a role, and one of which it may do nothing is refused', async () => {
  const made = await run(['tokens', 'create', 'narrow', '--role', 'admin', '--scope', 'check', '--json']);
  const { token } = JSON.parse(made.stdout) as { token: string };
  const use = { customer: 'ann', kind: 'image' };
  expect((await api.ask('/v1/check', { token, body: use })).status).toBe(200);
  expect(await api.ask('/v1/record', { token, body: use })).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringContaining('the scope record') } },
  });
  expect(await run(['tokens', 'create', 'odd', '--role', 'reader', '--scope', 'record'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/reader does not have the scope 'record'[^]*read/),
  });
  expect(await run(['tokens', 'create', 'king', '--role', 'king'])).toMatchObject({ code: 2 });
  const bound = await run(['tokens', 'create', 'desk', '--role', 'admin', '--customer', 'ann', '--json']);
  expect((JSON.parse(bound.stdout) as { scopes: string[] }).scopes).not.toContain('keys');
  const rows = JSON.parse((await run(['tokens', 'list', '--json'])).stdout) as {
    name: string;
    role: string | null;
  }[];
  expect(rows.find(({ name }) => name === 'narrow')).toMatchObject({ role: 'admin', scopes: ['check'] });
  expect((await run(['tokens', 'list'])).stdout).toMatch(/narrow +check +admin/);
});
