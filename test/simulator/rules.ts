import type { Plan, Rule, World } from './world.ts';

/** What holds on a plan: its limits, and each meter that it does not limit counted per period (R11). */
export function rulesOn(world: World, plan: Plan): Rule[] {
  const bounded = plan.rules
    .filter(({ window, scope }) => window !== 'each' && window !== 'session' && scope === 'customer')
    .map(({ meter }) => meter);
  const counted = world.meters.filter((meter) => !bounded.includes(meter));
  const without = (rule: Pick<Rule, 'meter' | 'window' | 'scope'>): Rule => ({
    ...rule,
    limit: null,
    hard: true,
  });
  // a window without an end that any plan limits is counted on all of them
  const endless = world.plans
    .flatMap(({ rules }) => rules)
    .filter(({ window }) => window === 'lifetime' || window === 'session')
    .filter((rule, n, all) => all.findIndex((other) => isSame(rule, other)) === n)
    .filter((rule) => !plan.rules.some((own) => isSame(rule, own)));
  return [
    ...plan.rules,
    ...counted.map((meter) => without({ meter, window: 'period', scope: 'customer' })),
    ...endless.map(without),
  ];
}

const isSame = (a: Rule, b: Rule): boolean =>
  a.meter.id === b.meter.id && a.window === b.window && a.scope === b.scope;
