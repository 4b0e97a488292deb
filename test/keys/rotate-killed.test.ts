import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { findKeys } from '../../src/keys/find-keys.ts';
import { createMasterKey, readKeyRing } from '../../src/keys/master-key.ts';
import { unseal } from '../../src/keys/seal.ts';
import { root } from '../support/cli.ts';
import { falKey, keyWorld, openaiKey } from './world.ts';

const { run, env, database, master } = await keyWorld();
const values: Record<string, string> = { fal: falKey, groq: 'gsk_abcdefghijklmnop0123', openai: openaiKey };
for (const [name, value] of Object.entries(values)) await run(`keys set ${name} -`, value);

const { hosts, ports } = parseDatabaseUrl(database.url);
const door = hosts[0]!.startsWith('/') ? path.join(hosts[0]!, `.s.PGSQL.${ports[0]}`) : ports[0]!;

/** Runs `keys rotate` as a process of its own that is killed when message number `at` to the database has left it, and gives how many it sent. */
async function rotate(ring: string, at = 0): Promise<{ messages: number; code: number | null }> {
  let messages = 0;
  let kill: () => void = () => undefined;
  const server = createServer((client) => {
    const target = typeof door === 'number' ? connect(door, '127.0.0.1') : connect(door);
    client.on('data', (data) => {
      messages += 1;
      target.write(data);
      if (messages === at) kill();
    });
    target.on('data', (data) => client.write(data));
    const pairs: [Socket, Socket][] = [
      [client, target],
      [target, client],
    ];
    for (const [from, into] of pairs) from.on('error', () => undefined).on('close', () => into.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = new URL(database.url);
  url.search = '';
  url.host = `127.0.0.1:${port}`;
  const child = spawn(process.execPath, [path.join(root, 'bin/subctl.js'), 'keys', 'rotate', '--quiet'], {
    env: {
      ...env,
      PATH: process.env['PATH'],
      DATABASE_URL: url.href,
      SUBCTL_MASTER_KEY: ring,
      SUBCTL_MASTER_KEY_FILE: '',
    },
    stdio: 'ignore',
  });
  kill = () => void child.kill('SIGKILL');
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<unknown>((resolve) => server.close(resolve));
  return { messages, code };
}

/** The master keys that the stored keys are under, after each of them was read with the ring. */
async function readAll(ring: string): Promise<string[]> {
  const keys = await findKeys(database.sql);
  const opened = readKeyRing(ring, 'x');
  for (const key of keys) expect(await unseal(key, opened)).toBe(values[key.name]);
  expect(keys.length).toBe(3);
  return [...new Set(keys.map(({ masterKey }) => masterKey))];
}

test('Y7: keys rotate killed at each statement leaves every key readable, and goes on when it is run again', async () => {
  let old = readFileSync(master, 'utf8').trim();
  let last = createMasterKey();
  const { messages, code } = await rotate(`${last},${old}`);
  expect(code).toBe(0);
  expect(messages).toBeGreaterThan(8);
  const seen = new Set<string>();
  for (let at = 1; at <= messages; at += 1) {
    old = last;
    last = createMasterKey();
    const killed = await rotate(`${last},${old}`, at);
    const [now, ...others] = await readAll(`${last},${old}`);
    expect(others, `message ${at} of ${messages}`).toEqual([]);
    seen.add(now === readKeyRing(last, 'x').first.id ? 'new' : 'old');
    if (killed.code === 0) continue; // the last message is the goodbye
    await rotate(`${last},${old}`);
    expect(await readAll(last)).toEqual([readKeyRing(last, 'x').first.id]);
  }
  expect([...seen].sort()).toEqual(['new', 'old']);
});
