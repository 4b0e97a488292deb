import type { Db } from '../database/connect.ts';
import { type Right, type Role, type SchemaObject, rightsOn } from './rights.ts';
import { listSchemaObjects } from './schema-objects.ts';

export interface ListedRights extends Record<string, unknown> {
  kind: SchemaObject['kind'];
  object: string;
  rights: Right[];
  /** columns of a table that it does not see */
  hidden: string[];
}

/** The rights of a role on each object that it has any on. Superadmins have those of all others, too. */
export async function listRights(db: Db, role: Role): Promise<ListedRights[]> {
  return (await listSchemaObjects(db)).flatMap((object) => {
    const rights = rightsOn(object, role);
    if (rights.length === 0) return [];
    const seen = rights.find(({ columns }) => columns)?.columns;
    const hidden = seen ? object.columns.filter((column) => !seen.includes(column)) : [];
    return [{ kind: object.kind, object: object.name, rights: rights.map(({ right }) => right), hidden }];
  });
}
