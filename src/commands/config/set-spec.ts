import { type Loading, command } from '../command.ts';

export const setConfig = command({
  path: 'config set',
  summary: 'Set a setting of the database',
  description:
    'Settings of the database hold for everybody who uses it, SQL functions included, and are not those of the environment and subctl.yaml. A value that it cannot have, or that does not go with the others, is refused (exit codes 2 and 4). config list has them all.',
  group: 'start',
  arguments: [
    { name: 'key', about: 'the setting' },
    { name: 'value', about: 'its value: 30, true, Europe/Berlin, or 1,3,5,7' },
  ],
  examples: [
    {
      command: 'subctl config set charges_per_run 6',
      about: 'park a subscription that a run would charge seven times',
    },
    {
      command: 'subctl config set dunning_days 1,4,8 --dry-run',
      about: 'try a declined payment again after these days',
    },
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./set.ts'),
});

export const unsetConfig = command({
  path: 'config unset',
  summary: 'Take a setting of the database back to its default',
  group: 'start',
  arguments: [{ name: 'key', about: 'the setting' }],
  examples: [
    { command: 'subctl config unset charges_per_run', about: 'twelve again' },
    { command: 'subctl config unset lateness_days --dry-run', about: 'what would be done' },
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./unset.ts'),
});

export const listConfig = command({
  path: 'config list',
  summary: 'List the settings of the database',
  description: 'With what each may be and its default. docs/settings.md has the same list.',
  group: 'start',
  examples: [
    { command: 'subctl config list', about: 'what holds, and what was set' },
    { command: 'subctl config list --format csv', about: 'for a spreadsheet' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export const databaseConfig = [listConfig, setConfig, unsetConfig] as const;
