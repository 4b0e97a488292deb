import { type CreatedToken, createToken } from '../../api-tokens/create-token.ts';
import type { Scope } from '../../api-tokens/scopes.ts';
import { findCustomer } from '../../customers/find-customer.ts';
import { Failure } from '../../domain/failure.ts';
import { scopesOfRole } from '../../http/api/role-scopes.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { choice, instantAhead, many } from '../readers.ts';
import { Option } from '@commander-js/extra-typings';

export const command = verb({
  examples: [
    ['subctl tokens create web --scope check --scope record', 'for an application that meters'],
    ['subctl tokens create reports --role reader', 'reports, without data of persons'],
    [
      'subctl tokens create acme-portal --scope read --prefix acme- --expires 2036-01-01',
      'for those of acme, until then',
    ],
  ],
  exits: [8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'It is shown once, here, and kept as its hash: whoever loses it makes another. Scopes: read ' +
      '(plans and what a customer has), check (may this be used), record (uses, and holding them), ' +
      'alerts (mark as read), checkout (open a page of Stripe), keys (fetch the API keys of providers; ' +
      'not with --customer or --prefix), members (manage the members of groups). With --role it may do ' +
      'what an account of the database with that role may, and no more; scopes narrow it further. ' +
      'Without --customer or --prefix it speaks for every customer.',
  )
  .argument('<name>', 'which application it is: web, worker-eu')
  .option(
    '--scope <scope>',
    'what it may: read, check, record, alerts, checkout, keys, members; several times',
    many(choice(['read', 'check', 'record', 'alerts', 'checkout', 'keys', 'members'])),
    [],
  )
  .addOption(
    new Option(
      '--role <role>',
      'what an account of the database with that role may do: superadmin, admin, reader, personal or app',
    ).choices(['superadmin', 'admin', 'reader', 'personal', 'app']),
  )
  .option('--customer <customer>', 'only for this customer')
  .option('--prefix <text>', 'only for customers whose ids begin so')
  .option('--expires <time>', 'when it ends by itself', instantAhead);

/** Makes a token and prints it, the only time; a dry run makes one that is worth nothing and does not print it. */
export async function run(
  context: Context,
  name: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { role, customer, prefix, expires: expiresAt } = options;
  const scopes = scopesAsked(options);
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
    : ['Keep it now, it is not shown again. Send it as: Authorization: Bearer …'];
  if (customer !== undefined && !(await findCustomer(await context.database(), customer)))
    notes.push(`There is no customer '${customer}' yet`);
  return { record, sections: [{ entries }], notes, secret: true };
}

/** The scopes that were named, or all of the role's. @throws Failure usage for a scope of which the role may do nothing */
function scopesAsked({ scope: scopes, role, customer, prefix }: Options<typeof command>): readonly Scope[] {
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
