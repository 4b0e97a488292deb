import type { SqlFile } from './bundled-sql.ts';
import type { Db } from './connect.ts';
import { inOrderOfUse, isView, schemaOf } from './function-order.ts';
import { runSql } from './run-sql.ts';
import { inSavepoint } from './savepoint.ts';
import { sqlStateOf } from './server-error.ts';
import { dropDependents } from './drop-dependents.ts';

/** `create or replace` refuses: another return type or parameter name, other columns of a view, another kind of object, a dependant. */
const needsDrop = new Set(['42P13', '42P16', '42809', '42723', '42725', '2BP01']);

export interface FunctionChange {
  /** all functions and views of the program */
  files: readonly SqlFile[];
  /** name → checksum of what the database has */
  recorded: ReadonlyMap<string, string>;
}

/**
 * Brings functions and views to the program's text: applies those whose checksum differs and drops those whose file is gone.
 * Returns their names. Where a signature changed, the old one is dropped and all views with it, and they are made again with the
 * privileges that they had.
 */
export async function applyFunctions(tx: Db, { files, recorded }: FunctionChange): Promise<string[]> {
  const gone = [...recorded.keys()].filter((name) => !files.some((file) => file.name === name));
  const changed = inOrderOfUse(files).filter(({ name, checksum }) => recorded.get(name) !== checksum);
  if (gone.length === 0 && changed.length === 0) return [];
  await moveToTheirSchema(tx, files);
  if (gone.length > 0 || !(await replaceInPlace(tx, changed))) await recreate(tx, { files, changed, gone });
  return [...changed.map(({ name }) => name), ...gone];
}

/**
 * Moves functions that an earlier program made in the other of the two schemas to where their files have them: with them go the
 * privileges on them and the triggers that call them.
 */
async function moveToTheirSchema(tx: Db, files: readonly SqlFile[]): Promise<void> {
  const of = (schema: string) => files.filter((file) => schemaOf(file) === schema).map(({ name }) => name);
  const rows = await tx<{ statement: string }[]>`
    select format('alter routine %s set schema %I', p.oid::regprocedure, t.target) as statement
      from (values ('subctl', 'subctl_internal', ${of('subctl_internal')}::text[]),
                   ('subctl_internal', 'subctl', ${of('subctl')}::text[])) t(source, target, names)
      join pg_proc p on p.pronamespace = to_regnamespace(t.source) and p.proname = any (t.names)
     where not exists (select from pg_proc o where o.pronamespace = to_regnamespace(t.target) and o.proname = p.proname)
     order by 1`;
  for (const { statement } of rows) await tx.unsafe(statement);
}

/** False, and nothing done, when a signature changed, be it that PostgreSQL refused or that it made a second function of the name. */
async function replaceInPlace(tx: Db, changed: readonly SqlFile[]): Promise<boolean> {
  const stop = new Error('overload');
  try {
    await inSavepoint(tx, async (inner) => {
      await create(inner, changed);
      const overloads = await inner`
        select 1 from pg_proc where pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace) and proname = any(${changed.map(({ name }) => name)}::text[])
         group by proname having count(*) > 1`;
      if (overloads.length > 0) throw stop;
    });
    return true;
  } catch (error) {
    if (error === stop || needsDrop.has(sqlStateOf(error) ?? '')) return false;
    throw error;
  }
}

async function recreate(
  tx: Db,
  {
    files,
    changed,
    gone,
  }: { files: readonly SqlFile[]; changed: readonly SqlFile[]; gone: readonly string[] },
): Promise<void> {
  const views = files.filter(isView).map(({ name }) => name);
  // what a trigger calls has one signature, and cannot be dropped under it
  const dropped = changed.filter(({ text }) => !/\breturns trigger\b/i.test(text));
  const routines = [...dropped.map(({ name }) => name), ...gone];
  const grants = await dropDependents(tx, { views: [...views, ...routines], routines });
  await create(
    tx,
    inOrderOfUse(files).filter((file) => isView(file) || changed.includes(file)),
  );
  for (const { name } of files) for (const statement of grants.get(name) ?? []) await tx.unsafe(statement);
}

async function create(tx: Db, files: readonly SqlFile[]): Promise<void> {
  for (const { path, text } of files) await runSql(tx, text, `${path}.sql`);
}
