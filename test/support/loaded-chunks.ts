import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSubctl } from './cli.ts';

/** The files of dist/ that one command line opens. */
export async function chunksLoadedBy(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ name: string; bytes: number; text: string }[]> {
  const hook = `const { _extensions } = require('node:module'); const load = _extensions['.js'];
    _extensions['.cjs'] = (module, file) => { require('node:fs').writeSync(2, 'LOADED ' + file + String.fromCharCode(10)); load(module, file); };`;
  const folder = await mkdtemp(path.join(tmpdir(), 'subctl-hook-'));
  const preload = path.join(folder, 'hook.js');
  await writeFile(preload, hook);
  const { stderr } = await spawnSubctl(args, { env: { ...env, NODE_OPTIONS: `--require=${preload}` } });
  await rm(folder, { recursive: true });
  const files = [...stderr.matchAll(/LOADED (.+)/g)].map(([, file]) => file!);
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return files.map((file, at) => ({
    name: path.basename(file),
    bytes: Buffer.byteLength(texts[at]!),
    text: texts[at]!,
  }));
}
