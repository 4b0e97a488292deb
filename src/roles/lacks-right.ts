import { type Right, type Role, type SchemaObject, rightsOn, roleNames } from './rights.ts';

/** A right that something needs: on a function, or on a table or some of its columns. */
export interface NeededRight {
  right: Right;
  kind: SchemaObject['kind'];
  on: string;
  /** of a function: it is not volatile */
  readsOnly?: boolean;
  columns?: readonly string[];
}

/** Whether a role lacks a right that is needed, by the table of rights. */
export function lacksRight(
  role: Role,
  { right, kind, on, readsOnly = false, columns = ['*'] }: NeededRight,
): boolean {
  const given = rightsOn({ kind, name: on, readsOnly, columns }, role).find((each) => each.right === right);
  if (!given) return true;
  return given.columns !== undefined && columns.some((column) => !given.columns!.includes(column));
}

/** `execute on record_usage`, `select on members (name, email)`. */
export function wordOfRight({ right, on, columns }: NeededRight): string {
  return `${right} on ${on}${columns ? ` (${columns.join(', ')})` : ''}`;
}

/** The roles of accounts that speak for every customer which have all of these rights, from the one that may most. */
export function rolesWith(needs: readonly NeededRight[]): Role[] {
  return roleNames.filter((role) => role !== 'bound' && !needs.some((need) => lacksRight(role, need)));
}
