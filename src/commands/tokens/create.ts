import { type CreatedToken, createToken } from '../../access/create-token.ts';
import { findCustomer } from '../../customers/find-customer.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { TokenSpecs } from './spec.ts';

/** Makes a token and prints it, the only time; a dry run makes one that is worth nothing and does not print it. */
export async function run(context: Context, input: InputOf<TokenSpecs['create']>): Promise<Outcome> {
  const { name, scope: scopes, customer, prefix, expires: expiresAt } = input;
  const asked = { name, scopes, customer, prefix, expires: expiresAt };
  const made = await write<CreatedToken>(context, { action: 'tokens create', asked }, (tx, change) =>
    createToken(tx, change, { name, scopes, customer, prefix, expiresAt }),
  );
  const record = { ...made, ...(context.dryRun && { token: null }) };
  const entries = Object.entries(record)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key.replaceAll('_', ' '), value] as const);
  const notes = context.dryRun
    ? ['Dry run: no token was made']
    : ['Keep it now: nobody can see it again. Send it as: Authorization: Bearer …'];
  if (customer !== undefined && !(await findCustomer(await context.database(), customer)))
    notes.push(`There is no customer '${customer}' yet`);
  return { record, sections: [{ entries }], notes, secret: true };
}
