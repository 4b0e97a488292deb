import { Failure } from '../../domain/failure.ts';
import { checkPrefix, usualPrefix } from '../../roles/role-names.ts';

/** Returns the prefix of the role names; undefined without --roles. @throws Failure usage for --role-prefix without --roles */
export function readRolePrefix({
  roles,
  rolePrefix,
}: {
  roles: boolean;
  rolePrefix: string | undefined;
}): string | undefined {
  if (roles) return checkPrefix(rolePrefix ?? usualPrefix);
  if (rolePrefix === undefined) return undefined;
  throw new Failure('usage', '--role-prefix requires --roles', {
    hint: 'subctl setup --roles --role-prefix PREFIX',
  });
}
