import { readPlanId } from '../../catalog/create-plan.ts';
import { findPlans } from '../../catalog/find-plans.ts';
import { listMeters } from '../../catalog/list-meters.ts';
import { readPlanEdit } from '../../catalog/read-plan-edit.ts';
import { readStandard } from '../../catalog/shipped.ts';
import { standardMeter } from '../../catalog/standard.ts';
import { parseWindow } from '../../domain/windows.ts';
import { Failure } from '../../domain/failure.ts';
import type { Choice, Prompts } from '../../terminal/prompts.ts';
import { readBy } from '../ask.ts';
import type { Context } from '../context.ts';

interface Asked {
  name: string | undefined;
  price: string[];
  limit: string[];
  credits: string | undefined;
}

/** Asks for the plan's id, and for its name, prices, limits and credits unless options give them. */
export async function askPlan<I extends Asked>(
  context: Context,
  prompts: Prompts,
  input: I,
): Promise<I & { plan: string }> {
  const db = await context.database();
  const taken = (await findPlans(db)).map(({ id }) => id);
  const plan = await askText(prompts, 'Plan id, such as pro:', (text) => {
    if (taken.includes(readPlanId(text))) throw new Failure('usage', `Plan ${text} already exists`);
  });
  const name = input.name ?? (await prompts.input('Display name:', { preset: plan })).trim();
  const price = input.price.length > 0 ? input.price : await askPrices(prompts);
  const limit = input.limit.length > 0 ? input.limit : await askLimits(context, prompts);
  const credits =
    input.credits ??
    (await askText(prompts, 'Credits per period (100 or unlimited; empty for none):', (text) =>
      text === '' ? undefined : readPlanEdit({ credits: text }),
    ));
  return {
    ...input,
    ...{ plan, price, limit },
    name: name === plan ? undefined : name,
    credits: credits === '' ? undefined : credits,
  };
}

async function askPrices(prompts: Prompts): Promise<string[]> {
  const words: string[] = [];
  for (const [every, length] of [
    ['1mo', 'month'],
    ['1y', 'year'],
  ] as const) {
    const text = await askText(
      prompts,
      `Price per ${length} (39.00, 39.00EUR, complimentary; empty for none):`,
      (given) => (given === '' ? undefined : readPlanEdit({ price: [`${every}=${given}`] })),
    );
    if (text !== '') words.push(`${every}=${text}`);
  }
  return words;
}

async function askLimits(context: Context, prompts: Prompts): Promise<string[]> {
  const standard = readStandard();
  const meters = (await listMeters(await context.database(), { all: true }))
    .filter(({ id }) => !id.includes('*'))
    .map(({ id, name }) => ({ name: `${id}, ${name}`, short: id, value: id as string | undefined }));
  const words: string[] = [];
  for (;;) {
    const done = { name: words.length === 0 ? 'no limits' : 'no more limits', value: undefined };
    const meter = await prompts.search('Meter to limit:', (typed) =>
      Promise.resolve([
        ...(typed === '' ? [done] : []),
        ...orTyped(typed, meters, standardMeter(standard, typed) !== undefined),
      ]),
    );
    if (meter === undefined) return words;
    const window = await prompts.search(`Window of the ${meter} limit:`, (typed) =>
      Promise.resolve(orTyped(typed, windows, readBy(parseWindow)(typed) === true)),
    );
    const value = await askText(
      prompts,
      `Limit of ${meter} (20, unlimited, 0 to disable, 20:soft):`,
      (text) => readPlanEdit({ limit: [`${meter}/${window}=${text}`] }),
    );
    words.push(`${meter}/${window}=${value}`);
  }
}

const windows: readonly Choice<string>[] = Object.entries({
  day: 'calendar day',
  week: 'calendar week, from Monday',
  month: 'calendar month',
  period: 'billing period of the subscription',
  lifetime: 'never resets',
  rolling_24h: 'the last 24 hours; other lengths can be typed',
}).map(([value, about]) => ({ name: `${value}, ${about}`, short: value, value }));

/** The choices that contain the typed text. The typed text itself comes first if it is valid and not yet a choice. */
function orTyped<T>(typed: string, choices: readonly Choice<T>[], isValid: boolean): Choice<T | string>[] {
  const fitting = choices.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
  return isValid && !choices.some(({ value }) => value === typed)
    ? [{ name: typed, value: typed }, ...fitting]
    : fitting;
}

async function askText(prompts: Prompts, message: string, read: (text: string) => unknown): Promise<string> {
  return (await prompts.input(message, { validate: readBy(read) })).trim();
}
