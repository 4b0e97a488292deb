import { expect, it } from 'vitest';
import { programPage } from '../../src/commands/program-page.ts';
import { knownNouns, specsOf } from '../../src/commands/specs-of.ts';
import { table } from '../../src/commands/table.ts';
import { subctl } from '../support/cli.ts';

const nouns = [...new Set(table.map(({ path }) => path.split(' ')[0]!))];

it('every noun of the table can be loaded by itself, and no other', () => {
  expect([...knownNouns].sort()).toEqual([...nouns].sort());
});

it.each(nouns)('the commands of %s are those of the table, in its order', async (noun) => {
  expect(await specsOf(noun)).toEqual(table.filter(({ path }) => path.split(' ')[0] === noun));
});

it.each([undefined, 'plan', '--json', 'constructor'])(
  '%s is no noun: all commands are loaded',
  async (word) => {
    expect(await specsOf(word)).toEqual(table);
  },
);

it.each([['--help'], ['-h'], ['help']])(
  '%s shows the page that the build writes into the program',
  async (word) => {
    expect(await subctl([word])).toMatchObject({ code: 0, stdout: programPage, stderr: '' });
  },
);

it.each([
  [['help', 'plans'], 'Usage: subctl plans <command>'],
  [['plans', '-h'], 'Usage: subctl plans <command>'],
  [['help', 'plans', 'list'], 'Usage: subctl plans list'],
  [['plans', 'list', '--help'], 'Usage: subctl plans list'],
  [['help', 'formats'], 'Formats'],
])('%j shows its page', async (words, first) => {
  const { code, stdout } = await subctl(words);
  expect([code, stdout]).toEqual([0, expect.stringContaining(first) as string]);
});

it('a word that is nearly a noun is answered with the nearest', async () => {
  expect(await subctl(['help', 'planz'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean: subctl help plans') as string,
  });
  expect(await subctl(['planz', 'list'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('plans') as string,
  });
});
