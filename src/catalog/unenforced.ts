import type { Findings } from './findings.ts';
import { join } from './findings.ts';
import type { Plan } from './catalogue.ts';
import { type Mapping, readMapping, shown } from './read-values.ts';

/**
 * Names what a file says and subctl reads, but does not act on yet, so that nothing is silently ignored. Whoever makes one of these work
 * takes its line out.
 */
export function warnOfUnenforced(findings: Findings, map: Mapping, plans: readonly Plan[]): void {
  warnOfTokenEstimates(findings, map.token_estimates);
  warnOfFreeReset(findings, map.free_model_reset);
  for (const { id, version } of plans) {
    const path = join('plans', id);
    if (version.limits.some(({ enforcement }) => enforcement === 'overage'))
      findings.warn(join(path, 'limits'), 'overage is counted, but not yet charged');
  }
}

/** How tokens are estimated where a provider reports none is built in; only other numbers have no effect. */
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
      findings.warn(join('token_estimates', key), `${shown(map[key])} does nothing: it is always ${builtIn}`);
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
