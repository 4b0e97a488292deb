import { Option } from '@commander-js/extra-typings';
import { instant, integer } from '../readers.ts';

export const fromOption = new Option('--from <time>', 'only those issued from here on').argParser(instant);
export const toOption = new Option('--to <time>', 'only those issued before this').argParser(instant);
export const limitOption = new Option('--limit <number>', 'how many at most (50)')
  .argParser(integer({ min: 1, max: 1_000_000 }))
  .default(50);
export const customerOption = new Option(
  '--customer <customer>',
  'whose it is, should two have the same number',
);
