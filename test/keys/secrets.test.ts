import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createMasterKey } from '../../src/keys/master-key.ts';
import { startProvider } from './provider-server.ts';
import { falKey, keyWorld, openaiKey } from './world.ts';

const { run, folder, master, database } = await keyWorld();
const { sql } = database;
const provider = await startProvider();

/** Every stored value and the master keys, as they are and as they could be written. */
function secrets(): string[] {
  const ring = readFileSync(master, 'utf8').split('\n').filter(Boolean);
  const plain = [openaiKey, falKey, ...ring, ...ring.map((key) => key.replace('smk_', ''))];
  return plain.flatMap((text) => [
    ...[text, Buffer.from(text).toString('base64').slice(0, -4), Buffer.from(text).toString('hex')],
    ...[encodeURIComponent(text), text.slice(0, -4)],
  ]);
}

async function everyRow(): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'subctl'::regnamespace and relkind in ('r', 'p', 'v', 'm')`;
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await sql<{ text: string }[]>`select t::text as text from subctl.${sql(name)} t`;
    texts.push(...rows.map(({ text }) => text));
  }
  const activity = await sql<{ query: string }[]>`select query from pg_stat_activity`;
  return [...texts, ...activity.map(({ query }) => query)].join('\n');
}

function everyFile(at: string): string {
  return readdirSync(at)
    .map((name) => path.join(at, name))
    .filter((file) => file !== master)
    .map((file) => (statSync(file).isDirectory() ? everyFile(file) : readFileSync(file, 'latin1')))
    .join('\n');
}

test('a search of everything written finds no value and no master key: output, errors, database, audit, files, process list', async () => {
  const written: string[] = [];
  const keep = async (line: string, stdin = '', env = {}) => {
    for (const more of ['', ' --verbose', ' --json', ' --dry-run']) {
      const { stdout, stderr } = await run(line + more, stdin, env);
      written.push(stdout, stderr);
    }
  };
  provider.status = 401; // its answer repeats the request's headers
  const wrong = {
    SUBCTL_MASTER_KEY_FILE: '',
    SUBCTL_MASTER_KEY: createMasterKey(),
  };
  await keep(`keys set openai - --base-url ${provider.url}`, openaiKey);
  await keep('keys set fal --from-env FAL_KEY', '', { FAL_KEY: falKey });
  await keep('keys set mistral --from-env FAL_KEY --reason because', '', { FAL_KEY: `${falKey} x` });
  await keep('keys set groq -', `${openaiKey}\n${falKey}`);
  for (const line of [
    'keys test',
    'keys list',
    'keys status',
    'keys rotate',
    'doctor',
    'audit',
    'config show',
    'keys run --provider fal -- true',
  ]) {
    await keep(line);
    await keep(line, '', wrong);
  }
  await keep(`keys set openai ${openaiKey}`);
  await keep(`keys set openai - --reason ${openaiKey}`, openaiKey);
  await keep(`keys set openai --value=${falKey}`);
  await keep('keys create-master-key master.key --add');
  await keep('keys rotate');
  await sql`update subctl.provider_keys set sealed = jsonb_set(sealed, '{tag}', '"AAAA"') where name = 'fal'`;
  for (const line of ['keys run --provider fal -- true', 'keys test', 'keys rotate', 'doctor'])
    await keep(line);
  written.push(await everyRow(), everyFile(folder));
  if (process.platform === 'linux')
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      try {
        written.push(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
      } catch {
        continue; // it has ended
      }
  const all = written.join('\n');
  expect(all.length).toBeGreaterThan(10_000);
  expect(
    secrets().filter((secret) => all.includes(secret)),
    'a secret was written',
  ).toEqual([]);
});
