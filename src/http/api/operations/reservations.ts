import * as z from 'zod';
import { withoutOwnSession } from '../../../database/own-session.ts';
import { repeatedly } from '../../../database/transaction.ts';
import { releaseReservation, reserveUse, settleUse } from '../../../usage/reserve.ts';
import { reservationAnswer, releaseAnswer } from '../use-answers.ts';
import { customerId } from '../fields.ts';
import { calls } from '../needs.ts';
import { nothing, operation } from '../operation.ts';
import { answerUse, refusals } from '../statuses.ts';
import { amountFields, callFields, reservationBody, useOf } from '../use-body.ts';

const reservation = z
  .uuid()
  .describe('What reserve answered')
  .meta({ examples: ['019b76da-a800-7000-8000-000000000002'] });
const example = { customer: 'ada', reservation: '019b76da-a800-7000-8000-000000000002' };

export const reserve = operation({
  id: 'reserve',
  tag: 'Holds',
  method: 'post',
  path: '/v1/reserve',
  summary: 'Hold an amount while a call runs',
  description:
    'Decides as record does; what is held counts as used for everybody until it is settled, released or its time is over.',
  scope: 'record',
  needs: [calls('reserve_usage')],
  shape: { params: nothing, query: nothing, body: reservationBody },
  answer: reservationAnswer,
  statuses: refusals,
  keyed: true,
  example: {
    customer: 'ada',
    kind: 'llm',
    input_tokens: 900,
    output_tokens: 4000,
    hold: 300,
    key: 'call-81',
  },
  customers: ({ body }) => [body.customer],
  async run({ connection, asOf, clock }, { body }) {
    const { hold = 900, ...use } = body;
    const answer = await repeatedly(() =>
      reserveUse(withoutOwnSession(connection), { ...useOf(use), holdSeconds: hold }, asOf ?? null),
    );
    return answerUse(answer, asOf ?? clock());
  },
});

export const settle = operation({
  id: 'settle',
  tag: 'Holds',
  method: 'post',
  path: '/v1/settle',
  summary: 'Record what was held, at the true amounts',
  description:
    'Once: sent again with the same amounts it gives the same answer. What is not given is what was held; beyond a limit it counts as overage.',
  scope: 'record',
  needs: [calls('settle_usage')],
  shape: {
    params: nothing,
    query: nothing,
    body: z.strictObject({ customer: customerId, reservation, ...amountFields, ...callFields }),
  },
  answer: reservationAnswer,
  statuses: { 404: 'There is no such reservation', 409: 'It was settled with other amounts, or released' },
  example: { ...example, input_tokens: 912, output_tokens: 377 },
  customers: ({ body }) => [body.customer],
  async run({ connection, asOf }, { body }) {
    const {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cached_tokens: cachedTokens,
      latency_ms: latencyMs,
      ...same
    } = body;
    const settlement = { ...same, inputTokens, outputTokens, cachedTokens, latencyMs };
    return {
      body: await repeatedly(() => settleUse(withoutOwnSession(connection), settlement, asOf ?? null)),
    };
  },
});

export const release = operation({
  id: 'release',
  tag: 'Holds',
  method: 'post',
  path: '/v1/release',
  summary: 'Let go of what is held: the call was not made',
  description: 'Released again it says the same.',
  scope: 'record',
  needs: [calls('release_usage')],
  shape: { params: nothing, query: nothing, body: z.strictObject({ customer: customerId, reservation }) },
  answer: releaseAnswer,
  statuses: { 404: 'There is no such reservation', 409: 'It was settled' },
  example,
  customers: ({ body }) => [body.customer],
  run: async ({ connection, asOf }, { body }) => ({
    body: await repeatedly(() => releaseReservation(withoutOwnSession(connection), body, asOf ?? null)),
  }),
});
