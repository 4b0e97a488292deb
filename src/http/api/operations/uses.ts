import * as z from 'zod';
import { recordUse, checkUse } from '../../../usage/use.ts';
import { preflightUses } from '../../../usage/preflight.ts';
import { recordMany } from '../../../usage/record-many.ts';
import { withoutOwnSession } from '../../../database/own-session.ts';
import { repeatedly } from '../../../database/transaction.ts';
import { batchAnswer, preflightAnswer, useAnswer } from '../use-answers.ts';
import { customerId } from '../fields.ts';
import { calls } from '../needs.ts';
import { nothing, operation } from '../operation.ts';
import { answerUse, refusals } from '../statuses.ts';
import { plannedUse, useBody, useOf } from '../use-body.ts';

const example = {
  customer: 'ada',
  kind: 'llm',
  provider: 'gemini',
  model: 'gemini-2.5-flash',
  input_tokens: 900,
  output_tokens: 400,
};

export const check = operation({
  id: 'check',
  tag: 'Usage',
  method: 'post',
  path: '/v1/check',
  summary: 'Say whether a use would be allowed now',
  description:
    'Writes nothing. The answer is 200 whether or not it is allowed: look at allowed, and at reason where it is false.',
  scope: 'check',
  needs: [calls('check_usage')],
  shape: { params: nothing, query: nothing, body: useBody },
  answer: useAnswer,
  example,
  customers: ({ body }) => [body.customer],
  run: async ({ connection, asOf }, { body }) => ({
    body: await repeatedly(() => checkUse(withoutOwnSession(connection), useOf(body), asOf ?? null)),
  }),
});

export const record = operation({
  id: 'record',
  tag: 'Usage',
  method: 'post',
  path: '/v1/record',
  summary: 'Record one use if limits and credits allow it',
  description:
    'With a key it may be sent again after any failure and is counted once; the answer then says replayed. Without one it is counted each time.',
  scope: 'record',
  needs: [calls('record_usage_json')],
  shape: { params: nothing, query: nothing, body: useBody },
  answer: useAnswer,
  statuses: refusals,
  keyed: true,
  example: { ...example, key: 'request-4711' },
  customers: ({ body }) => [body.customer],
  async run({ connection, asOf, clock }, { body }) {
    const answer = await repeatedly(() =>
      recordUse(withoutOwnSession(connection), useOf(body), asOf ?? null),
    );
    return answerUse(answer, asOf ?? clock());
  },
});

export const recordBatch = operation({
  id: 'recordBatch',
  tag: 'Usage',
  method: 'post',
  path: '/v1/record/batch',
  summary: 'Record up to 1,000 uses, each with an answer of its own',
  description:
    'One that is refused does not stop the others, and the status is 200: count refused. The header Idempotency-Key gives each use without a key one of its own, by its place.',
  scope: 'record',
  needs: [calls('record_usage_many_json')],
  shape: {
    params: nothing,
    query: nothing,
    body: z.strictObject({ uses: z.array(useBody).min(1).max(1000) }),
  },
  answer: batchAnswer,
  keyed: true,
  example: {
    uses: [
      { ...example, key: 'request-4711' },
      { customer: 'ada', kind: 'image', quantity: '2', key: 'request-4712' },
    ],
  },
  customers: ({ body }) => [...new Set(body.uses.map(({ customer }) => customer))],
  async run({ connection, asOf }, { body }) {
    const answers = await repeatedly(() =>
      recordMany(withoutOwnSession(connection), body.uses, asOf ?? null),
    );
    const recorded = answers.filter(({ allowed }) => allowed).length;
    return { body: { recorded, refused: answers.length - recorded, answers } };
  },
});

export const preflight = operation({
  id: 'preflight',
  tag: 'Usage',
  method: 'post',
  path: '/v1/preflight',
  summary: 'Say whether a list of uses fits as a whole',
  description:
    'Each counts for those after it. Writes nothing: to hold them, reserve each. The answer is 200 whether or not they fit.',
  scope: 'check',
  needs: [calls('preflight_usage')],
  shape: {
    params: nothing,
    query: nothing,
    body: z.strictObject({ customer: customerId, uses: z.array(plannedUse).min(1).max(1000) }),
  },
  answer: preflightAnswer,
  example: {
    customer: 'ada',
    uses: [
      { kind: 'search', quantity: '3' },
      { kind: 'llm', quantity: '2', input_tokens: 800 },
    ],
  },
  customers: ({ body }) => [body.customer],
  run: async ({ connection, asOf }, { body: { customer, uses } }) => ({
    body: await repeatedly(() =>
      preflightUses(withoutOwnSession(connection), { customer, uses, now: asOf ?? null }),
    ),
  }),
});
