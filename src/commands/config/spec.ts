import { command, type Loading } from '../command.ts';

export const showConfig = command({
  path: 'config show',
  summary: 'Show each setting and where it came from',
  description: `A setting is taken from the first of these that has it: the environment, the file .env of the working folder, subctl.yaml there (or the file of --config or SUBCTL_CONFIG), the default. An empty variable (DATABASE_URL=) says that there is none, whatever the files say.

The database URL may also stand in a file that DATABASE_URL_FILE or SUBCTL_DATABASE_URL_FILE names. Passwords are never shown.

The timetable of the tasks is shown as the settings make it. In subctl.yaml it stands under timetable: timezone, and for each task an expression (check-expired: '30 1 * * *'), on or off, or a list of cron, enabled, timezone, catch_up (latest, all or none) and grace. In the environment it is SUBCTL_TIMETABLE_CHECK_EXPIRED='30 1 * * *' (or off), with _TIMEZONE, _CATCH_UP or _GRACE behind it for those, and SUBCTL_TIMETABLE_TIMEZONE. It must be the same wherever subctl runs for one database; run-due, the daemon, setup and schedule install take it over.`,
  group: 'start',
  options: [
    { flag: '--all', about: 'those of the database too (config list), which must be reachable then' },
  ],
  examples: [
    { command: 'subctl config show', about: 'which database will be used, and why' },
    { command: 'subctl config show --all --format csv', about: 'everything that is set anywhere' },
    { command: 'subctl config show --json', about: 'the same for a program' },
  ],
  exits: [5],
  rows: true,
  needs: 'nothing',
  load: (): Loading => import('./show.ts'),
});

export const config = [showConfig] as const;
