import { type Loading, command } from '../command.ts';

export const listAudit = command({
  path: 'audit list',
  summary: 'List what was changed, by whom and why',
  description:
    'A change is one command, one run of a task or one administrative call of an application that wrote. The newest comes first.',
  group: 'look',
  options: [
    { flag: '--customer', value: 'customer', about: 'changes that touched this customer' },
    { flag: '--by', value: 'actor', about: 'changes that this actor made' },
    { flag: '--action', value: 'command', about: 'changes by this command or task, as `plans edit`' },
    { flag: '--from', value: 'time', kind: 'instant', about: 'since this time' },
    { flag: '--to', value: 'time', kind: 'instant', about: 'before this time' },
    {
      flag: '--count',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 50,
      about: 'how many',
    },
  ],
  examples: [
    { command: 'subctl audit list', about: 'the last fifty changes' },
    {
      command: 'subctl audit list --action assign --format csv',
      about: 'every assignment, for a spreadsheet',
    },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export const showAudit = command({
  path: 'audit show',
  summary: 'Show one change with every row that it wrote',
  description:
    'Of each row what was before and after. Personal fields are shown as changed, never with their values. Entries of the ledger, history of subscriptions, renewals, closed windows and invoices are rows of the change too.',
  group: 'look',
  arguments: [{ name: 'change', about: 'id of the change, from audit list; `last` is the newest' }],
  options: [
    {
      flag: '--count',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 100,
      about: 'rows at most',
    },
  ],
  examples: [
    { command: 'subctl audit show last', about: 'what the last command did' },
    { command: 'subctl audit show last --json', about: 'the same with every field' },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./show.ts'),
});

export const audit = [listAudit, showAudit] as const;
