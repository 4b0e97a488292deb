import { Failure } from '../../domain/failure.ts';
import { type Extended, extendByDays, giveComplimentary } from '../../subscriptions/extend.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { extendSubscription } from './life-spec.ts';
import { say } from './say.ts';

/** Gives days, or periods at no charge. */
export async function run(context: Context, input: InputOf<typeof extendSubscription>): Promise<Outcome> {
  const { customer, days, complimentary, periods } = input;
  if ((days === undefined) === !complimentary) {
    throw new Failure('usage', 'Say either --days or --complimentary', {
      hint: `subctl subscriptions extend ${customer} --days 7`,
    });
  }
  if (periods !== undefined && !complimentary)
    throw new Failure('usage', '--periods goes with --complimentary: days are given with --days');
  const asked = { customer, days, complimentary, periods };
  const done = await write<Extended>(context, { action: 'subscriptions extend', asked }, (tx, change) =>
    days === undefined
      ? giveComplimentary(tx, change, { customer, periods: periods ?? 1 })
      : extendByDays(tx, change, { customer, days }),
  );
  return say(context, done);
}
