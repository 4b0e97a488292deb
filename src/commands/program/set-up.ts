import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands to set subctl up and to look after the installation. */
export const setUp = inGroup('start', {
  setup: entry('Set the database up, or bring it up to date', () => import('../setup/setup.ts')),
  demo: entry('Make a database to play with', () => import('../demo/demo.ts')),
  doctor: entry('Find what is wrong, and repair what can be derived', () => import('../doctor/examine.ts')),
  config: {
    summary: 'Show and change settings',
    verbs: {
      show: entry('Show each setting and where it came from', () => import('../config/show.ts')),
      list: entry('List the settings of the database', () => import('../config/list.ts')),
      set: entry('Set a setting of the database', () => import('../config/set.ts')),
      unset: entry('Take a setting of the database back to its default', () => import('../config/unset.ts')),
    },
  },
  db: {
    summary: 'Start, back up, restore and move the database',
    verbs: {
      start: entry(
        'Start the embedded database, and make it if there is none',
        () => import('../db/start.ts'),
      ),
      stop: entry('Stop the embedded database', () => import('../db/stop.ts')),
      status: entry('Say whether the database is running', () => import('../db/status.ts')),
      url: entry('Print the connection URL of the database', () => import('../db/url.ts')),
      shell: entry('Open psql on the database', () => import('../db/shell.ts')),
      backup: entry('Back up the database to a file', () => import('../db/backup.ts')),
      verify: entry('Check a backup and say what is in it', () => import('../db/verify.ts')),
      restore: entry('Restore a backup into an empty database', () => import('../db/restore.ts')),
      move: entry('Move the database to another server or folder', () => import('../db/move.ts')),
    },
  },
  roles: {
    summary: 'Roles of PostgreSQL, and who has them',
    verbs: {
      list: entry(
        'List the roles, what each may, and the accounts that have it',
        () => import('../roles/list.ts'),
      ),
      show: entry(
        'Show the rights of a role on each table, view, sequence and function',
        () => import('../roles/show.ts'),
      ),
      grant: entry('Give an account of the database a role', () => import('../roles/grant.ts')),
      revoke: entry('Take a role from an account', () => import('../roles/revoke.ts')),
      check: entry('Compare what the roles may do with what they should', () => import('../roles/check.ts')),
    },
  },
  tokens: {
    summary: 'API tokens of applications',
    verbs: {
      create: entry(
        'Make a token with which an application may ask subctl serve',
        () => import('../tokens/create.ts'),
      ),
      list: entry(
        'List the tokens of applications, with what they may and when they were last used',
        () => import('../tokens/list.ts'),
      ),
      revoke: entry('End a token for good', () => import('../tokens/revoke.ts')),
    },
  },
  keys: {
    summary: 'API keys of providers, encrypted',
    verbs: {
      'create-master-key': entry(
        'Create a master key in a new file of mode 0600',
        () => import('../keys/create-master-key.ts'),
      ),
      list: entry(
        'List the API keys of providers: state, expiry, last test, never a value',
        () => import('../keys/list.ts'),
      ),
      set: entry('Store the API key of a provider, encrypted', () => import('../keys/set.ts')),
      status: entry(
        'Show which services have a usable key, and what is missing',
        () => import('../keys/status.ts'),
      ),
      test: entry('Test keys with the cheapest call of their providers', () => import('../keys/test.ts')),
      use: entry(
        'Set the default provider and model of uses that name neither',
        () => import('../keys/use.ts'),
      ),
      rotate: entry('Encrypt all keys with the first master key', () => import('../keys/rotate.ts')),
      remove: entry('Remove the API key of a provider', () => import('../keys/remove.ts')),
      run: entry('Run a program with provider keys in its environment', () => import('../keys/run.ts')),
    },
  },
  docs: entry('List the documentation, or print a page of it', () => import('../docs/docs.ts')),
  completion: {
    summary: 'Complete commands in a shell',
    verbs: {
      bash: entry('Print the script for bash', () => import('../completion/bash.ts')),
      zsh: entry('Print the script for zsh', () => import('../completion/zsh.ts')),
      fish: entry('Print the script for fish', () => import('../completion/fish.ts')),
      powershell: entry('Print the script for PowerShell', () => import('../completion/powershell.ts')),
      install: entry('Install the script for this account', () => import('../completion/install.ts')),
    },
  },
});
