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
    ['subctl tokens create web --scope check --scope record', 'for an application that records usage'],
    ['subctl tokens create reports --role reader', 'for reports without personal data'],
    [
      'subctl tokens create acme-portal --scope read --prefix acme- --expires 2036-01-01',
      'for customers whose id starts with acme-, with an expiry',
    ],
  ],
  exits: [8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The token is shown only once; the database stores its hash. If it is lost, create ' +
      'another.\n\nScopes: read (plans and customer data), check (check usage), record (record and ' +
      'reserve usage), alerts (mark as read), checkout (create Stripe pages). keys fetches provider ' +
      'API keys and does not work with --customer or --prefix. members manages the members of ' +
      'groups.\n\nWith --role the token has the rights of a database account with that role; scopes ' +
      'restrict it further. Without --customer or --prefix it can act for every customer.',
  )
  .argument('<name>', 'name of the application: web, worker-eu')
  .option(
    '--scope <scope>',
    'scope of the token: read, check, record, alerts, checkout, keys, members',
    many(choice(['read', 'check', 'record', 'alerts', 'checkout', 'keys', 'members'])),
    [],
  )
  .addOption(
    new Option('--role <role>', 'limit the token to the rights of this role').choices([
      'superadmin',
      'admin',
      'reader',
      'personal',
      'app',
    ]),
  )
  .option('--customer <customer>', 'restrict the token to this customer')
  .option('--prefix <text>', 'restrict the token to customers whose id starts with this text')
  .option('--expires <time>', 'expiry of the token', instantAhead);

/** Creates a token and prints it once. A dry run creates none and prints no token. */
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
    ? ['Dry run: no token was created']
    : ['Save the token now: it is not shown again. Send it as: Authorization: Bearer …'];
  if (customer !== undefined && !(await findCustomer(await context.database(), customer)))
    notes.push(`There is no customer '${customer}' yet`);
  return { record, sections: [{ entries }], notes, secret: true };
}

/** Returns the given scopes, or all scopes of the role. @throws Failure usage for a scope that the role does not have */
function scopesAsked({ scope: scopes, role, customer, prefix }: Options<typeof command>): readonly Scope[] {
  if (role === undefined) return scopes;
  const all = scopesOfRole(role);
  const useless = scopes.find((scope) => !all.includes(scope));
  if (useless !== undefined)
    throw new Failure('usage', `The role ${role} does not have the scope '${useless}'`, {
      hint: `Its scopes are: ${all.join(', ')}`,
    });
  if (scopes.length > 0) return scopes;
  const isBound = customer !== undefined || prefix !== undefined;
  return all.filter((scope) => !isBound || scope !== 'keys');
}
