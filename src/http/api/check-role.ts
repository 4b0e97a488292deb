import type { Caller } from '../../api-tokens/find-caller.ts';
import { Failure } from '../../domain/failure.ts';
import { type NeededRight, lacksRight, rolesWith, wordOfRight } from '../../roles/lacks-right.ts';

/** @throws Failure refused that names the right which the role of the token lacks */
export function checkRole({ name, role }: Caller, needs: readonly NeededRight[]): void {
  if (role === null) return;
  const missing = needs.find((need) => lacksRight(role, need));
  if (!missing) return;
  throw new Failure(
    'refused',
    `The token ${name} has the role ${role}, which lacks the right ${wordOfRight(missing)}`,
    {
      hint: `It is a right of: ${rolesWith(needs).join(', ')}`,
    },
  );
}
