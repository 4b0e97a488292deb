import { shippedPresets } from '../../catalog/shipped.ts';
import { databaseSettings } from '../../config/database-settings.ts';
import { timetable } from '../../scheduler/timetable.ts';
import type { ArgumentFacts, OptionFacts } from '../describe.ts';

/** A candidate for the word at the cursor. */
export interface Candidate {
  value: string;
  /** description, for shells that show it */
  about: string;
}

/** The kinds of names in the database. */
export type NameKind =
  | 'customer'
  | 'plan'
  | 'meter'
  | 'kind'
  | 'discount'
  | 'invoice'
  | 'provider'
  | 'model'
  | 'provider key'
  | 'member'
  | 'token';

/** The source of the values of an argument or option. */
interface Source {
  /** known without a database */
  values: Candidate[];
  names?: NameKind;
  files?: boolean;
}

/** Arguments and option values by their name in help pages. */
const byName: Readonly<Record<string, NameKind | 'file' | 'task' | 'setting' | 'catalogue'>> = {
  customer: 'customer',
  plan: 'plan',
  meter: 'meter',
  kind: 'kind',
  invoice: 'invoice',
  member: 'member',
  provider: 'provider',
  model: 'model',
  task: 'task',
  file: 'file',
  folder: 'file',
  catalogue: 'catalogue',
};

/** Names that mean different things: by command. */
const byPath: Readonly<Record<string, (typeof byName)[string]>> = {
  'config set key': 'setting',
  'config set name': 'setting',
  'config unset key': 'setting',
  'config unset name': 'setting',
  'discounts deactivate code': 'discount',
  'discounts show code': 'discount',
  'keys set name': 'provider key',
  'keys test name': 'provider key',
  'keys use name': 'provider key',
  'keys rotate name': 'provider key',
  'keys remove name': 'provider key',
  'tokens revoke name': 'token',
  'db restore file': 'file',
};

const times = ['now', 'today', 'yesterday', 'this-month', 'last-month'];
const periods = ['today', 'yesterday', 'this-month', 'last-month', 'this-quarter', 'this-year', 'last-year'];
const windows = ['hour', 'day', 'week', 'month', 'year', 'period', 'term', 'lifetime', 'each', 'session'];

const plain = (values: readonly string[], about = ''): Candidate[] =>
  values.map((value) => ({ value, about }));

/** The possible values of an argument or option of a command. */
export function valuesOf(path: string, fact: ArgumentFacts | OptionFacts): Source {
  const name = 'flag' in fact ? (fact.value ?? '') : fact.name;
  const words = plain(fact.or ?? []);
  if (fact.choices) return { values: [...plain(fact.choices), ...words] };
  if (fact.kind === 'timezone') return { values: plain(Intl.supportedValuesOf('timeZone')) };
  if (fact.kind === 'instant') return { values: [...words, ...plain(times)] };
  if (fact.kind === 'period') return { values: plain(periods) };
  if (fact.kind === 'window') return { values: plain(windows) };
  return {
    ...sourceOf(byPath[`${path} ${name}`] ?? byName[name]),
    ...(words.length > 0 && { values: words }),
  };
}

function sourceOf(what: (typeof byName)[string] | undefined): Source {
  if (what === undefined) return { values: [] };
  if (what === 'file') return { values: [], files: true };
  if (what === 'task') return { values: timetable.map(({ task }) => ({ value: task, about: 'task' })) };
  if (what === 'setting')
    return { values: databaseSettings.map(({ key, about }) => ({ value: key, about: about ?? '' })) };
  if (what === 'catalogue')
    return { values: plain(Object.keys(shippedPresets()), 'shipped catalogue'), files: true };
  return { values: [], names: what };
}
