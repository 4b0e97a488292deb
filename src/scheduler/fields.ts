export const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A field of a cron expression: its name, its least and greatest number, and what else than numbers it may have. */
interface Field {
  name: string;
  low: number;
  high: number;
  names?: readonly string[];
  /** the signs of croner's own: last day, nearest working day, n-th weekday; a field with them may be `?` alone */
  signs?: RegExp;
}

const fields: readonly Field[] = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of the month', low: 1, high: 31, signs: /^(L|LW|([1-9]|[12]\d|3[01])W)$/i },
  { name: 'month', low: 1, high: 12, names: months },
  {
    name: 'day of the week',
    low: 0,
    high: 7,
    names: weekdays,
    signs: /^([0-7]|[a-z]{3})?(L|#[1-5L])$/i,
  },
];

/** What is wrong with the first of five fields that cannot be read, with its name and the value as it was given. */
export function faultOfFields(texts: readonly string[]): string | undefined {
  for (const [at, field] of fields.entries()) {
    const bare = field.name === 'day of the week' ? texts[at]!.replace(/^\+/, '') : texts[at]!;
    if (field.signs && bare === '?') continue;
    for (const part of bare.split(',')) {
      const fault = faultOfPart(part, field);
      if (fault) return fault;
    }
  }
  return undefined;
}

function faultOfPart(part: string, field: Field): string | undefined {
  const { name, low, high, signs } = field;
  if (signs?.test(part)) return undefined;
  const match = /^(?:\*|(\d+|[a-z]{3})(?:-(\d+|[a-z]{3}))?)(\/\d+)?$/i.exec(part);
  if (!match) return `Invalid value for ${name}: ${part === '' ? 'nothing between commas' : part}`;
  const [, from, to, step] = match;
  const numbers = [from, to]
    .filter((value) => value !== undefined)
    .map((value) => [value, numberOf(value, field)] as const);
  for (const [value, number] of numbers)
    if (!(number >= low && number <= high))
      return `Invalid value for ${name}: ${value} (${low} to ${high} are possible)`;
  if (numbers.length === 2 && numbers[0]![1] > numbers[1]![1])
    return `Invalid range for ${name}: ${part} (it goes over the end: give ${from}-${high},${low}-${to})`;
  if (step === undefined) return undefined;
  if (from !== undefined && to === undefined)
    return `Invalid step for ${name}: ${part} (a step follows * or a range: give ${from}-${high}${step})`;
  const every = Number(step.slice(1));
  return every >= 1 && every <= high - low + 1 ? undefined : `Invalid step for ${name}: ${part}`;
}

function numberOf(value: string, { names = [], low }: Field): number {
  const at = names.findIndex((known) => known.toLowerCase() === value.toLowerCase());
  return at >= 0 ? at + low : Number(value);
}

/** A field with its names as numbers; `first` is the number of the first name. */
export function named(field: string, names: readonly string[], first: number): string {
  return field.replace(/[a-z]{3}/gi, (name) => {
    const at = names.findIndex((known) => known.toLowerCase() === name.toLowerCase());
    return at < 0 ? name : String(at + first);
  });
}
