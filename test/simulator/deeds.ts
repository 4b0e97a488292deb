import type { Order } from './desk.ts';
import type { Dice } from './dice.ts';
import type { Person } from './person.ts';
import type { Use } from './use.ts';
import { kinds, type World } from './world.ts';

export const zones = [
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Europe/Berlin',
  'Pacific/Apia',
  'America/Nuuk',
  'Australia/Lord_Howe',
] as const;
const [minute, hour] = [60_000, 3_600_000];
export const day = 86_400_000;

/** What may happen, with its weight. */
export const deeds = [
  [40, 'use'],
  [4, 'late'],
  [3, 'again'],
  [5, 'reserve'],
  [4, 'finish'],
  [3, 'reverse'],
  [6, 'credits'],
  [8, 'assign'],
  [3, 'cancel'],
  [2, 'reactivate'],
  [3, 'pause'],
  [4, 'resume'],
  [3, 'extend'],
  [8, 'pay'],
  [3, 'limit'],
  [2, 'move'],
  [6, 'seat'],
  [9, 'tasks'],
] as const;

/** What may happen besides in a wide play: money that goes back, invoices that are taken back, and zones there and back. */
export const wideDeeds = [
  ...deeds,
  [3, 'void'],
  [3, 'refund'],
  [4, 'there and back'],
  [3, 'wait for a downgrade'],
] as const;

/** How long nothing happens: a moment, days, weeks, or until a boundary, a millisecond before or after it. */
export function wait(dice: Dice, { life }: Person, now: number): number {
  const edge = life.head?.pause ? (life.head.pause.until ?? 0) : (life.head?.end ?? 0);
  const toEdge = edge - now;
  if (toEdge > 1 && toEdge < 70 * day && dice.chance(0.15)) return edge + dice.pick([-1, 0, 1]);
  return (
    now +
    dice.weigh([
      [30, dice.whole(1, 59) * 1000],
      [25, dice.whole(1, 59) * minute],
      [20, dice.whole(1, 23) * hour],
      [15, dice.whole(1, 6) * day + dice.whole(0, 86_399) * 1000],
      [4, dice.whole(7, 45) * day],
    ])
  );
}

function useBy(dice: Dice, now: number, late = 0): Use {
  const kind = dice.pick(kinds);
  const tokens = kind !== 'image' && dice.chance(0.7);
  return {
    kind,
    at: now - late,
    quantity: dice.weigh([
      [6, '1'],
      [3, '2'],
      [1, '5'],
      [1, '0.5'],
    ]),
    provider: dice.pick(['acme', 'acme', 'other', 'gratis', 'heavy']),
    input: tokens ? dice.whole(0, 60) : null,
    output: tokens ? dice.whole(0, 30) : null,
    cost: dice.pick(['0', '0.25', '0.0003125', '1.1']),
    session: dice.chance(0.3) ? dice.pick(['s1', 's2']) : null,
    member: null,
    spent: dice.chance(0.06),
    partial: false,
  };
}

/** The same use by a member of a group; or one of which a part is taken where not all of it fits, which has a quantity and nothing else. */
function vary(dice: Dice, use: Use, { id }: Person): Use {
  const member = id === 'c1' && dice.chance(0.7) ? dice.pick(['m1', 'm2', 'm3']) : null;
  if (!dice.chance(0.12)) return { ...use, member };
  const quantity = dice.pick(['2', '7', '30', '3.5']);
  return { ...use, member, quantity, provider: null, input: null, output: null, cost: null, partial: true };
}

