import { type Loading, command } from '../command.ts';

export const migratePlan = command({
  path: 'plans migrate',
  summary: 'Move the subscribers of a plan’s older versions to its current version, or to another version',
  description:
    'Who is moved: all of older versions, or with --to all that have another one; --from and --from-file choose among them. With --to an older version they go back to it.\n\n' +
    'Now: the period and what was used go on, nothing is charged, and the new price holds from the next period. Trials, and with --when period-end all, change at the end of their period, from which coming periods are then counted. ' +
    'Those who cannot be moved (paused, past due, another change waiting, too many members) are named with the reason and stay as they are (exit code 7).\n\n' +
    'It works in batches, each a change of its own. Cut off, it is given again and goes on with those who are left. A dry run shows who and what changes.',
  group: 'sell',
  arguments: [{ name: 'plan', about: 'id of the plan' }],
  options: [
    {
      flag: '--when',
      value: 'when',
      kind: 'choice',
      choices: ['now', 'period-end'],
      default: 'now',
      about: 'when the version changes (now)',
    },
    {
      flag: '--from',
      value: 'version',
      kind: 'integer',
      min: 1,
      many: true,
      about: 'only subscribers of this version; may be given several times',
    },
    {
      flag: '--to',
      value: 'version',
      kind: 'integer',
      min: 1,
      about: 'the version to have (the current one)',
    },
    {
      flag: '--from-file',
      value: 'file',
      about: 'only the customers of a CSV file with a column customer; - is standard input',
    },
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      about: 'at most so many customers, the others another time',
    },
  ],
  examples: [
    { command: 'subctl plans migrate pro --dry-run', about: 'who would be moved, and what changes for them' },
    {
      command: 'subctl plans migrate pro --when period-end --from 1',
      about: 'those of version 1, when their period ends',
    },
    {
      command: 'subctl plans migrate pro --to 1 --dry-run',
      about: 'who would go back to version 1, and what it would change',
    },
  ],
  exits: [3, 7],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./migrate.ts'),
});
