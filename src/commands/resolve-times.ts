import { Failure } from '../domain/failure.ts';
import { type Reckoning, TimeExpression } from '../domain/times.ts';
import type { CommonInput, Context } from './context.ts';

type Values = Record<string, unknown>;

/**
 * Replaces relative and zoned times (`today`, `30d`, a date with --tz) by instants, and --period and --last by `from` and `to`.
 * The current time is --as-of, else the database clock. The zone is --tz, else the command's own --timezone, else the setting. A date
 * without a zone and without --tz is UTC. The database is queried only when a value needs it.
 * @throws Failure usage when --period or --last is combined with --from or --to
 */
export async function resolveTimes(
  context: Context,
  common: CommonInput,
  input: unknown[],
): Promise<unknown[]> {
  const options = input.at(-1) as Values;
  const read = (value: unknown): unknown => {
    if (Array.isArray(value) && value.some((one) => one instanceof TimeExpression))
      return Promise.all(value.map(read));
    if (!(value instanceof TimeExpression)) return value;
    if (value.absolute) return value.resolve({ now: new Date(0), timezone: common.tz ?? 'UTC' });
    return reckoning(context, common, options).then((at) => value.resolve(at));
  };
  const asOf = common.asOf as Date | TimeExpression | undefined;
  if (asOf instanceof TimeExpression) {
    delete common.asOf; // while it is resolved, the clock counts
    common.asOf = (await read(asOf)) as Date;
  }
  const values = await Promise.all(input.slice(0, -1).map(read));
  const named = await Promise.all(
    Object.entries(options).map(async ([key, value]) => [key, await read(value)]),
  );
  return [
    ...values,
    { ...(Object.fromEntries(named) as Values), ...(await spanOf(context, common, options)) },
  ];
}

async function spanOf(context: Context, common: CommonInput, options: Values): Promise<Values> {
  const { period, last } = common;
  if (period === undefined && last === undefined) return {};
  const [flag, other] = period ? ['--period', last && '--last'] : ['--last'];
  const beside = other ?? ['from', 'to'].map((key) => options[key] !== undefined && `--${key}`).find(Boolean);
  if (beside)
    throw new Failure('usage', `The options ${flag} and ${beside} contradict each other`, {
      hint: `Give ${flag} alone, or --from and --to`,
    });
  const at = await reckoning(context, common, options);
  if (!period) return { from: await last!.resolve(at), to: undefined };
  const { from, to } = await period.resolve(at);
  const isUnderWay = from <= at.now && at.now < to;
  return { from, to: isUnderWay ? undefined : to };
}

async function reckoning(
  context: Context,
  { tz }: CommonInput,
  { timezone: own }: Values,
): Promise<Reckoning> {
  const { needs = 'schema' } = context.spec;
  if (needs === 'nothing')
    return { now: context.asOf ?? context.clock(), timezone: tz ?? (own as string) ?? 'UTC' };
  const now = await context.nowAgain();
  const zone = tz ?? (own as string | undefined);
  if (zone !== undefined || needs === 'database') return { now, timezone: zone ?? 'UTC' };
  const { readZone } = await import('../settings/read-zone.ts');
  return { now, timezone: await readZone(await context.database()) };
}
