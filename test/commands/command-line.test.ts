import { expect, test } from 'vitest';
import { commandLine, quoted } from '../../src/commands/command-line.ts';
import { parse } from '../../src/commands/parse.ts';
import { program } from '../../src/commands/program.ts';
import { commands } from '../support/commands.ts';
import { wordsOf } from '../support/session.ts';

async function read(words: readonly string[]) {
  const parsed = await parse(words.slice(1), program);
  if (parsed.wants !== 'command') throw new Error(`${words.join(' ')} is no command`);
  const { spec, input, common } = parsed;
  const given = spec.arguments.map(({ key }, at): [string, unknown] => [key, input[at]]);
  return { spec, input: { ...common, ...Object.fromEntries(given), ...(input.at(-1) as object) } };
}

const examples = commands.flatMap(({ examples: own }) => own.map(([line]) => line));

test.each(examples.filter((line) => !/[|<>$]/.test(line)))(
  '%s is written so that it is read again',
  async (line) => {
    const { spec, input } = await read(wordsOf(line).words);
    expect((await read(wordsOf(commandLine(spec, input)).words)).input).toEqual(input);
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
  expect(commandLine(spec, input)).toBe('subctl assign --no-trial -- -x pro');
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
