import type { Plan } from './catalogue.ts';
import { type Findings, join } from './findings.ts';
import { readCreditCosts } from './read-credits.ts';
import { type PlanDefaults, readVersion, versionKeys } from './read-version.ts';
import { isId, readCount, readFlag, readMapping, readName, readText, shown } from './read-values.ts';

const keys = ['name', 'description', 'rank', 'active', 'fallback', 'credit_costs', ...versionKeys];

/** Reads one entry of `plans:`. */
export function readPlan(
  findings: Findings,
  id: string,
  value: unknown,
  { defaults, defaultPlan }: { defaults: PlanDefaults; defaultPlan: string | undefined },
): Plan {
  const path = join('plans', id);
  const map = readMapping(findings, path, value);
  if (!isId(id, false))
    findings.refuse(
      path,
      `${shown(id)} is not an id`,
      'Plan ids have small letters, digits, dashes and underscores',
    );
  findings.unknownKeys(path, map, keys);
  const active = readFlag(findings, join(path, 'active'), map.active);
  if (active === false && id === defaultPlan) findings.refuse(path, 'the default plan is not active');
  return {
    id,
    name: readName(findings, join(path, 'name'), map.name) ?? id,
    description: readText(findings, join(path, 'description'), map.description) ?? null,
    rank: readCount(findings, join(path, 'rank'), map.rank) ?? null,
    active,
    isDefault: defaultPlan === undefined ? undefined : id === defaultPlan,
    ...readFallback(findings, join(path, 'fallback'), map.fallback),
    creditCosts: readCreditCosts(findings, join(path, 'credit_costs'), map.credit_costs, {
      kinds: defaults.kinds,
    }),
    version: readVersion(findings, path, map, defaults),
  };
}

/** The plan that follows when a subscription ends: `plan:<id>`, `default` or `none`. */
export function readFallback(
  findings: Findings,
  path: string,
  value: unknown,
): Pick<Plan, 'fallback' | 'fallbackPlanId'> {
  const text = readText(findings, path, value) ?? 'default';
  if (text === 'default' || text === 'none') return { fallback: text, fallbackPlanId: null };
  const plan = /^plan:(.+)$/.exec(text)?.[1];
  if (plan === undefined || !isId(plan, false))
    findings.refuse(path, `${shown(text)} is not a fallback`, 'Write plan:<id>, default or none');
  return { fallback: 'plan', fallbackPlanId: plan ?? null };
}
