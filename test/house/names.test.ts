import { expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';

const files = [...filesIn('src', '.ts'), ...filesIn('test', '.ts')];

it('no file or folder is a bucket', () => {
  const bucket = /^(index|utils?|helpers?|common|shared|types?|manager|misc|lib|part-?\d+)(\.ts)?$/;
  const wrong = files.filter((file) =>
    file
      .split('/')
      .slice(1)
      .some((part) => bucket.test(part)),
  );
  expect(wrong, 'Name a file after what it does; a bucket is where things cannot be found again').toEqual([]);
});

it('no file only passes on what others export', () => {
  const barrels = files.filter((file) => {
    const lines = textOf(file)
      .split('\n')
      .filter((line) => line.trim() && !line.trim().startsWith('//'));
    return lines.length > 0 && lines.every((line) => /^export .* from /.test(line));
  });
  expect(
    barrels,
    'Import from the file that does it: a barrel loads everything and hides who uses what',
  ).toEqual([]);
});

it('names are in kebab-case', () => {
  const wrong = files.filter((file) => !/^[a-z0-9./-]+$/.test(file));
  expect(wrong, 'Some file systems do not tell capitals apart').toEqual([]);
});
