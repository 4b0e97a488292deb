import type { Connection } from '../../src/database/connect.ts';
import { agree, Finding } from './agree.ts';
import { iso, Program, taskNames } from './database-side.ts';
import { act, day, deeds, wait, wideDeeds, zones } from './deeds.ts';
import { Dice } from './dice.ts';
import { Person } from './person.ts';
import { layWorld, makeWorld, type World } from './world.ts';

export interface Played {
  seed: number;
  steps: number;
  /** how often each thing was done */
  tally: Record<string, number>;
  /** the instant at which it ended */
  end: number;
  /** what was done to each customer */
  done: Record<string, string[]>;
}

/**
 * Plays a world that a seed makes on an empty schema: customers in zones, uses, reservations, reversals, credits, changes of plan, pauses,
 * and tasks at instants that the dice choose. After every step, and in a wide play at an instant between two, what the database says is compared
 * with what the model says.
 * @throws Finding with the seed, the step, and what was done to that customer
 */
export async function play(
  sql: Connection,
  seed: number,
  steps: number,
  { wide = true } = {},
): Promise<Played> {
  const dice = new Dice(seed);
  const glances = new Dice(seed ^ 0x5eed);
  const world = makeWorld(dice);
  await layWorld(sql, world);
  const program = new Program(sql);
  const tally: Record<string, number> = {};
  let now = Date.parse('2025-01-20T00:00:00Z') + dice.whole(0, 400) * day + dice.whole(0, 86_399) * 1000;
  const people: Person[] = [];
  for (const n of [1, 2, 3]) {
    const zone = dice.pick(zones);
    const kind = n === 1 ? 'group' : 'user';
    await sql`select subctl_internal.create_customer(${`c${n}`}, ${iso(now)}, null, 'simulator', ${kind}, ${zone})`;
    people.push(new Person(`c${n}`, program, { world, zone, at: now }));
  }
  for (let step = 1; step <= steps; step += 1) {
    let person = dice.pick(people);
    const before = now;
    now = wait(dice, person, now);
    const what = dice.weigh<string>(wide ? wideDeeds : deeds);
    tally[what] = (tally[what] ?? 0) + 1;
    let seen: Person | undefined;
    try {
      if (wide && glances.chance(0.4)) {
        seen = glances.pick(people);
        await seen.compare(before + Math.floor((now - before) * glances.next()));
        seen = undefined;
      }
      if (what === 'tasks') {
        const names = taskNames.filter(() => dice.chance(0.6)).sort(() => dice.next() - 0.5);
        await program.tasks(
          names,
          people.map(({ id }) => id),
          now,
          { whole: dice.chance(0.7) },
        );
        for (const one of people) one.done.push(`${iso(now)} tasks ${names.join(' ')}`);
        for (person of people) agree('invoices', await person.hear(now), []);
        for (person of people) await person.compare(now);
      } else {
        await act(dice, person, { what, now, world, wide });
        await person.compare(now);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new Finding(tell(error.message, { seed, step, what, now, world, person: seen ?? person }), {
        cause: error,
      });
    }
  }
  return { seed, steps, tally, end: now, done: Object.fromEntries(people.map(({ id, done }) => [id, done])) };
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
