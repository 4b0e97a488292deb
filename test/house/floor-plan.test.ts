import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { filesIn, root, textOf } from './sources.ts';

const plan = textOf('src/README.md');
const rooms = [...plan.matchAll(/^\| (?:ground|first|second|third|top) \| `([^`]+)` \|/gm)].map(
  ([, room]) => room!,
);

it('the floor plan in src/README.md has a line for every room, and no other', () => {
  const there = readdirSync(path.join(root, 'src')).filter((name) => name !== 'README.md');
  expect([...rooms].sort()).toEqual(there.filter((name) => name.endsWith('.ts') || hasFiles(name)).sort());
});

it('every file that documents name exists', () => {
  const folders = ['src/', '', 'test/', 'docs/'];
  const named = ['src/README.md', 'CONTRIBUTING.md'].flatMap((file) =>
    [...textOf(file).matchAll(/`((?:[a-z-]+\/)+[a-z-]+\.(?:ts|sql|mjs|yaml))`/g)].map(([, name]) => name!),
  );
  const all = new Set([
    ...filesIn('src', ''),
    ...filesIn('drizzle', ''),
    ...filesIn('test', ''),
    ...filesIn('scripts', ''),
    ...filesIn('data', ''),
  ]);
  expect(named.filter((name) => !folders.some((folder) => all.has(`${folder}${name}`)))).toEqual([]);
});

function hasFiles(room: string): boolean {
  return filesIn(`src/${room}`, '.ts').length > 0;
}
