import { parseInteger } from '../domain/integers.ts';
import type { DatabaseSetting } from './database-setting.ts';

/** How long rows are kept that need not stay for ever: the settings that `retention set` sets. */
export const retentionSettings: readonly DatabaseSetting[] = [
  days('runs_days', 'how long runs of tasks are kept', { min: 1, preset: 90 }),
  days('webhooks_days', 'how long settled webhooks of Stripe are kept', { min: 1, preset: 90 }),
  days('notices_days', 'how long it is kept what sent notices said; 0 is for ever', { min: 0, preset: 0 }),
];

function days(key: string, about: string, { min, preset }: { min: 0 | 1; preset: number }): DatabaseSetting {
  return {
    key,
    about,
    unit: 'days',
    values: `a whole number from ${min} to 3650`,
    default: preset,
    form: min === 0 ? '^(0|[1-9][0-9]{0,3})$' : '^[1-9][0-9]{0,3}$',
    read: (text) => parseInteger(text, { name: key, min, max: 3650 }),
  };
}
