import { type RevokedToken, revokeToken } from '../../access/revoke-token.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { TokenSpecs } from './spec.ts';

/** Ends a token. */
export async function run(context: Context, { name }: InputOf<TokenSpecs['revoke']>): Promise<Outcome> {
  const done = await write<RevokedToken>(
    context,
    { action: 'tokens revoke', asked: { name } },
    (tx, change) => revokeToken(tx, change, name),
  );
  const sentence = done.changed ? `The token ${name} is revoked` : `The token ${name} was revoked already`;
  return say(context, { ...done, sentence });
}
