import type { Db } from '../../src/database/connect.ts';
import { filesIn, textOf } from '../house/sources.ts';

interface Described {
  name: string;
  /** names and types of what goes in; the last `defaults` of them may be left out */
  inputs: { name: string; type: string }[];
  defaults: number;
  type: string;
  /** undefined where it gives one value */
  columns: { name: string; type: string }[] | undefined;
}

const typesIn: Record<string, string> = { timestamptz: 'Instant', jsonb: 'unknown', json: 'unknown' };
const typesOut: Record<string, string> = {
  ...{ timestamptz: 'Date', jsonb: 'unknown', json: 'unknown', void: 'void' },
};
const both: Record<string, string> = {
  ...{ bool: 'boolean', int2: 'number', int4: 'number', float4: 'number', float8: 'number' },
  ...{ text: 'string', varchar: 'string', bpchar: 'string', uuid: 'string', interval: 'string' },
  ...{ numeric: 'string', int8: 'string', date: 'string', tstzrange: 'string', bytea: 'Buffer' },
};

/** The SQL functions that the program calls by `call` and `callRows`, with the file that does. */
export function calledFunctions(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of filesIn('src', '.ts'))
    for (const [, name] of textOf(file).matchAll(/\bcall(?:Json|Rows)?\(\s*\w+,\s*'([a-z_0-9.]+)'/g))
      found.set(name!, file);
  return found;
}

/** What `src/database/functions.ts` says of them, from the catalogue of `db`. */
export async function functionTypes(db: Db): Promise<string> {
  const called = calledFunctions();
  const described = await db<Described[]>`
    select n.nspname || '.' || p.proname as name, p.pronargdefaults as defaults, ${typeName(db, db`p.prorettype`)} as type,
           (select coalesce(jsonb_agg(jsonb_build_object('name', p.proargnames[a.n], 'type', ${typeName(db, db`a.type`)}) order by a.n), '[]')
              from unnest(p.proargtypes::oid[]) with ordinality a(type, n)) as inputs,
           coalesce(
             (select jsonb_agg(jsonb_build_object('name', p.proargnames[a.n], 'type', ${typeName(db, db`a.type`)}) order by a.n)
                from unnest(p.proallargtypes) with ordinality a(type, n) where p.proargmodes[a.n] in ('o', 't', 'b')),
             (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', ${typeName(db, db`a.atttypid`)}) order by a.attnum)
                from pg_type t join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
               where t.oid = p.prorettype and t.typrelid <> 0),
             case when p.proretset then jsonb_build_array(jsonb_build_object('name', p.proname, 'type', ${typeName(db, db`p.prorettype`)})) end
           ) as columns
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname || '.' || p.proname = any (${[...called.keys()]}::text[]) and p.prokind = 'f'
     order by 1`;
  const missing = [...called].filter(([name]) => !described.some((found) => found.name === name));
  if (missing.length > 0)
    throw new Error(`No such function: ${missing.map(([name, file]) => `${name} (${file})`).join(', ')}`);
  return `${head}export interface SqlFunctions {\n${described.map(entryOf).join('')}}\n`;
}

const head = `// Written from the catalogue by \`npm run functions\`: the SQL functions that the program calls. A test compares them.

/** A Date, or a text with all its digits. */
type Instant = Date | string;
type List<Item> = readonly (Item | null)[];

`;

/** \`int4\`, \`text[]\`, or \`'a' | 'b'\` for an enum */
const typeName = (db: Db, type: ReturnType<Db>) => db`(
  select case when t.typcategory = 'A' then (select e.typname || '[]' from pg_type e where e.oid = t.typelem)
              when t.typtype = 'e' then (select string_agg(quote_literal(l.enumlabel), ' | ' order by l.enumsortorder) from pg_enum l where l.enumtypid = t.oid)
              else t.typname end
    from pg_type t where t.oid = ${type})`;

function entryOf({ name, inputs, defaults, type, columns }: Described): string {
  const optional = inputs.length - defaults;
  const list = inputs.map((input, at) => `${input.name}${at < optional ? '' : '?'}: ${typeIn(input.type)};`);
  const result = columns
    ? ['row: {', ...columns.map((column) => `${column.name}: ${typeOut(column.type)};`), '};']
    : [`value: ${typeOut(type)};`];
  const given = list.length === 0 ? ['arguments: object;'] : ['arguments: {', ...list, '};'];
  return `${filled([`'${name}': {`, ...given, ...result, '};'])}\n`;
}

/** The words in lines of at most 110 characters, of which all but the first are indented. */
function filled(words: readonly string[]): string {
  const lines = [' '];
  for (const word of words) {
    if (lines.at(-1)!.length + 1 + word.length > 110) lines.push('   ');
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines.join('\n');
}

const typeIn = (type: string) => typeOf(type, typesIn);
const typeOut = (type: string) => typeOf(type, typesOut);

function typeOf(type: string, own: Record<string, string>): string {
  if (type.startsWith("'")) return type;
  if (type.endsWith('[]')) return `List<${typeOf(type.slice(0, -2), own)}>`;
  const found = own[type] ?? both[type];
  if (found === undefined)
    throw new Error(`How ${type} passes between TypeScript and PostgreSQL is not known`);
  return found;
}
