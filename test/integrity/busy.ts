import fc from 'fast-check';
import { addCredits, deductCredits, setCredits } from '../../src/credits/change-credits.ts';
import { addMember } from '../../src/customers/add-member.ts';
import { setLimit } from '../../src/customers/set-limit.ts';
import type { Change } from '../../src/database/change.ts';
import type { Connection, Db } from '../../src/database/connect.ts';
import { Failure } from '../../src/domain/failure.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { asTester } from '../support/catalogue.ts';
import { addOne } from '../support/plans.ts';
import { record } from '../usage/world.ts';
import { runTasks } from './town.ts';

/** Something that is asked of the program on the way; whether it is allowed is the program's to say. */
export interface Deed {
  hours: number;
  who: number;
  what: 'use' | 'use' | 'assign' | 'cancel' | 'limit' | 'credits' | 'tasks';
  pick: number;
  late: number;
}

const hour = 3_600_000;
const begin = Date.parse('2026-01-29T22:00:00Z');
const plans = ['pro', 'carry', 'max', 'free', 'trial'] as const;

/** Some sixty deeds of three users and a group over four months, in the order of time. */
export const deeds: fc.Arbitrary<Deed[]> = fc
  .array(
    fc.record({
      hours: fc.integer({ min: 1, max: 24 * 120 }),
      who: fc.integer({ min: 0, max: 3 }),
      what: fc.constantFrom(
        ...([
          'use',
          'use',
          'use',
          'use',
          'use',
          'use',
          'use',
          'assign',
          'cancel',
          'limit',
          'credits',
          'tasks',
        ] as const),
      ),
      pick: fc.nat({ max: 1000 }),
      late: fc.constantFrom(0, 0, 0, 0, 1, 5, 30, 200, 700),
    }),
    { minLength: 40, maxLength: 80 },
  )
  .map((all) => all.sort((a, b) => a.hours - b.hours));

/** Makes the four customers of a play; the last is a group with two members. */
export async function addPeople(sql: Connection, play: number): Promise<string[]> {
  const at = new Date(begin);
  const ids = [0, 1, 2, 3].map((n) => `p${play}-${n}`);
  for (const [n, id] of ids.entries())
    await addOne(
      sql,
      { id, ...(n === 3 && { kind: 'group' as const }), ...(n === 1 && { timezone: 'Europe/Berlin' }) },
      at,
    );
  for (const member of ['mia', 'moe'])
    await asTester(
      sql,
      (tx, change) => addMember(tx, change, { customer: ids[3]!, member, role: 'member' }),
      at,
    );
  return ids;
}

/** Does one deed. A refusal is an answer. */
export async function doDeed(sql: Connection, ids: readonly string[], deed: Deed): Promise<void> {
  const { what, who, pick } = deed;
  const at = new Date(begin + deed.hours * hour);
  const id = ids[who]!;
  if (what === 'tasks') await runTasks(sql, at.toISOString());
  else if (what === 'use') await use(sql, ids, deed, at);
  else
    await asTester(
      sql,
      (tx, change) => edit(tx, { ...change, reason: 'test' }, { id, what, pick }),
      at,
    ).catch((error: unknown) => {
      const code = (error as { code?: string }).code ?? '';
      if (!(error instanceof Failure) && !code.startsWith('SB')) throw error;
    });
}

async function edit(
  tx: Db,
  change: Change,
  { id, what, pick }: { id: string } & Pick<Deed, 'what' | 'pick'>,
): Promise<unknown> {
  const choose = <T>(from: readonly T[]): T => from[pick % from.length]!;
  if (what === 'assign')
    return assignPlan(tx, change, {
      ...{ customer: id, plan: choose(plans), collection: 'complimentary' },
      ...{ when: pick % 7 === 0 ? 'now' : undefined, autoRenew: pick % 5 === 0 ? false : undefined },
    });
  if (what === 'cancel') return cancelSubscription(tx, change, { customer: id, atOnce: pick % 2 === 0 });
  if (what === 'limit')
    return setLimit(tx, change, {
      ...{
        customer: id,
        meter: 'messages',
        window: choose(['month', 'period']),
        scope: 'customer' as const,
        limit: `${pick % 50}`,
      },
      until: pick % 2 === 0 ? new Date(change.at.getTime() + 400 * hour) : undefined,
    });
  const asked = { customer: id, amount: `${1 + (pick % 9)}`, source: 'promotional' as const };
  return choose([
    () => addCredits(tx, change, asked as never),
    () => setCredits(tx, change, asked as never),
    () => deductCredits(tx, change, asked as never),
  ])();
}

async function use(
  sql: Connection,
  ids: readonly string[],
  { who, pick, late }: Deed,
  at: Date,
): Promise<void> {
  const models = [
    {},
    { provider: 'openai', model: 'big', input_tokens: 100 + pick, output_tokens: pick },
    { provider: 'hub', model: 'tiny' },
  ];
  await record(sql, {
    ...{ customer: ids[who]!, kind: pick % 4 === 0 ? 'image' : 'llm', quantity: 1 + (pick % 3) },
    ...{ as_of: at, at: new Date(at.getTime() - late * hour), ...models[pick % 3] },
    ...(who === 3 && pick % 5 > 0 && { member: pick % 2 === 0 ? 'mia' : 'moe' }),
    ...(pick % 6 === 0 && { session: `s${pick % 4}` }),
    ...(pick % 3 === 0 && { key: `k${pick}-${at.getTime()}-${who}` }),
    ...(pick % 11 === 0 && { already_spent: true }),
  });
}
