import { type Loading, command } from '../command.ts';

export const setup = command({
  path: 'setup',
  summary: 'Set the database up, or bring it up to date',
  description: `Without DATABASE_URL a PostgreSQL of subctl's own is made first. Then everything happens in one transaction: the schema, room for the events of two years, the timetable of the tasks, and what the options ask for. It may be run any number of times, also at once: what is there already is left as it is.

A catalogue is one that comes with subctl, by its name, or a file. Plans that were edited since they were loaded are kept; --update overwrites them. Prices of models come with the catalogue. HUGGINGFACE_INPUT_TOKEN_COST and HUGGINGFACE_OUTPUT_TOKEN_COST, where they are set, become prices that hold from now on.

With --roles the roles superadmin, admin, reader, personal and app are made on the server, and each setup after it keeps their rights in step: subctl roles list.

Without options, on a terminal, it asks for what the database does not have: a catalogue, a default plan, a time zone.`,
  group: 'start',
  options: [
    { flag: '--catalogue', value: 'name|file', about: 'load these plans, with their meters and prices' },
    { flag: '--preset', value: 'name', about: 'the one to take of a file with several' },
    { flag: '--update', about: 'overwrite what the database has otherwise than the catalogue' },
    { flag: '--default-plan', value: 'plan', about: 'the plan of those who have no subscription' },
    {
      flag: '--timezone',
      value: 'zone',
      kind: 'timezone',
      about: 'of the timetable, and of customers without one',
    },
    { flag: '--plan', about: 'only show the SQL that would be run on the schema' },
    { flag: '--roles', about: 'make the roles of PostgreSQL, and grant them just what they need' },
    { flag: '--role-prefix', value: 'prefix', about: 'what their names begin with (subctl)' },
  ],
  examples: [
    { command: 'subctl setup', about: 'a database without plans' },
    { command: 'subctl setup --catalogue sketchmaker', about: 'with the plans of a shipped catalogue' },
    { command: 'subctl setup --plan > update.sql', about: 'to read before an update what it would do' },
    { command: 'subctl setup --catalogue mobix --default-plan free --dry-run', about: 'what would be done' },
  ],
  exits: [3, 4, 8],
  writes: true,
  rows: true,
  needs: 'database',
  load: (): Loading => import('./setup.ts'),
});
