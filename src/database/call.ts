import type { Db } from './connect.ts';
import type { SqlFunctions } from './functions.ts';

/** The functions that give one value. */
export type ScalarFunction = {
  [Name in keyof SqlFunctions]: 'value' extends keyof SqlFunctions[Name] ? Name : never;
}[keyof SqlFunctions];

/** The functions that give rows, or one row of several columns. */
export type RowFunction = {
  [Name in keyof SqlFunctions]: 'row' extends keyof SqlFunctions[Name] ? Name : never;
}[keyof SqlFunctions];

/** The named arguments of a function. Null is SQL's null; undefined, for those that have a default only, means the default. */
export type ArgumentsOf<Name extends keyof SqlFunctions> = {
  [Key in keyof SqlFunctions[Name]['arguments']]:
    | SqlFunctions[Name]['arguments'][Key]
    | null
    | (object extends Pick<SqlFunctions[Name]['arguments'], Key> ? undefined : never);
};

type Value<Name extends ScalarFunction> = (SqlFunctions[Name] & { value: unknown })['value'];

/** The value of a function as postgres.js gives it: the catalogue does not say which functions never give null. */
export type ValueOf<Name extends ScalarFunction> = Value<Name> extends void ? void : Value<Name> | null;

/** A row of a function: the catalogue does not say which of its columns may be null. */
export type RowOf<Name extends RowFunction> = {
  [Column in keyof (SqlFunctions[Name] & { row: unknown })['row']]:
    (SqlFunctions[Name] & { row: unknown })['row'][Column] | null;
};

/** The functions whose value is JSON. */
export type JsonFunction = {
  [Name in ScalarFunction]: unknown extends Value<Name> ? Name : never;
}[ScalarFunction];

/**
 * Calls a SQL function by its qualified name and with named arguments, on `db`'s connection and inside its transaction. Where a handle
 * prepares statements, each set of arguments that are given is a statement of its own: see nullsGiven.
 */
export async function call<Name extends ScalarFunction>(
  db: Db,
  name: Name,
  given: ArgumentsOf<Name>,
): Promise<ValueOf<Name>> {
  const [row] = await query<{ value: ValueOf<Name> }>(db, ['select ', ' as value'], { name, given });
  return row!.value;
}

/** Calls a SQL function whose value is JSON. It comes as text: an application's handle may read json in a way of its own. */
export async function callJson<Name extends JsonFunction>(
  db: Db,
  name: Name,
  given: ArgumentsOf<Name>,
): Promise<unknown> {
  const [row] = await query<{ value: string }>(db, ['select ', '::text as value'], { name, given });
  return JSON.parse(row!.value) as unknown;
}

/** Calls a SQL function that gives rows. */
export async function callRows<Name extends RowFunction>(
  db: Db,
  name: Name,
  given: ArgumentsOf<Name>,
): Promise<RowOf<Name>[]> {
  return [...(await query<RowOf<Name>>(db, ['select * from ', ''], { name, given }))];
}

/** The arguments with null in place of undefined, so that all calls are one statement. Not for defaults other than null. */
export function nullsGiven<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? null])) as Given;
}

/** The name and the argument names are the program's own; the values go as parameters, whose types the function says. */
function query<Row extends object>(
  db: Db,
  [before, after]: [string, string],
  { name, given }: { name: string; given: object },
) {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  const template = templateOf(
    before,
    name,
    said.map(([argument]) => argument),
    after,
  );
  // type 0: the server says it, where the driver would guess from the value
  const values = said.map(([, value]) => (value === null ? null : db.typed(value as never, 0)));
  return db<Row[]>(template, ...(values as never[]));
}

const templates = new Map<string, TemplateStringsArray>();

/** One array for each text: postgres.js remembers where each array of strings came from, for ever. */
function templateOf(
  before: string,
  name: string,
  names: readonly string[],
  after: string,
): TemplateStringsArray {
  const key = `${before}${name}(${names.join(', ')})${after}`;
  const known = templates.get(key);
  if (known) return known;
  const parts = names.map((argument, at) => `${at === 0 ? `${before}${name}(` : ', '}${argument} => `);
  const strings = names.length === 0 ? [`${before}${name}()${after}`] : [...parts, `)${after}`];
  const template = Object.assign(strings, { raw: strings }) as TemplateStringsArray;
  templates.set(key, template);
  return template;
}
