import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { scriptFor } from '../../src/commands/completion/scripts.ts';
import { wordsOf } from '../../src/commands/completion/words.ts';
import { toys } from './toys.ts';

const words = wordsOf(toys);

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

it.each(['zsh', 'fish'] as const)(
  'the script for %s has no error of syntax, where that shell is there to ask',
  (shell) => {
    const { status, error } = spawnSync(shell, ['-n', '/dev/stdin'], {
      input: scriptFor(shell, words),
      encoding: 'utf8',
    });
    if (!error) expect(status).toBe(0);
  },
);

it('every script names every command', () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'] as const) {
    const script = scriptFor(shell, words);
    for (const { path } of toys) expect(script).toContain(`'${path}'`);
  }
});
