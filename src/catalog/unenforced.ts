import type { Findings } from './findings.ts';
import { join } from './findings.ts';
import type { Plan } from './catalogue.ts';
import { type Mapping, readMapping, shown } from './read-values.ts';

/**
 * Names what a file says and subctl reads, but does not act on yet, so that nothing is silently ignored. Whoever makes one of these work
 * takes its line out.
 */
export function warnOfUnenforced(findings: Findings, map: Mapping, plans: readonly Plan[]): void {
  for (const key of ['estimate_tokens', 'token_estimates'])
    if (map[key] !== undefined)
      findings.warn(
        key,
        `${shown(map[key])} is not applied yet: usage must be recorded with its own token numbers`,
      );
  warnOfFreeReset(findings, map.free_model_reset);
  for (const { id, version } of plans) {
    const path = join('plans', id);
    if (version.maxUsers !== null)
      findings.warn(join(path, 'max_users'), `${version.maxUsers} is kept, but seats are not counted yet`);
    if (version.prorationMeter !== null)
      findings.warn(
        join(path, 'proration_meter'),
        `${version.prorationMeter} is kept, but plan changes are not prorated yet`,
      );
    if (version.limits.some(({ enforcement }) => enforcement === 'overage'))
      findings.warn(join(path, 'limits'), 'overage is counted, but not yet charged');
  }
}

/** Allowances of free models always renew with the calendar month. */
function warnOfFreeReset(findings: Findings, value: unknown): void {
  const map = readMapping(findings, 'free_model_reset', value);
  if (value !== undefined && (map.every !== 'month' || (map.day ?? '1') !== '1'))
    findings.warn(
      'free_model_reset',
      `${shown(value)} does nothing: allowances of free models renew with the calendar month`,
    );
}
