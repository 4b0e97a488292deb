import { readCurrencyCode } from '../domain/currency.ts';
import { Failure } from '../domain/failure.ts';
import { parseInteger } from '../domain/integers.ts';
import { parseTimezone } from '../domain/timezones.ts';
import { retentionSettings } from './retention-settings.ts';
import type { DatabaseSetting, SettingValue } from './database-setting.ts';

/** As an item of the customer's next invoice, as uses of a meter of Stripe's, or not at all. */
const stripeOverageWays = ['invoice-items', 'meter-events', 'none'];

/** Parked until a price is known, or without cost. */
const unpricedWays = ['unpriced', 'free'];

/** A provider, or the name of a key. */
const keyWord = '[a-z0-9][a-z0-9_.-]{0,63}';

/** THE settings of the database. What reads one has its default too; a test compares them. */
export const databaseSettings: readonly DatabaseSetting[] = [
  {
    key: 'timezone',
    about: 'the zone of the timetable, of reports, and of customers without one',
    ...{ unit: 'zone', values: 'an IANA name', default: 'UTC', form: '.', always: true as const },
    read: (text) => parseTimezone(text, 'timezone'),
  },
  {
    key: 'cost_currency',
    about: 'the currency of prices and costs, which are never converted',
    ...{
      unit: 'currency',
      values: 'three capitals',
      default: 'USD',
      form: '^[A-Z]{3}$',
      always: true as const,
    },
    read: readCurrency,
  },
  {
    key: 'lateness_days',
    about: 'how late a use may be recorded; older ones are refused (R13)',
    ...whole('lateness_days', { unit: 'days', min: 1, max: 3650, default: 35 }),
    always: true,
  },
  {
    key: 'events_months',
    about: 'how many whole months of usage events are kept',
    ...whole('events_months', { unit: 'months', min: 1, max: 1200, default: 13 }),
    always: true,
  },
  {
    key: 'unpriced_uses',
    about: 'what becomes of a use whose price is not known: it is unpriced, or free (R26)',
    ...{ unit: '', values: unpricedWays.join(', '), default: 'unpriced' },
    form: `^(${unpricedWays.join('|')})$`,
    read: (text) => readWord(text, 'unpriced_uses', unpricedWays),
  },
  {
    key: 'auto_create',
    about: 'whether the first use of a customer that nobody has added adds it',
    ...yesOrNo('auto_create', false),
  },
  {
    key: 'allow_email_ids',
    about: 'whether the id of a customer may look like an email address, which cannot be erased',
    ...yesOrNo('allow_email_ids', false),
  },
  {
    key: 'members.auto_add',
    about: 'whether the first use of a person takes a free seat of the group',
    ...yesOrNo('members.auto_add', false),
  },
  {
    key: 'write_years_ahead',
    about: 'how far after the clock --as-of may write (R9)',
    ...whole('write_years_ahead', { unit: 'years', min: 1, max: 100, default: 10 }),
  },
  {
    key: 'charges_per_run',
    about: 'how often one run may charge a subscription before it is parked (R37)',
    ...whole('charges_per_run', { unit: 'charges', min: 1, max: 9999, default: 12 }),
  },
  {
    key: 'charges_per_day',
    about: 'how often a subscription may be charged within 24 hours before it is parked (R37)',
    ...whole('charges_per_day', { unit: 'charges', min: 1, max: 9999, default: 15 }),
  },
  {
    key: 'charge_months_ahead',
    about: 'how long after the last one a period may begin that is charged (R37)',
    ...whole('charge_months_ahead', { unit: 'months', min: 1, max: 1200, default: 36 }),
  },
  {
    key: 'charges_at_once',
    about: 'how many charges are under way at once',
    ...whole('charges_at_once', { unit: 'charges', min: 1, max: 100, default: 8 }),
  },
  {
    key: 'dunning_days',
    about: 'how many days after a declined payment it is tried again',
    ...{ unit: 'days', values: 'up to ten rising whole numbers from 1 to 60, with commas, or none' },
    ...{ default: [1, 3, 5, 7], form: '^\\[([1-9][0-9]?(, ?[1-9][0-9]?)*)?\\]$' },
    read: readDays,
  },
  {
    key: 'stripe_overage',
    about: 'how Stripe is told of use beyond a limit of the subscriptions that it owns',
    ...{ unit: '', values: stripeOverageWays.join(', '), default: 'invoice-items' },
    form: `^(${stripeOverageWays.join('|')})$`,
    read: (text) => readWord(text, 'stripe_overage', stripeOverageWays),
  },
  {
    key: 'trial_ending_notice_days',
    about: 'how long before a trial ends its customer is told',
    ...whole('trial_ending_notice_days', { unit: 'days', min: 0, max: 60, default: 3 }),
  },
  {
    key: 'ending_notice_days',
    about: 'how long before a subscription ends that is not renewed its customer is told',
    ...whole('ending_notice_days', { unit: 'days', min: 0, max: 60, default: 7 }),
  },
  {
    key: 'renewal_notice_days',
    about: 'how long before a renewal for money its customer is told',
    ...whole('renewal_notice_days', { unit: 'days', min: 0, max: 60, default: 7 }),
  },
  {
    key: 'key_expiring_notice_days',
    about: 'how long before the API key of a provider expires the operator is told',
    ...whole('key_expiring_notice_days', { unit: 'days', min: 0, max: 60, default: 14 }),
  },
  {
    key: 'required_keys',
    about: 'which provider keys there must be: `keys status` and `doctor` say which are missing',
    ...{
      unit: '',
      values: 'names or providers, ai for any AI provider: fal,openai|anthropic',
      default: 'none',
    },
    form: `^${keyWord}([|,]${keyWord})*$`,
    read: readRequired,
  },
  {
    key: 'default_provider',
    about: 'whose model a use with tokens is that says neither provider nor model',
    ...{ unit: '', values: 'the id of a provider', default: 'none', form: `^${keyWord}$` },
    read: (text) => readForm(text, 'default_provider', new RegExp(`^${keyWord}$`)),
  },
  {
    key: 'default_model',
    about: 'which model that is',
    ...{ unit: '', values: 'the id of a model', default: 'none', form: '^\\S{1,200}$' },
    read: (text) => readForm(text, 'default_model', /^[\x21-\x7e]{1,200}$/),
  },
  ...retentionSettings,
];

