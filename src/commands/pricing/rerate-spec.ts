import { type Loading, command } from '../command.ts';

export const unpricedUses = command({
  path: 'pricing unpriced',
  summary: 'List uses whose price was not known',
  description:
    'Their units count, their money is parked. Add the price that was missing (pricing set, pricing import), then pricing rerate.',
  group: 'sell',
  options: [
    { flag: '--provider', value: 'name', about: 'only of this provider' },
    { flag: '--from', value: 'time', kind: 'instant', about: 'from this time on (ever)' },
    { flag: '--to', value: 'time', kind: 'instant', about: 'before this time' },
  ],
  examples: [
    { command: 'subctl pricing unpriced', about: 'by provider, model and kind' },
    { command: 'subctl pricing unpriced --provider gemini --json', about: 'of one provider, for a program' },
  ],
  rows: true,
  load: (): Loading => import('./unpriced.ts'),
});

export const rerate = command({
  path: 'pricing rerate',
  summary: 'Give uses the price that the list has now for their own time',
  description:
    'Those without a price, and with --all also those that the list prices otherwise by now. Windows of cost follow, closed ones by an ' +
    'adjustment; a cost that came with the use stays. May be stopped and run again.',
  group: 'sell',
  options: [
    { flag: '--all', about: 'also uses that have a price from the list; needs --from' },
    { flag: '--customer', value: 'id', about: 'only of this customer' },
    { flag: '--provider', value: 'name', about: 'only of this provider' },
    { flag: '--model', value: 'name', about: 'only of this model' },
    { flag: '--from', value: 'time', kind: 'instant', about: 'uses from this time on (ever)' },
    { flag: '--to', value: 'time', kind: 'instant', about: 'uses before this time' },
  ],
  examples: [
    { command: 'subctl pricing rerate --dry-run', about: 'what it would change, old and new totals' },
    {
      command: "subctl pricing rerate --all --provider gemini --from 2026-01-01 --reason 'wrong list' --yes",
      about: 'a provider whose list was wrong since January',
    },
  ],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./rerate.ts'),
});

export const rating = [unpricedUses, rerate] as const;
