import { type RevokedToken, revokeToken } from '../../api-tokens/revoke-token.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl tokens revoke web', 'refuse the application from now on'],
    ['subctl tokens revoke web --dry-run', 'check that the token exists'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('A running server stops accepting the token within five seconds.')
  .argument('<name>', 'name of the token');

/** Revokes a token. */
export async function run(context: Context, name: string): Promise<Outcome> {
  const done = await write<RevokedToken>(
    context,
    { action: 'tokens revoke', asked: { name } },
    (tx, change) => revokeToken(tx, change, name),
  );
  const sentence = done.changed ? `The token ${name} is revoked` : `The token ${name} was already revoked`;
  return changeOutcome(context, { ...done, sentence });
}
