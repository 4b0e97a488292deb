import type { Findings } from './findings.ts';
import { join } from './findings.ts';
import type { Plan } from './catalogue.ts';
import { type Mapping, readMapping, shown } from './read-values.ts';

/**
 * Warns about values that subctl reads but does not act on yet, so that nothing is silently ignored. Remove the line of a value that takes
 * effect.
 */
export function warnOfUnenforced(findings: Findings, map: Mapping, plans: readonly Plan[]): void {
  warnOfTokenEstimates(findings, map.token_estimates);
  warnOfFreeReset(findings, map.free_model_reset);
  for (const { id, version } of plans) {
    const path = join('plans', id);
    if (version.limits.some(({ enforcement }) => enforcement === 'overage'))
      findings.warn(join(path, 'limits'), 'overage is counted but not yet charged');
  }
}

/** The estimates of tokens are built in; only other numbers have no effect. */
const tokenEstimates: Record<string, string> = {
  llm: 'provider_reported',
  stt_bytes_per_token: '16000',
  tts_tokens_per_character: '2',
};

function warnOfTokenEstimates(findings: Findings, value: unknown): void {
  const map = readMapping(findings, 'token_estimates', value);
  findings.unknownKeys('token_estimates', map, Object.keys(tokenEstimates));
  for (const [key, builtIn] of Object.entries(tokenEstimates))
    if (map[key] !== undefined && map[key] !== builtIn)
      findings.warn(
        join('token_estimates', key),
        `${shown(map[key])} has no effect: it is always ${builtIn}`,
      );
}

/** Allowances of free models always renew with the calendar month. */
function warnOfFreeReset(findings: Findings, value: unknown): void {
  const map = readMapping(findings, 'free_model_reset', value);
  if (value !== undefined && (map.every !== 'month' || (map.day ?? '1') !== '1'))
    findings.warn(
      'free_model_reset',
      `${shown(value)} has no effect: allowances of free models renew with the calendar month`,
    );
}
