import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands to set subctl up and to look after the installation. */
export const setUp = inGroup('start', {
  setup: entry('Set up or update the database', () => import('../setup/setup.ts')),
  demo: entry('Create a demo database', () => import('../demo/demo.ts')),
  doctor: entry('Find problems, and repair derived data', () => import('../doctor/examine.ts')),
  config: {
    summary: 'Show and change settings',
    verbs: {
      show: entry('Show each setting and its source', () => import('../config/show.ts')),
      list: entry('List the database settings', () => import('../config/list.ts')),
      set: entry('Set a database setting', () => import('../config/set.ts')),
      unset: entry('Reset a database setting to its default', () => import('../config/unset.ts')),
    },
  },
  db: {
    summary: 'Start, back up, restore and move the database',
    verbs: {
      start: entry('Start the embedded database; create it if needed', () => import('../db/start.ts')),
      stop: entry('Stop the embedded database', () => import('../db/stop.ts')),
      status: entry('Show whether the database is running', () => import('../db/status.ts')),
      url: entry('Print the connection URL of the database', () => import('../db/url.ts')),
      shell: entry('Open psql on the database', () => import('../db/shell.ts')),
      backup: entry('Back up the database to a file', () => import('../db/backup.ts')),
      verify: entry('Verify a backup and show its contents', () => import('../db/verify.ts')),
      restore: entry('Restore a backup into an empty database', () => import('../db/restore.ts')),
      move: entry('Move the database to another server or folder', () => import('../db/move.ts')),
    },
  },
  roles: {
    summary: 'Manage PostgreSQL roles and their accounts',
    verbs: {
      list: entry('List roles, their rights and their accounts', () => import('../roles/list.ts')),
      show: entry(
        'Show the rights of a role on each table, view, sequence and function',
        () => import('../roles/show.ts'),
      ),
      grant: entry('Grant a role to a database account', () => import('../roles/grant.ts')),
      revoke: entry('Revoke a role from a database account', () => import('../roles/revoke.ts')),
      check: entry(
        'Compare the rights of the roles with the expected rights',
        () => import('../roles/check.ts'),
      ),
    },
  },
  tokens: {
    summary: 'Manage API tokens of applications',
    verbs: {
      create: entry('Create an API token for an application', () => import('../tokens/create.ts')),
      list: entry('List API tokens with their scopes and last use', () => import('../tokens/list.ts')),
      revoke: entry('Revoke an API token', () => import('../tokens/revoke.ts')),
    },
  },
  keys: {
    summary: 'Provider API keys, encrypted',
    verbs: {
      'create-master-key': entry(
        'Create a master key in a new file of mode 0600',
        () => import('../keys/create-master-key.ts'),
      ),
      list: entry('List provider API keys: state, expiry, last test', () => import('../keys/list.ts')),
      set: entry('Store a provider API key, encrypted', () => import('../keys/set.ts')),
      status: entry('Show which services have a usable key', () => import('../keys/status.ts')),
      test: entry('Test keys with a free call to their providers', () => import('../keys/test.ts')),
      use: entry('Set the default provider and model of usage', () => import('../keys/use.ts')),
      rotate: entry('Re-encrypt all keys with the first master key', () => import('../keys/rotate.ts')),
      remove: entry('Remove a provider API key', () => import('../keys/remove.ts')),
      run: entry('Run a program with provider keys in its environment', () => import('../keys/run.ts')),
    },
  },
  docs: entry('List the documentation, or print a page', () => import('../docs/docs.ts')),
  completion: {
    summary: 'Shell completion scripts',
    verbs: {
      bash: entry('Print the completion script for bash', () => import('../completion/bash.ts')),
      zsh: entry('Print the completion script for zsh', () => import('../completion/zsh.ts')),
      fish: entry('Print the completion script for fish', () => import('../completion/fish.ts')),
      powershell: entry(
        'Print the completion script for PowerShell',
        () => import('../completion/powershell.ts'),
      ),
      install: entry(
        'Install the completion script for this account',
        () => import('../completion/install.ts'),
      ),
    },
  },
});