/** What the program notes for itself in the same table. */
export const keptByTheProgram: readonly string[] = ['schema', 'events_from', 'roles_prefix'];

/** A stored value as it is given on the command line: `1,3,5,7`, `true`, `35`. */
export function shownSetting(value: SettingValue | null): string | null {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  return value === null ? null : String(value);
}

function whole(key: string, { unit, min, max, default: preset }: Whole) {
  return {
    unit,
    values: `a whole number from ${min} to ${max}`,
    default: preset,
    form: min === 0 ? '^(0|[1-9][0-9]{0,3})$' : '^[1-9][0-9]{0,3}$',
    read: (text: string): number => parseInteger(text, { name: key, min, max }),
  };
}
type Whole = Readonly<Record<'min' | 'max' | 'default', number> & { unit: string }>;

function yesOrNo(key: string, preset: boolean) {
  return {
    ...{ unit: '', values: 'true or false', default: preset, form: '^(true|false)$', always: true as const },
    read(text: string): boolean {
      const given = text.trim().toLowerCase();
      if (/^(true|yes|on)$/.test(given)) return true;
      if (/^(false|no|off)$/.test(given)) return false;
      throw new Failure('usage', `The ${key} '${text}' is neither true nor false`, {
        hint: 'Give true or false',
      });
    },
  };
}

function readWord(text: string, key: string, words: readonly string[]): string {
  const given = text.trim().toLowerCase();
  if (words.includes(given)) return given;
  throw new Failure('usage', `The ${key} '${text}' is not one of ${words.join(', ')}`);
}

function readForm(text: string, key: string, form: RegExp): string {
  const given = text.trim();
  if (form.test(given)) return given;
  throw new Failure('usage', `The ${key} '${given}' is not an id`, {
    hint: 'Give it as the price list has it',
  });
}

function readRequired(text: string): string {
  const given = text.replace(/\s+/g, '').toLowerCase();
  if (
    given !== '' &&
    given.split(',').every((words) => words.split('|').every((word) => new RegExp(`^${keyWord}$`).test(word)))
  )
    return given;
  throw new Failure('usage', `The required_keys '${text}' are not names with commas between them`, {
    hint: 'Give fal,openai|anthropic, fal,ai or none',
  });
}

function readCurrency(text: string): string {
  return readCurrencyCode(text.trim().toUpperCase(), 'cost_currency');
}

function readDays(text: string): number[] {
  if (/^\s*(none|\[\s*\])\s*$/.test(text)) return [];
  const hint =
    'Give days after the first decline, from 1 to 60, each later than the one before: 1,3,5,7, or none';
  const refuse = (why: string) => new Failure('usage', `The dunning_days '${text}' ${why}`, { hint });
  const parts = text.replace(/^\s*\[|\]\s*$/g, '').split(',');
  const days = parts.map((day) => Number(day.trim()));
  if (!parts.every((day, at) => /^\s*\d{1,2}\s*$/.test(day) && days[at]! >= 1 && days[at]! <= 60))
    throw refuse('are not all whole numbers from 1 to 60');
  if (days.length > 10) throw refuse('are more than ten');
  if (!days.every((day, at) => at === 0 || day > days[at - 1]!)) throw refuse('do not rise');
  return days;
}
