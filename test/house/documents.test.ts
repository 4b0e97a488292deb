import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fillBlocks } from '../../scripts/docs-blocks.mjs';
import { helpPages } from '../../src/commands/help-pages.ts';
import { program as allCommands } from '../../src/commands/program.ts';
import { commands } from '../support/commands.ts';
import * as settings from '../../src/config/database-settings.ts';
import * as connection from '../../src/database/parameters.ts';
import * as integrity from '../../src/integrity/catalogue.ts';
import * as failures from '../../src/domain/failure.ts';
import { filesIn, root, textOf } from './sources.ts';

const program = { commands, pages: await helpPages(allCommands), failures, settings, connection, integrity };
const atTop = ['README.md', 'CONTRIBUTING.md', 'src/README.md', 'drizzle/engine/README.md'].filter((file) =>
  existsSync(path.join(root, file)),
);
const inDocs = existsSync(path.join(root, 'docs')) ? filesIn('docs', '.md') : [];

it.each([...atTop, ...inDocs])(
  '%s: its generated blocks are what the program says (npm run docs)',
  (file) => {
    expect(textOf(file)).toBe(fillBlocks(textOf(file), program));
  },
);

it('a block is written between its marks, and the rest stays', () => {
  const filled = fillBlocks('a\n<!-- begin exit-codes -->\nold\n<!-- end exit-codes -->\nb\n', program);
  expect(filled).toMatch(
    /^a\n<!-- begin exit-codes -->\n\| exit[\s\S]*\| 143 [\s\S]*<!-- end exit-codes -->\nb\n$/,
  );
  expect(filled).not.toContain('old');
});

it('an unknown block is an error', () => {
  expect(() => fillBlocks('<!-- begin poem -->\n<!-- end poem -->', program)).toThrow(
    "no generated block 'poem'",
  );
});

it('no document or source names a place outside this repository', () => {
  const files = [
    ...atTop,
    ...inDocs,
    ...filesIn('src', '.ts'),
    ...filesIn('scripts', '.mjs'),
    ...filesIn('drizzle', '.sql'),
  ];
  const outside = files.filter((file) => /\.\.\/shared\/|\/work\//.test(textOf(file)));
  expect(outside, "A user's clone has nothing beside it").toEqual([]);
});
