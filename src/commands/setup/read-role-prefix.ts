import { Failure } from '../../domain/failure.ts';
import { checkPrefix, usualPrefix } from '../../roles/role-names.ts';
import type { InputOf } from '../command.ts';
import type { setup } from './spec.ts';

/** What the names of the roles begin with; undefined where none are asked for. @throws Failure usage */
export function readRolePrefix({ roles, rolePrefix }: InputOf<typeof setup>): string | undefined {
  if (roles) return checkPrefix(rolePrefix ?? usualPrefix);
  if (rolePrefix === undefined) return undefined;
  throw new Failure('usage', '--role-prefix goes with --roles', {
    hint: 'subctl setup --roles --role-prefix PREFIX',
  });
}
