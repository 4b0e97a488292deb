import { describe, expect, it } from 'vitest';
import { program } from '../../src/commands/program.ts';
import { synonyms, unknownCommand } from '../../src/commands/suggest.ts';
import { slipsBetween } from '../../src/domain/nearest.ts';
import { commands } from '../support/commands.ts';
import { subctl } from '../support/cli.ts';

const paths = new Set(commands.map(({ path }) => path));
const isPage = (words: string) => paths.has(words) || words in program;

describe('a word that people know from elsewhere', () => {
  it.each(Object.entries(synonyms))('%s leads to the page of %s', async (word, words) => {
    expect(isPage(words), 'a page that exists').toBe(true);
    expect(word in program, 'a command of its own').toBe(false);
    const { code, stdout, stderr } = await subctl([word, 'ann'], { env: {} });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`error: Unknown command '${word}'\nhint: See: subctl ${words} --help\n`);
  });
});

describe('a misspelt command', () => {
  const misspelt = commands.flatMap(({ path, writes }) => {
    const [noun, verb] = path.split(' ') as [string, string?];
    const word = verb ?? noun;
    const slips = [word.slice(1), `${word}x`, `${word.slice(0, 1)}q${word.slice(1)}z`, `xy${word}`];
    return slips.map((typed) => [verb ? [noun, typed] : [typed], path, writes === true] as const);
  });

  it('is given the nearest; one that writes only for a single slip', async () => {
    for (const [typed] of misspelt) {
      if (isPage(typed.join(' '))) continue;
      const { hint } = await unknownCommand([...typed], program);
      const near = /^Did you mean: subctl (.+)$/.exec(hint!)?.[1];
      if (near === undefined) {
        const page = /^See: subctl ?(.*) --help$/.exec(hint!)?.[1];
        expect(page === '' || isPage(page!), hint).toBe(true);
        continue;
      }
      expect(isPage(near), hint).toBe(true);
      const writes = commands.find(({ path }) => path === near)?.writes === true;
      const slips = slipsBetween(typed.at(-1)!, near.split(' ').at(-1)!);
      const isBeginning = near.split(' ').at(-1)!.startsWith(typed.at(-1)!);
      expect(slips <= (writes ? 1 : 2) || (!writes && isBeginning), `${typed.join(' ')}: ${hint}`).toBe(true);
    }
  });

  it.each([
    ['plans lsit', 'Did you mean: subctl plans list'],
    ['plans deactivtee', 'See: subctl plans --help'],
    ['usage recrod', 'Did you mean: subctl usage record'],
    ['frobnicate', 'See: subctl --help'],
  ])('%s: %s', async (line, hint) => {
    expect((await subctl(line.split(' '), { env: {} })).stderr).toContain(`hint: ${hint}\n`);
  });
});
