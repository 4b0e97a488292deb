import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scopeNames } from '../../src/api-tokens/scopes.ts';
import { startStripe } from '../stripe-server/start.ts';
import { root, subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const { sql, env } = await testDatabase();
const stripe = await startStripe('2026-03-01T10:00:00Z');
const folders: string[] = [];
afterAll(() => folders.forEach(removeFolder));

/** A program that runs from a copy of its package, which `replace` takes away. */
interface Running {
  child: ChildProcess;
  log: () => string;
  until: (isSo: () => Promise<boolean> | boolean) => Promise<void>;
  replace: () => void;
  folder: string;
  ended: Promise<number | null>;
}

function startFromCopy(words: string[], more: Record<string, string> = {}): Running {
  const folder = temporaryFolder('subctl-replaced-');
  folders.push(folder);
  const parts = ['bin', 'dist', 'drizzle', 'data', 'package.json'];
  for (const part of parts) cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  const child = spawn(
    process.execPath,
    [path.join(folder, 'bin/subctl.js'), ...words, '--listen', '127.0.0.1:0'],
    {
      env: { ...env, ...more, PATH: process.env['PATH'] },
      cwd: folder,
    },
  );
  let log = '';
  child.stdout.on('data', (text) => (log += String(text)));
  child.stderr.on('data', (text) => (log += String(text)));
  return {
    child,
    log: () => log,
    async until(isSo) {
      while (!(await isSo())) {
        expect(child.exitCode, log).toBeNull();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    folder,
    replace: () => parts.forEach((part) => rmSync(path.join(folder, part), { recursive: true })),
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
}

it('P5: a daemon whose files are taken away goes on with every task of the timetable, and is ready', async () => {
  const { child, log, until, replace, ended } = startFromCopy(['daemon']);
  await until(() => log().includes('"msg":"at work"') && log().includes('"msg":"listening"'));
  replace();
  await sql`update subctl.jobs set next_due = clock_timestamp() - interval '1 minute'`;
  const [{ count }] = await sql<
    [{ count: string }]
  >`select count(*)::text as count from subctl.jobs where enabled and not switched_off`;
  const hasRun = async () =>
    (await sql`select distinct task from subctl.job_runs where outcome is not null`).length >=
      Number(count) || log().includes('Cannot find module');
  await until(hasRun);
  expect(log()).not.toContain('Cannot find module');
  const url = /"url":"([^"]+)"/.exec(log())![1]!;
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({
    ok: true,
    checks: { schema: { ok: true } },
  });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

it('P5: a daemon whose files are another build ends with a sentence and exit code 6, and the new one begins', async () => {
  const { log, until, folder, ended } = startFromCopy(['daemon']);
  await until(() => log().includes('"msg":"at work"'));
  appendFileSync(path.join(folder, 'dist/main.cjs'), '// another build');
  expect(await ended).toBe(6);
  expect(log()).toContain('The program was replaced by subctl');
});

it('P5: serve whose files are taken away answers everything, also what it was never asked before', async () => {
  await loadLadder(sql);
  await addOne(sql, { id: 'ann' });
  const keys = { ...stripe.env, STRIPE_WEBHOOK_SECRET: 'whsec_test' };
  const plans = await subctl(['stripe', 'sync', 'plans'], { env: { ...env, ...keys } });
  expect(plans.code).toBe(0);
  const made = await subctl(
    ['tokens', 'create', 'app', ...scopeNames.flatMap((name) => ['--scope', name]), '--json'],
    { env },
  );
  const { token } = JSON.parse(made.stdout) as { token: string };
  const { child, log, until, replace, ended } = startFromCopy(['serve'], keys);
  await until(() => log().includes('The API is at'));
  replace();
  const url = /The API is at (\S+)\/v1/.exec(log())![1]!;
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const ask = async (target: string, body?: object) => {
    const asked = { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) };
    return (await fetch(`${url}${target}`, asked)).status;
  };
  for (const target of [
    '/healthz',
    '/readyz',
    '/docs',
    '/openapi.json',
    '/v1/plans',
    '/v1/customers/ann/usage',
  ])
    expect([target, await ask(target)]).toEqual([target, 200]);
  expect(await ask('/v1/check', { customer: 'ann', kind: 'llm' })).toBe(200);
  expect(
    await ask('/v1/customers/ann/checkout', { plan: 'pro', return_url: 'https://shop.example.org' }),
  ).toBe(200);
  expect(await ask('/stripe/webhook', { id: 'evt_1' })).toBe(403);
  expect(log()).not.toContain('Cannot find');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
