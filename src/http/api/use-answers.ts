import * as z from 'zod';
import { decimal, instant, known, maybeDecimal, maybeInstant } from './answers.ts';

/** What is answered of uses and holds, for the document. */
const touchedLimit = known('TouchedLimit', {
  meter: z.string(),
  window: z.string(),
  scope: z.string(),
  used: decimal,
  limit: maybeDecimal.describe('null is unlimited'),
  remaining: maybeDecimal,
  held: decimal.optional().describe('What reservations hold of it'),
  available: maybeDecimal.optional().describe('What is left beside what is held'),
  percent: maybeDecimal,
  window_start: maybeInstant,
  resets_at: maybeInstant,
  requested: decimal.optional(),
  exceeded: z.boolean().optional(),
});

const answerShape = {
  allowed: z
    .boolean()
    .nullable()
    .describe(
      'Whether it may be, and where it was to be recorded or held, was. null in a batch: it is no use at all',
    ),
  reason: z
    .string()
    .nullable()
    .describe(
      'Why not: limit_reached, no_credits, disabled, no_subscription, paused, past_due, no_customer, no_member, model_not_in_plan, unpriced, too_old, in_future; in a batch also invalid and key_conflict',
    ),
  message: z.string().nullable().optional(),
  customer: z.string().nullable(),
  kind: z.string().nullable(),
  at: instant.optional(),
  event_id: z.string().nullable().optional(),
  replayed: z.boolean().optional().describe('The key was known: this is the first answer'),
  cost: maybeDecimal.optional().describe('null where it is not known'),
  unpriced: z.boolean().optional(),
  limits: z.array(touchedLimit).optional(),
  credits: z
    .looseObject({
      used: decimal.optional(),
      balance: maybeDecimal.optional(),
      needed: decimal.optional(),
      resets_at: maybeInstant.optional(),
    })
    .nullable()
    .optional(),
  alerts: z.array(z.looseObject({ meter: z.string(), window: z.string(), threshold: decimal })).optional(),
  meter: z.string().optional().describe('Of a refusal: the limit with the least room'),
  window: z.string().optional(),
  scope: z.string().optional(),
  used: decimal.optional(),
  limit: maybeDecimal.optional(),
  remaining: maybeDecimal.optional(),
  held: decimal.optional(),
  available: maybeDecimal.optional(),
  percent: maybeDecimal.optional(),
  window_start: maybeInstant.optional(),
  requested: decimal.optional(),
  resets_at: maybeInstant.optional(),
  overage: z.boolean().optional(),
  estimated: z.boolean().optional(),
  partial: z.boolean().optional(),
  asked: decimal.optional(),
  quantity: decimal.optional(),
  tier: z.string().optional(),
};

export const useAnswer = known('UseAnswer', answerShape);
export const reservationAnswer = known('HoldAnswer', {
  ...answerShape,
  reservation: z.string().optional().describe('Its id, for settle and release'),
  expires_at: instant.optional(),
});
export const batchAnswer = known('BatchAnswer', {
  recorded: z.int().describe('How many were recorded now or before'),
  refused: z.int().describe('How many were not'),
  answers: z
    .array(
      known('BatchedAnswer', {
        ...answerShape,
        error: z
          .looseObject({ code: z.string(), message: z.string(), hint: z.string().nullable() })
          .optional(),
      }),
    )
    .describe('One for each use, in its place'),
});
export const preflightAnswer = known('PreflightAnswer', {
  allowed: z.boolean().describe('Whether all of them fit together'),
  customer: z.string(),
  at: instant,
  reason: z.string().nullable(),
  message: z.string().nullable(),
  refused_at: z.int().nullable().describe('The first that does not fit, counted from 1'),
  resets_at: maybeInstant,
  uses: z.array(reservationAnswer),
  totals: z.looseObject({
    meters: z.record(z.string(), z.string()),
    credits: decimal,
    cost: decimal,
    unpriced: z.boolean(),
  }),
  reservations: z.array(z.string()),
  expires_at: maybeInstant,
});
export const releaseAnswer = known('ReleaseAnswer', {
  customer: z.string(),
  reservation: z.string(),
  status: z.string().describe('released, or expired where its time was over'),
  ended_at: instant,
  replayed: z.boolean(),
});
