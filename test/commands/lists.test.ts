import { describe, expect, it } from 'vitest';
import { wholeList } from '../../src/commands/whole-list.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { play } from '../support/screen.ts';
import { toys } from './toys.ts';

const toy = (argv: string, options = {}) => play(argv, toys, options);

describe('lists', () => {
  it.each([
    ['--sort id:desc --format csv --no-header', 'car\r\nbear\r\n'],
    ['--limit 1 --format csv --no-header', 'bear\r\n'],
    ['--count 1 --format csv --no-header', 'bear\r\n'],
    ['--filter id~AR --filter id!=car --format csv --no-header', 'bear\r\n'],
    ['--sort id:desc --limit 1 --json', '[\n  {\n    "id": "car"\n  }\n]\n'],
    ['--jq .[].id', 'bear\ncar\n'],
    ['--jq map(length)', '[1,1]\n'],
    ['--filter id=x', 'No rows match\n'],
  ])('toys list %s', async (options, expected) => {
    expect(await toy(`toys list ${options}`)).toEqual({ code: 0, out: expected, err: '' });
  });

  it.each([
    ['toys list --sort used', "There is no field 'used'"],
    ['toys list --sort id:up', "The --sort 'id:up' is not FIELD"],
    ['toys list --filter id', "The --filter 'id' is not FIELD=VALUE"],
    ['toys list --jq .[', "The --jq '.[' is not an expression of jq"],
    ['toys list --jq .id', 'The --jq does not fit the result'],
    ['toys list --jq . --format csv', 'The options --jq and --format csv contradict each other'],
    ['toys list -o json', "The -o 'json' is a format, and -o names a file"],
    ['toys list --limit 0', "The --limit '0'"],
    ['say-no --sort allowed', "Unknown option '--sort'"],
  ])('%s is refused', async (argv, sentence) => {
    const { code, out, err } = await toy(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });
});

describe('--watch', () => {
  it('prints the result until it is interrupted', async () => {
    const interrupt = new AbortController();
    const playing = toy('toys list --watch 1 --format csv --no-header', { signal: interrupt.signal });
    setTimeout(() => interrupt.abort(), 1_500);
    const { out } = await playing;
    expect(out).toMatch(/^(bear\r\ncar\r\n)+$/);
  });
});

describe('a list that is limited in the database', async () => {
  const { env } = await testDatabase();
  const ask = (line: string) => subctl(line.split(' '), { env });

  it('is sorted and filtered whole, and limited after it', async () => {
    for (const id of ['ann', 'ben', 'cid', 'dan'])
      await ask(`customers add ${id} --timezone ${id < 'c' ? 'UTC' : 'Asia/Tokyo'}`);
    const list = async (options: string) =>
      (await ask(`customers list --fields id --format csv --no-header ${options}`)).stdout
        .trim()
        .split(/\s+/);
    expect(await list('--limit 2')).toEqual(['ann', 'ben']);
    expect(await list('--limit 2 --sort id:desc')).toEqual(['dan', 'cid']);
    expect(await list('--limit 1 --filter timezone=Asia/Tokyo')).toEqual(['cid']);
    expect(await list('--count 3')).toEqual(['ann', 'ben', 'cid']);
  });
});

it('the limit of a command that writes is kept: it is how much is done', () => {
  const option = { key: 'limit', flag: '--limit' };
  const line = (writes: boolean) =>
    wholeList({
      spec: { writes, options: [option] },
      input: [{ limit: 5 }],
      common: { sort: ['id'] },
    } as never);
  expect(line(true)).toEqual({ input: [{ limit: 5 }] });
  expect(line(false)).toEqual({ input: [{ limit: undefined }], limit: 5 });
});
