import { type CreatedToken, createToken } from '../../access/create-token.ts';
import type { Scope } from '../../access/scopes.ts';
import { findCustomer } from '../../customers/find-customer.ts';
import { Failure } from '../../domain/failure.ts';
import { scopesOfRole } from '../../http/api/role-scopes.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { TokenSpecs } from './spec.ts';

/** Makes a token and prints it, the only time; a dry run makes one that is worth nothing and does not print it. */
export async function run(context: Context, input: InputOf<TokenSpecs['create']>): Promise<Outcome> {
  const { name, role, customer, prefix, expires: expiresAt } = input;
  const scopes = scopesAsked(input);
  const asked = { name, scopes, role, customer, prefix, expires: expiresAt };
  const made = await write<CreatedToken>(context, { action: 'tokens create', asked }, (tx, change) =>
    createToken(tx, change, { name, scopes, role, customer, prefix, expiresAt }),
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

/** The scopes that were named, or all of the role's. @throws Failure usage for a scope of which the role may do nothing */
function scopesAsked({
  scope: scopes,
  role,
  customer,
  prefix,
}: InputOf<TokenSpecs['create']>): readonly Scope[] {
  if (role === undefined) return scopes;
  const all = scopesOfRole(role);
  const useless = scopes.find((scope) => !all.includes(scope));
  if (useless !== undefined)
    throw new Failure('usage', `The role ${role} may do nothing of the scope ${useless}`, {
      hint: `Its scopes are: ${all.join(', ')}`,
    });
  if (scopes.length > 0) return scopes;
  const isBound = customer !== undefined || prefix !== undefined;
  return all.filter((scope) => !isBound || scope !== 'keys');
}