/** Does one of the deeds to somebody. */
export async function act(
  dice: Dice,
  person: Person,
  { what, now, world, wide }: { what: string; now: number; world: World; wide: boolean },
): Promise<void> {
  const one = (from: number) => dice.whole(0, from - 1);
  const key = dice.chance(0.3) ? `k${dice.whole(1, 1_000_000_000)}` : null;
  if (what === 'use') return person.use(vary(dice, useBy(dice, now), person), now, key);
  if (what === 'late') {
    const late = dice.pick([-6 * minute, 2 * hour, 20 * hour, 5 * day, 20 * day, 36 * day]);
    return person.use(vary(dice, useBy(dice, now, late), person), now, key);
  }
  if (what === 'again') return person.again(one, now, dice.chance(0.2));
  if (what === 'reserve')
    return person.reserve(
      { ...vary(dice, useBy(dice, now), person), spent: false },
      now,
      dice.pick([15, 15, 120, 60 * 24]),
    );
  if (what === 'finish') return person.finish(now, dice.chance(0.3) ? null : dice.pick([1, 0.5, 2]));
  if (what === 'move') return person.move(dice.pick(zones), now);
  if (what === 'there and back')
    return person.move(person.life.zone === person.home ? dice.pick(zones) : person.home, now);
  if (what === 'refund') return person.order({ do: 'refund', amount: dice.pick(['0.01', '3', '9.99']) }, now);
  if (what === 'wait for a downgrade')
    return person.order({ do: 'assign', plan: world.plans[0]!.id, when: 'period-end' }, now);
  if (what === 'seat')
    return person.id === 'c1' ? person.seat(dice.pick(['m1', 'm2', 'm3', 'm4']), now) : undefined;
  if (what === 'reverse') return person.reverse(one, now);
  if (what === 'limit') {
    const rule = dice.pick(world.plans[0]!.rules.slice(0, 2));
    const limit = dice.pick(['5', '12', '40', null]);
    return person.limit(
      {
        meter: rule.meter.id,
        window: rule.window,
        limit,
        until: dice.chance(0.5) ? Infinity : now + dice.whole(1, 400) * hour,
      },
      now,
    );
  }
  if (what === 'credits') {
    const amount = dice.pick(['1', '4', '9.75', '0.03']);
    return person.teller(
      dice.weigh<Parameters<Person['teller']>[0]>([
        [
          3,
          {
            do: 'add',
            amount,
            priority: dice.pick([10, 20, 40]),
            expires: dice.pick(['usual', null, now + dice.whole(1, 900) * hour]),
          },
        ],
        [1, { do: 'set', amount }],
        [2, { do: 'deduct', amount }],
        [1, { do: 'reset' }],
      ]),
      now,
    );
  }
  if (what === 'assign') return person.order(choose(dice, person, { world, now, wide }), now);
  if (what === 'cancel') {
    person.life.advance(now);
    const { bills } = person.life.head ?? {};
    // what ends where it began or fell due lasts a millisecond, which no reading of now sees
    const began = person.life.now().from === now || bills?.isDueAtOnce() === true;
    return person.order({ do: 'cancel', now: dice.chance(0.3) && !began }, now);
  }
  if (what === 'pause') {
    const until = dice.chance(0.5) ? null : now + dice.whole(1, 40) * day;
    return person.order({ do: 'pause', clock: dice.pick(['stops', 'runs']), until }, now);
  }
  if (what === 'extend') return person.order({ do: 'extend', days: dice.whole(1, 20) }, now);
  return person.order({ do: what as 'resume' | 'reactivate' | 'pay' | 'void' }, now);
}

/** A plan to take, and how. Who is asked for money takes it now; where money is asked for it is for the whole price of a period that begins. */
function choose(
  dice: Dice,
  { life, hadCode }: Person,
  { world, now, wide }: { world: World; now: number; wide: boolean },
): Order {
  const instant = now + dice.whole(1, 80) * day + dice.whole(0, 86_399) * 1000;
  const when = dice.pick([undefined, undefined, 'now', 'period-end', instant] as const);
  const plan = dice.pick(world.plans);
  const keep = (when === undefined || when === 'now') && dice.chance(0.2);
  const isNow = life.head?.billed || (plan.price !== null && !life.head) || when === undefined;
  if (plan.price === null && !life.head?.billed) return { do: 'assign', plan: plan.id, when, keep };
  const code = wide && !life.head && !hadCode && plan.price !== null && dice.chance(0.4);
  if (isNow || when === 'now')
    return { do: 'assign', plan: plan.id, when: 'now', keep, proration: 'none', ...(code && { code }) };
  return { do: 'assign', plan: plan.id, when };
}
