import { type Scope, scopeNames } from '../../api-tokens/scopes.ts';
import { lacksRight } from '../../roles/lacks-right.ts';
import type { Role } from '../../roles/rights.ts';
import { operations } from './operations.ts';

/** The scopes of which a role may do anything. */
export function scopesOfRole(role: Role): Scope[] {
  return scopeNames.filter((scope) =>
    operations.some((one) => one.scope === scope && !one.needs.some((need) => lacksRight(role, need))),
  );
}
