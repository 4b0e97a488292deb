import type postgres from 'postgres';

const json = 3802;
const arrays: [element: number, array: number][] = [
  [16, 1000], [20, 1016], [21, 1005], [23, 1007], [25, 1009], [700, 1021], [701, 1022], [1043, 1015],
  [1082, 1182], [1184, 1185], [1700, 1231], [2950, 2951], [json, 3807],
]; // prettier-ignore

/** The array type of each element type, for `db.array(values, elementType)`. */
export const arrayTypes: Record<number, number> = Object.fromEntries(arrays);

const parsers: Record<number, (text: string) => unknown> = {
  16: (text) => text === 't',
  21: Number,
  23: Number,
  700: Number,
  701: Number,
  1184: readInstant,
  [json]: (text) => JSON.parse(text) as unknown,
};

/**
 * How values pass between TypeScript and PostgreSQL: numeric and int8 as strings, date as `YYYY-MM-DD`, timestamptz as Date
 * (a string given for one goes through with all its digits), json as objects, where a string given for one is JSON text already,
 * and arrays of all of these without asking the server for its types.
 */
export const valueTypes: Record<string, postgres.PostgresType> = {
  calendarDate: { to: 1082, from: [1082], serialize: String, parse: (text: string) => text },
  instant: { to: 1184, from: [1114, 1184], serialize: writeInstant, parse: readInstant },
  json: {
    to: json,
    from: [114, json],
    serialize: writeJson,
    parse: (text: string) => JSON.parse(text) as unknown,
  },
  ...Object.fromEntries(
    arrays.map(([element, array]) => [
      `array${array}`,
      {
        to: array,
        from: [array],
        serialize: writeArray,
        parse: (text: string) => readArray(text, parsers[element] ?? ((item) => item)),
      },
    ]),
  ),
};

function writeInstant(value: unknown): string {
  return value instanceof Date ? instantText(value) : String(value);
}

/** An instant as PostgreSQL reads it: years of more than four digits without a sign, those before 1 as BC. */
export function instantText(at: Date): string {
  const text = at.toISOString();
  const year = at.getUTCFullYear();
  if (year > 0 && year <= 9999) return text;
  const rest = text.slice(text.indexOf('-', 1));
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`;
}

/** An instant as PostgreSQL writes it in UTC. */
function readInstant(text: string): Date {
  const far = /^(\d{4,})-(\d\d-\d\d) ([\d:.]+)\+00( BC)?$/.exec(text);
  if (!far || (far[1]!.length === 4 && !far[4])) return new Date(text);
  const year = far[4] ? 1 - Number(far[1]) : Number(far[1]);
  const sign = year < 0 ? '-' : '+';
  return new Date(`${sign}${String(Math.abs(year)).padStart(6, '0')}-${far[2]}T${far[3]}Z`);
}

function writeJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An array as PostgreSQL writes it, `{"a","b\"c",NULL}`; a string is such a text already. */
function writeArray(value: unknown): string {
  return Array.isArray(value) ? `{${value.map(writeItem).join(',')}}` : String(value);
}

function writeItem(item: unknown): string {
  if (item === null || item === undefined) return 'NULL';
  if (Array.isArray(item)) return writeArray(item);
  if (item instanceof Date) return `"${instantText(item)}"`;
  const text = typeof item === 'object' ? JSON.stringify(item) : String(item);
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** The values of `{…}`; nested braces give nested arrays, an unquoted NULL gives null. */
function readArray(text: string, parse: (item: string) => unknown): unknown[] {
  let at = text.indexOf('{') + 1; // bounds such as [0:1]= may stand before it
  return readItems();

  function readItems(): unknown[] {
    const items: unknown[] = [];
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') at++;
      else if (text[at] === '{') items.push(readNested());
      else items.push(text[at] === '"' ? parse(readQuoted()) : readBare());
    }
    at++;
    return items;
  }

  function readNested(): unknown[] {
    at++;
    return readItems();
  }

  function readQuoted(): string {
    let item = '';
    for (at++; text[at] !== '"'; at++) item += text[at] === '\\' ? text[++at] : text[at];
    at++;
    return item;
  }

  function readBare(): unknown {
    const start = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at++;
    const item = text.slice(start, at);
    return item === 'NULL' ? null : parse(item);
  }
}
