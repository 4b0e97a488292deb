import { expect, test } from 'vitest';
import type { CommandSpec } from '../../src/commands/command.ts';
import { commonOptions, globalOptions } from '../../src/commands/common-options.ts';
import { lineOf, quoted } from '../../src/commands/line-of.ts';
import { parse } from '../../src/commands/parse.ts';
import { readInput, readOptions } from '../../src/commands/read-input.ts';
import { table } from '../../src/commands/table.ts';
import { wordsOf } from '../support/session.ts';

async function read(words: readonly string[], specs: readonly CommandSpec[] = table) {
  const parsed = await parse(words.slice(1), specs);
  if (parsed.wants !== 'command') throw new Error(`${words.join(' ')} is no command`);
  const { spec, raw } = parsed;
  const common = readOptions([...commonOptions(spec), ...globalOptions], raw.options);
  return { spec, input: { ...common, ...readInput(spec, raw) } };
}

const examples = table.flatMap(({ examples: own }) => own.map(({ command }) => command));

test.each(examples.filter((line) => !/[|<>$]/.test(line)))(
  '%s is written so that it is read again',
  async (line) => {
    const { spec, input } = await read(wordsOf(line).words);
    expect((await read(wordsOf(lineOf(spec, input)).words)).input).toEqual(input);
  },
);

test('what is as it would be anyway is left out, and an argument with a dash stands after two', async () => {
  const { spec, input } = await read([
    'subctl',
    'assign',
    '--format',
    'table',
    '--no-trial',
    '--',
    '-x',
    'pro',
  ]);
  expect(lineOf(spec, input)).toBe('subctl assign --no-trial -- -x pro');
});

test.each([
  ['pro-2025', 'pro-2025'],
  ['messages/day=100:soft', 'messages/day=100:soft'],
  ['', `''`],
  ['two words', `'two words'`],
  [`o'brien`, `'o'\\''brien'`],
  ['$HOME `id` "x"', `'$HOME \`id\` "x"'`],
  ['gemini/*', `'gemini/*'`],
  ['a\u001b[2Jb\n', `$'a\\u001b[2Jb\\u000a'`],
])('the word %j is written %s', (word, expected) => {
  expect(quoted(word)).toBe(expected);
});
