import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptFor } from '../../src/commands/completion/scripts.ts';
import { wordsOf } from '../../src/commands/completion/words.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { describeAll } from '../../src/commands/describe-all.ts';
import { toyPaths, toys } from './toys.ts';

const words = wordsOf(await describeAll(toys));

it('knows nouns, verbs, options and the values of choices', () => {
  expect(words.get('')).toEqual(expect.arrayContaining(['toys', 'help', 'silent', '--version']));
  expect(words.get('toys')).toEqual(['add', 'list']);
  expect(words.get('toys add')).toEqual(
    expect.arrayContaining(['--price', '--dry-run', '--as-of', '--help']),
  );
  expect(words.get('toys add --colour')).toEqual(['red', 'blue']);
  expect(words.get('help')).toEqual(expect.arrayContaining(['formats', 'toys']));
});

describe('in bash', () => {
  const script = scriptFor('bash', words);
  const complete = (...line: string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _subctl; echo "\${COMPREPLY[*]}"`,
        '_',
        ...line,
      ],
      {
        encoding: 'utf8',
      },
    ).trim();

  it.each([
    [['subctl', 'to'], 'toys'],
    [['subctl', 'toys', ''], 'add list'],
    [['subctl', '--quiet', 'toys', 'l'], 'list'],
    [['subctl', 'toys', 'add', 'bear', '--pr'], '--price'],
    [['subctl', 'toys', 'add', 'bear', '--colour', ''], 'red blue'],
    [['subctl', 'toys', 'list', '--format', 'c'], 'csv'],
  ])('%j gives %s', (line, expected) => expect(complete(...line)).toBe(expected));
});

for (const shell of ['zsh', 'fish'] as const) {
  const isThere = !spawnSync(shell, ['--version']).error;
  it.runIf(isThere)(`P16: the script for ${shell} has no error of syntax`, () => {
    const folder = temporaryFolder('subctl-completion-');
    const file = path.join(folder, 'script');
    writeFileSync(file, scriptFor(shell, words)); // /dev/stdin of a child of Node is a socket, which cannot be opened again
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    removeFolder(folder);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
}

it('every script names every command', () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'] as const) {
    const script = scriptFor(shell, words);
    for (const path of toyPaths) expect(script).toContain(`'${path}'`);
  }
});
