import { Option } from '@commander-js/extra-typings';
import { instant } from '../readers.ts';

export const fromOption = new Option(
  '--from <time>',
  'start of the span (default: the first of the calendar month)',
).argParser(instant);
export const toOption = new Option('--to <time>', 'end of the span, not included (default: now)').argParser(
  instant,
);
