// Writes what the program says about itself: the golden help pages of test/commands/help/, the document of its API, and the blocks between
// `<!-- begin x -->` and `<!-- end x -->` in README.md and docs/. Tests compare them with the program.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { fillBlocks } from './docs-blocks.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { program } = await tsImport('../src/commands/program.ts', import.meta.url);
const { describeAll } = await tsImport('../src/commands/describe-all.ts', import.meta.url);
const { helpPages } = await tsImport('../src/commands/help-pages.ts', import.meta.url);
const failures = await tsImport('../src/domain/failure.ts', import.meta.url);
const settings = await tsImport('../src/config/database-settings.ts', import.meta.url);
const connection = await tsImport('../src/database/parameters.ts', import.meta.url);
const integrity = await tsImport('../src/integrity/catalogue.ts', import.meta.url);
const { openApiDocument } = await tsImport('../src/http/api/document.ts', import.meta.url);

const folder = path.join(root, 'test/commands/help');
const commands = await describeAll(program);
const pages = await helpPages(program);
await mkdir(folder, { recursive: true });
for (const file of await readdir(folder)) if (!pages.has(file)) await rm(path.join(folder, file));
for (const [file, text] of pages) await writeFile(path.join(folder, file), text);

const api = path.join(root, 'test/http/api/openapi.json');
await writeFile(api, `${JSON.stringify(openApiDocument('0.0.0'), null, 2)}\n`);

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'drizzle/engine/README.md',
  ...(await readdir(path.join(root, 'docs'), { recursive: true })).map((name) => `docs/${name}`),
];
for (const name of documents.filter((name) => name.endsWith('.md'))) {
  const file = path.join(root, name);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) continue;
  const filled = fillBlocks(text, { commands, pages, failures, settings, connection, integrity });
  if (filled !== text) await writeFile(file, filled);
}
