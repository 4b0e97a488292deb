import { Option } from '@commander-js/extra-typings';
import { instantAhead, integer, or } from '../readers.ts';

export const priorityOption = new Option(
  '--priority <number>',
  'the lower, the sooner it is used up: promotional 10, plan 20, adjustment 30, purchased 40',
).argParser(integer({ min: 0, max: 1000 }));
export const expiresOption = new Option(
  '--expires <time>',
  'until then; the end of the credit period unless said',
).argParser(or(instantAhead, 'never'));
export const sourceOption = new Option('--source <source>', 'where the credits come from')
  .choices(['adjustment', 'promotional', 'purchased'])
  .default('adjustment');
