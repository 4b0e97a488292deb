import { Failure } from '../../domain/failure.ts';
import { checkPrefix, usualPrefix } from '../../roles/role-names.ts';

/** What the names of the roles begin with; undefined where none are asked for. @throws Failure usage */
export function readRolePrefix({
  roles,
  rolePrefix,
}: {
  roles: boolean;
  rolePrefix: string | undefined;
}): string | undefined {
  if (roles) return checkPrefix(rolePrefix ?? usualPrefix);
  if (rolePrefix === undefined) return undefined;
  throw new Failure('usage', '--role-prefix goes with --roles', {
    hint: 'subctl setup --roles --role-prefix PREFIX',
  });
}
