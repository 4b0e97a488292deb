// Bundles src/library/ into dist/library/: one ES module for applications, a CommonJS module that requires it, and the types of both as they
// are written in the sources.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';

const entry = 'src/library/subctl.ts';

/** Writes dist/library/ below `root`. Gives the sources that went into it, for the notices of their licences. */
export async function buildLibrary(root, options) {
  const folder = path.join(root, 'dist/library');
  const { metafile } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: { subctl: entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    format: 'esm',
    minifySyntax: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  // one module in both cases, so that `instanceof Failure` holds wherever it was imported
  await writeFile(path.join(folder, 'subctl.cjs'), "module.exports = require('./subctl.js');\n");
  await writeTypes(root, path.join(folder, 'types'));
  return Object.keys(metafile.inputs);
}

/**
 * The declarations of the entry and of every source whose types it names: of those only the types, or they would name what applications
 * need not have. Each file by itself, so that it takes no type checker.
 */
async function writeTypes(root, folder) {
  const waiting = [entry];
  for (let at = 0; at < waiting.length; at++) {
    const name = waiting[at];
    const declared = await declarationOf(path.join(root, name));
    const text = name === entry ? declared : typesOnly(declared);
    const file = path.join(folder, path.relative('src', name).replace(/\.ts$/, '.d.ts'));
    await mkdir(path.dirname(file), { recursive: true });
    const naming = (extension) => text.replace(/from '(\.[^']*)\.ts'/g, `from '$1.${extension}'`);
    await writeFile(file, naming('js'));
    await writeFile(file.replace(/\.ts$/, '.cts'), naming('cjs'));
    for (const [, specifier] of text.matchAll(/ from ["']([^"']+)["']/g)) {
      if (!specifier.startsWith('.'))
        throw new Error(`The types of ${name} name ${specifier}, which applications need not have`);
      const next = path.posix.join(path.posix.dirname(name), specifier);
      if (!waiting.includes(next)) waiting.push(next);
    }
  }
}

async function declarationOf(file) {
  const { outputText, diagnostics } = ts.transpileDeclaration(await readFile(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      declaration: true,
      isolatedDeclarations: true,
      verbatimModuleSyntax: true,
    },
  });
  if (diagnostics?.length)
    throw new Error(diagnostics.map(({ messageText }) => `${file}: ${messageText}`).join('\n'));
  return outputText;
}

/** The interfaces, types and classes of a declaration file, and of its constants and imports what they name. */
function typesOnly(text) {
  const source = ts.createSourceFile('any.d.ts', text, ts.ScriptTarget.ES2023, false);
  const kept = [ts.isInterfaceDeclaration, ts.isTypeAliasDeclaration, ts.isClassDeclaration];
  const textOf = (node) => text.slice(node.pos, node.end).trim();
  const types = source.statements.filter((node) => kept.some((is) => is(node))).map(textOf);
  const isNamed = (name) => types.some((type) => new RegExp(`\\b${name}\\b`).test(type));
  const constants = source.statements
    .filter(ts.isVariableStatement)
    .filter((node) => node.declarationList.declarations.some(({ name }) => isNamed(`typeof ${name.text}`)))
    .map(textOf);
  const imports = source.statements.filter(ts.isImportDeclaration).flatMap((node) => {
    const whole = node.importClause?.name?.text;
    if (whole && isNamed(whole))
      throw new Error(`A type of the library names ${whole}, which applications need not have`);
    const names = (node.importClause?.namedBindings?.elements ?? []).filter(({ name }) => isNamed(name.text));
    if (names.length === 0) return [];
    return [
      `import type { ${names.map(({ name }) => name.text).join(', ')} } from '${node.moduleSpecifier.text}';`,
    ];
  });
  return `${[...imports, ...constants, ...types, 'export {};'].join('\n')}\n`;
}
