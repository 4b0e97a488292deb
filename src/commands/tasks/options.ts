import { Option } from '@commander-js/extra-typings';
import { integer } from '../readers.ts';

export const customerOption = new Option('--customer <customer>', 'only what is due of this customer');
export const limitOption = new Option(
  '--limit <number>',
  'at most this many rows; a customer who is begun is finished',
).argParser(integer({ min: 1 }));
