import { Option } from '@commander-js/extra-typings';
import { instantAhead, integer, or } from '../readers.ts';

export const priorityOption = new Option(
  '--priority <number>',
  'lower is used first; by default promotional 10, plan 20, adjustment 30, purchased 40',
).argParser(integer({ min: 0, max: 1000 }));
export const expiresOption = new Option(
  '--expires <time>',
  'expiry (default: the end of the credit period)',
).argParser(or(instantAhead, 'never'));
export const sourceOption = new Option('--source <source>', 'source of the credits')
  .choices(['adjustment', 'promotional', 'purchased'])
  .default('adjustment');
