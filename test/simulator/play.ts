import type { Connection } from '../../src/database/connect.ts';
import { Disagreement } from './agree.ts';
import { type Use } from './counts.ts';
import { iso, Program, taskNames } from './database-side.ts';
import { Dice } from './dice.ts';
import { Person } from './person.ts';
import { kinds, layWorld, makeWorld, type World } from './world.ts';

export interface Played {
  seed: number;
  steps: number;
  /** how often each thing was done */
  tally: Record<string, number>;
  /** the instant at which it ended */
  end: number;
}

const zones = [
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Europe/Berlin',
  'Pacific/Apia',
  'America/Nuuk',
  'Australia/Lord_Howe',
] as const;
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/**
 * Plays a world that a seed makes on an empty schema: customers in zones, uses, reservations, reversals, credits, changes of plan, pauses,
 * and tasks at instants that the dice choose. After every step what the database says is compared with what the model says.
 * @throws Disagreement with the seed, the step, and what was done to that customer
 */
export async function play(sql: Connection, seed: number, steps: number): Promise<Played> {
  const dice = new Dice(seed);
  const world = makeWorld(dice);
  await layWorld(sql, world);
  const program = new Program(sql);
  const tally: Record<string, number> = {};
  let now = Date.parse('2025-01-20T00:00:00Z') + dice.whole(0, 400) * day + dice.whole(0, 86_399) * 1000;
  const people: Person[] = [];
  for (const n of [1, 2, 3]) {
    const zone = dice.pick(zones);
    await sql`select subctl.create_customer(${`c${n}`}, ${iso(now)}, null, 'simulator', 'user', ${zone})`;
    people.push(new Person(`c${n}`, program, { world, zone, at: now }));
  }
  for (let step = 1; step <= steps; step += 1) {
    let person = dice.pick(people);
    now = wait(dice, person, now);
    const what = dice.weigh(deeds);
    tally[what] = (tally[what] ?? 0) + 1;
    try {
      if (what === 'tasks') {
        const names = taskNames.filter(() => dice.chance(0.6)).sort(() => dice.next() - 0.5);
        await program.tasks(
          names,
          people.map(({ id }) => id),
          now,
          { whole: dice.chance(0.7) },
        );
        for (const one of people) one.done.push(`${iso(now)} tasks ${names.join(' ')}`);
        for (person of people) await person.compare(now);
      } else {
        await act(dice, person, { what, now, world });
        await person.compare(now);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new Disagreement(tell(error.message, { seed, step, what, now, world, person }), { cause: error });
    }
  }
  return { seed, steps, tally, end: now };
}

interface Scene {
  seed: number;
  step: number;
  what: string;
  now: number;
  world: World;
  person: Person;
}

/** What somebody needs who looks for the fault: where, between whom, what was done before, and how to see it again. */
function tell(message: string, { seed, step, what, now, world, person }: Scene): string {
  const date = (at: number) => (Math.abs(at) < 8.64e15 ? iso(at) : String(at));
  const stretches = person.life.timeline.stretches.slice(-5).map((s) => {
    const period = s.period && [date(s.period.start), date(s.period.end)];
    return {
      ...s,
      plan: s.plan?.id,
      from: date(s.from),
      anchor: date(s.anchor),
      usageFrom: date(s.usageFrom),
      period,
    };
  });
  const plans = world.plans.map((plan) => ({
    ...plan,
    rules: plan.rules.map((r) => `${r.meter.id} ${r.window} ${r.limit}`).join(', '),
  }));
  return [
    `seed ${seed}, step ${step} (${what}) at ${iso(now)}: ${message}`,
    ...plans.map((plan) => `  plan ${JSON.stringify(plan)}`),
    ...stretches.map((stretch) => `  stretch ${JSON.stringify(stretch)}`),
    ...person.done.slice(-25).map((line) => `  ${line}`),
    `Play it again: npm run simulate -- --seed ${seed} --steps ${step}`,
  ].join('\n');
}

const deeds = [
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
  [3, 'limit'],
  [9, 'tasks'],
] as const;

/** How long nothing happens: a moment, days, weeks, or until a boundary, a millisecond before or after it. */
function wait(dice: Dice, { life }: Person, now: number): number {
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
    spent: dice.chance(0.06),
  };
}

async function act(
  dice: Dice,
  person: Person,
  { what, now, world }: { what: string; now: number; world: World },
): Promise<void> {
  const one = (from: number) => dice.whole(0, from - 1);
  const key = dice.chance(0.3) ? `k${dice.whole(1, 1_000_000_000)}` : null;
  if (what === 'use') return person.use(useBy(dice, now), now, key);
  if (what === 'late')
    return person.use(
      useBy(dice, now, dice.pick([-6 * minute, 2 * hour, 20 * hour, 5 * day, 20 * day, 36 * day])),
      now,
      key,
    );
  if (what === 'again') return person.again(one, now, dice.chance(0.2));
  if (what === 'reserve')
    return person.reserve({ ...useBy(dice, now), spent: false }, now, dice.pick([15, 15, 120, 60 * 24]));
  if (what === 'finish') return person.finish(now, dice.chance(0.3) ? null : dice.pick([1, 0.5, 2]));
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
  if (what === 'assign') {
    const when = dice.pick([undefined, undefined, 'now', 'period-end'] as const);
    return person.order(
      {
        do: 'assign',
        plan: dice.pick(world.plans).id,
        when,
        keep: when !== 'period-end' && dice.chance(0.2),
      },
      now,
    );
  }
  if (what === 'cancel') return person.order({ do: 'cancel', now: dice.chance(0.3) }, now);
  if (what === 'pause') {
    const until = dice.chance(0.5) ? null : now + dice.whole(1, 40) * day;
    return person.order({ do: 'pause', clock: dice.pick(['stops', 'runs']), until }, now);
  }
  if (what === 'extend') return person.order({ do: 'extend', days: dice.whole(1, 20) }, now);
  return person.order({ do: what as 'resume' | 'reactivate' }, now);
}
