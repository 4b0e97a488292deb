import { Option } from '@commander-js/extra-typings';
import { instant, integer } from '../readers.ts';

export const fromOption = new Option('--from <time>', 'only invoices issued at or after this time').argParser(
  instant,
);
export const toOption = new Option('--to <time>', 'only invoices issued before this time').argParser(instant);
export const limitOption = new Option('--limit <number>', 'maximum number of rows')
  .argParser(integer({ min: 1, max: 1_000_000 }))
  .default(50);
export const customerOption = new Option(
  '--customer <customer>',
  'customer of the invoice, if two have the same number',
);
