import { Option } from '@commander-js/extra-typings';
import { integer } from '../readers.ts';

export const customerOption = new Option('--customer <customer>', 'only this customer');
export const limitOption = new Option(
  '--limit <number>',
  'maximum number of rows; a customer once started is completed',
).argParser(integer({ min: 1 }));

/** How a run of any task behaves, as the last paragraphs of its help. */
const rules =
  '\n\nA run processes only what is due at its time; a second run finds nothing to do. Of two concurrent runs ' +
  'the second ends with exit code 8. The next run completes an interrupted one. Rows that fail are parked, ' +
  'and the others are processed (exit code 7): subctl parked list.\n\n' +
  'A task run by name always runs. It counts as the scheduled run that is due or starts within five minutes. ';

export const runRules = `${rules}Otherwise, and with --customer or --limit, it is an extra run.`;

/** For a task that cannot run in part. */
export const wholeRunRules = `${rules}Otherwise it is an extra run.`;
