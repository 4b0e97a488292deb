import { inRehearsal } from '../../database/rehearse.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { type Preflight, preflightUses } from '../../usage/preflight.ts';
import { readUses } from '../../usage/read-uses.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';
import type { preflightUsage } from './hold-spec.ts';
import { preflightPage } from './preflight-page.ts';

/** Prints whether a list of uses fits as a whole; no is exit code 4. */
export async function run(context: Context, input: InputOf<typeof preflightUsage>): Promise<Outcome> {
  const { customer, reserve, hold, key } = input;
  const uses = await readUses(openInput(context, input.file));
  const connection = await context.database();
  const now = await context.now();
  const request = { customer, uses, now, key, ...(reserve && { holdSeconds: hold }) };
  const answer = await inRehearsal<Preflight>(
    connection,
    (tx) => preflightUses(tx, request),
    () => context.dryRun || !reserve,
  );
  const timezone = await zoneOf(connection, customer, now);
  return preflightPage(answer, { uses, reserve, timezone });
}
