import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { subctl } from '../../src/library/subctl.ts';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { booksOf, layWorld, person } from './world.ts';

const { sql, env } = await testDatabase();
const folder = temporaryFolder('subctl-exits-');
let count = 0;

beforeAll(() => layWorld(sql));
afterAll(() => removeFolder(folder));

/** Runs an application that has `client` and `who`; it is told `signal` when it has said "ready". */
async function play(options: string, script: string, signal?: NodeJS.Signals) {
  const who = await person(sql, `e${count++}`);
  const file = path.join(folder, `${who}.mjs`);
  const library = path.join(root, 'dist/library/subctl.js');
  fs.writeFileSync(
    file,
    `import { subctl } from ${JSON.stringify(library)};
     const who = '${who}';
     const client = subctl(${options});
     const use = () => client.record({ customer: who, kind: 'llm' });
     ${script}`,
  );
  const child = spawn(process.execPath, [file], {
    env: { ...env, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stdout.on('data', (data: Buffer) => {
    told += String(data);
    if (signal && told.includes('ready') && !child.killed) child.kill(signal);
  });
  child.stderr.on('data', (data: Buffer) => (told += String(data)));
  const [code, by] = (await once(child, 'close')) as [number | null, string | null];
  return { who, code, by, told, books: await booksOf(sql, who) };
}

const slow = `{ batch: { milliseconds: 60_000 } }`;

it('a process that has nothing left to do sends what waits, and ends', async () => {
  const { code, told, books } = await play(
    `{ batch: { milliseconds: 40 } }`,
    `use(); use().then(() => client.close());`,
  );
  expect({ code, told, events: books.events }).toEqual({ code: 0, told: '', events: 2 });
});

it('SIGTERM sends what waits, and then ends the process as it would have', async () => {
  const { by, books } = await play(slow, `use(); use(); console.log('ready');`, 'SIGTERM');
  expect({ by, events: books.events }).toEqual({ by: 'SIGTERM', events: 2 });
});

it('an application that listens to SIGTERM keeps it, and what waits is sent all the same', async () => {
  const script = `process.on('SIGTERM', async () => { await told; console.log('mine'); await client.close(); });
    const told = use(); console.log('ready');`;
  const { code, told, books } = await play(slow, script, 'SIGTERM');
  expect({ code, told, events: books.events }).toEqual({ code: 0, told: 'ready\nmine\n', events: 1 });
});

it('a client that is closed leaves no ear behind', async () => {
  const script = `const ears = () => ['SIGTERM', 'SIGINT', 'beforeExit', 'exit'].map((name) => process.listenerCount(name)).join();
    const before = ears();
    const told = use();
    const during = ears();
    await Promise.all([told, client.close()]);
    console.log(before === ears(), before === during);`;
  expect(await play(slow, script)).toMatchObject({ code: 0, told: 'true false\n' });
});

it('process.exit() waits for nobody: what waits is in the spool, and recorded by the next process', async () => {
  const spool = path.join(folder, 'spool');
  const options = `{ batch: { milliseconds: 60_000 }, spool: { folder: ${JSON.stringify(spool)} } }`;
  const { who, code, books } = await play(options, `use(); use(); process.exit(3);`);
  expect({ code, events: books.events }).toEqual({ code: 3, events: 0 });
  fs.utimesSync(path.join(spool, fs.readdirSync(spool)[0]!), 0, 0); // long ago
  await subctl({ sql, spool: { folder: spool } }).close();
  expect(await booksOf(sql, who)).toMatchObject({ events: 2 });
});
