import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/catalog/read-yaml.ts';
import { parseSettings } from '../../src/config/yaml-file.ts';
import { decodeUtf8 } from '../../src/domain/utf8.ts';

describe('a YAML file', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const tooOften = `a: &a x\nb: [${'*a, '.repeat(1_200)}*a]\nc: &c [*a, *a]\nd: &d [${'*c, '.repeat(600)}*c]\n`;

  test.each([
    [
      'H5: an alias inside of what it names',
      'a: &a [*a]\nplans: *a\n',
      'c.yaml has an alias inside of what it names',
    ],
    ['H20: nested a little too deep', deep(101), 'c.yaml is nested too deep: 100 levels are the most'],
    ['H20: nested far too deep', deep(20_000), 'c.yaml is nested too deep: 100 levels are the most'],
    ['H5: aliases of aliases', tooOften, 'c.yaml uses its aliases too often: at most 1000 times'],
  ])('%s is refused with a sentence', (_, text, message) => {
    expect(() => readYaml(text, 'c.yaml')).toThrow(
      expect.objectContaining({ kind: 'usage', message }) as Error,
    );
  });

  test('H20: of two documents is refused with a hint that can be followed', () => {
    expect(() => readYaml('a: 1\n---\nb: 2\n', 'c.yaml')).toThrow(
      expect.objectContaining({
        message: 'c.yaml:2:1: a second document begins',
        hint: 'Give one document',
      }) as Error,
    );
  });

  test('100 levels, and an alias beside what it names, are read', () => {
    expect(readYaml(deep(100), 'c.yaml')).toBeInstanceOf(Array);
    expect(readYaml('a: &a [1]\nb: [*a, *a]\n', 'c.yaml')).toEqual({ a: ['1'], b: [['1'], ['1']] });
  });

  test('H5: settings are held to the same', () => {
    expect(() => parseSettings('timetable: &a [*a]\n', 's.yaml')).toThrow(/has an alias inside/);
    expect(() => parseSettings(`timetable: ${deep(20_000)}\n`, 's.yaml')).toThrow(/is nested too deep/);
  });
});

test.each([
  ['latin1', Buffer.from('name: Jürgen', 'latin1'), 'latin1'],
  ['a lone FF', Buffer.from([0x61, 0xff]), 'latin1'],
  ['UTF-16', Buffer.from('\ufeffname: x', 'utf16le'), 'UTF-16'],
])('H12: a whole file that is %s is refused with the hint of CSV', (_, bytes, encoding) => {
  expect(() => decodeUtf8(bytes, 'The file x')).toThrow(
    expect.objectContaining({
      kind: 'usage',
      hint: `Convert it: iconv -f ${encoding} -t utf8 FILE`,
    }) as Error,
  );
});
