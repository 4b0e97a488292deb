import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpPage, helpPages } from '../../src/commands/help-pages.ts';
import { program } from '../../src/commands/program.ts';
import { commands } from '../support/commands.ts';

const folder = path.join(import.meta.dirname, 'help');
const pages = await helpPages(program);
/** The words of an option's term: `-q, --quiet`. */
const termOf = (line: string) => line.trim().split(/ {2,}/)[0]!.split(/[ ,]+/);
const linesOf = (text: string) => text.trimEnd().split('\n').length;

it.each([...pages])('%s is what the program prints (npm run docs writes it)', async (file, text) => {
  expect(await readFile(path.join(folder, file), 'utf8')).toBe(text);
});

it('there is no page of a command that is gone (npm run docs takes it away)', async () => {
  expect((await readdir(folder)).filter((file) => !pages.has(file))).toEqual([]);
});

describe('a page fits a screen', () => {
  it('that of a command has at most 40 lines', () => {
    const topics = [...pages.keys()].filter((file) => file === 'subctl.txt' || file.startsWith('help-'));
    const long = [...pages].filter(([file, text]) => !topics.includes(file) && linesOf(text) > 40);
    expect(long.map(([file]) => file)).toEqual([]);
  });

  it('that of the program has a line for each noun, and each fits', () => {
    const page = pages.get('subctl.txt')!.split('\n');
    for (const noun of Object.keys(program))
      expect(page.filter((line) => line.startsWith(`  ${noun} `))).toHaveLength(1);
    expect(page.filter((line) => /^ {4}/.test(line))).toEqual([]);
    expect(page.length).toBeLessThanOrEqual(72);
  });

  it.each(commands.map((spec) => [spec.path, spec] as const))(
    '%s: what its page only names, --help --all explains',
    async (words, { options, common, examples }) => {
      const short = await helpPage(words.split(' '), program);
      const whole = await helpPage([...words.split(' '), '--all'], program);
      const explained = whole.split('\n').filter((line) => /^ {2}-/.test(line));
      for (const { flag } of [...options, ...common])
        expect(
          explained.filter((line) => termOf(line).includes(flag)),
          flag,
        ).toHaveLength(1);
      for (const { flag } of options) expect(short).toContain(flag);
      for (const [line] of examples) expect(whole).toContain(line);
    },
  );
});
