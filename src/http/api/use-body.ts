import * as z from 'zod';
import type { Use } from '../../usage/use.ts';
import { amount, amounts, anything, count, customerId, instant, text } from './fields.ts';

/** What was used, or would be: the amounts. */
export const amountFields = {
  quantity: amount('quantity').optional().describe('How many; 1 unless given'),
  provider: text().optional().describe('Whose model it is'),
  model: text().optional(),
  input_tokens: amount('input_tokens', '900').optional().describe('With the cached ones'),
  output_tokens: amount('output_tokens', '400').optional(),
  cached_tokens: amount('cached_tokens', '0').optional(),
  units: amounts('units').optional().describe('Other amounts: bytes, characters, pages, seconds, words'),
  cost: amount('cost', '0.0125')
    .optional()
    .describe('What it cost, where you know it; else the price list says'),
};

/** What is kept of a call. */
export const callFields = {
  status: text().optional().describe('Of the call; a failed one costs only what cost says'),
  latency_ms: count('latency_ms').optional(),
  endpoint: text(2000).optional(),
  metadata: anything('metadata')
    .optional()
    .describe('Any JSON of your own; what looks like a key or a password is refused'),
};

const whose = {
  kind: text()
    .describe('What was used: llm, image, tts …, or a meter by its id')
    .meta({ examples: ['llm'] }),
  member: text().optional().describe('Which member of the group'),
  session: text().optional().describe('The conversation it belongs to'),
};

const key = text(500)
  .optional()
  .describe(
    'Names this for ever: sent again it is not counted again. The header Idempotency-Key says the same',
  );

const use = z.strictObject({
  customer: customerId,
  ...whose,
  ...amountFields,
  ...callFields,
  at: instant('at').optional().describe('When it happened, up to 35 days ago; now unless given'),
  key,
  already_spent: z.boolean().optional().describe('It has happened: record it beyond limits too, as overage'),
  partial: z.boolean().optional().describe('Take as much of it as fits'),
});

export const useBody = use.meta({ id: 'Use', description: 'One use' });

const held = use.omit({ at: true, already_spent: true, status: true, latency_ms: true });

export const reservationBody = held
  .extend({
    hold: count('hold', { min: 1, max: 604_800 })
      .optional()
      .describe('Seconds that it is held, 900 unless given, at most seven days'),
  })
  .meta({ id: 'Hold', description: 'A use that is about to happen' });

export const plannedUse = held
  .omit({ customer: true, key: true, partial: true })
  .meta({ id: 'PlannedUse', description: 'One use of a list' });

type UseBody = z.output<typeof useBody>;

/** The body in the words of the use cases. */
export function useOf(body: Partial<UseBody> & { customer: string; kind: string }): Use {
  const { input_tokens, output_tokens, cached_tokens, latency_ms, already_spent, ...same } = body;
  return {
    ...same,
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    cachedTokens: cached_tokens,
    latencyMs: latency_ms,
    alreadySpent: already_spent,
  };
}
