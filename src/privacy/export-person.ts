import type { Db } from '../database/connect.ts';
import { findPerson, type Person } from './find-person.ts';
import { personalTables, type PersonalTable } from './personal-columns.ts';

/** All rows that are held of a person, by table; tables without any are empty lists. */
export interface Exported {
  person: Person;
  tables: Record<string, Record<string, unknown>[]>;
}

/**
 * Reads everything that is held of a person, as a customer and as a member of groups. A group has the rows of its members in it. Secrets
 * of the installation, such as hashes of tokens, are left out.
 * @throws Failure not_found
 */
export async function exportPerson(tx: Db, id: string): Promise<Exported> {
  const person = await findPerson(tx, id);
  const tables: Exported['tables'] = {};
  for (const [name, table] of Object.entries(personalTables))
    tables[name] = await readTable(tx, person, name, table);
  return { person, tables };
}

async function readTable(
  tx: Db,
  { id, groups }: Person,
  name: string,
  table: PersonalTable,
): Promise<Record<string, unknown>[]> {
  const { customer, member, by = `t.${quote(customer)}`, erased = {}, kept } = table;
  const columns = [customer, ...(member ? [member] : []), ...Object.keys(erased), ...kept.split(' ')];
  const asMember = member
    ? ` or (t.${quote(customer)} = any ($2::text[]) and t.${quote(member)} = $1)`
    : ' and $2::text[] is not null';
  const rows = await tx.unsafe<Record<string, unknown>[]>(
    `select ${columns.map((column) => `t.${quote(column)}`).join(', ')}
       from subctl.${quote(name)} t where ${by} = $1${asMember} order by 1, 2, 3`,
    [id, groups],
  );
  return rows.map((row) => ({ ...row }));
}

const quote = (name: string): string => `"${name}"`;
