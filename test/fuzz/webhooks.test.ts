import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createdOf, readWebhook } from '../../src/payments/stripe-webhook.ts';
import { inputs, patience, runs } from './inputs.ts';
import { around } from './nasty.ts';
import { read } from './refusal.ts';

vi.setConfig({ testTimeout: patience });
const secret = 'whsec_test';
const now = new Date('2026-11-30T12:00:00Z');
const at = now.getTime() / 1000;
const bodies = [
  {
    id: 'evt_1',
    object: 'event',
    type: 'invoice.paid',
    created: at,
    livemode: false,
    data: { object: { id: 'in_1', object: 'invoice' } },
  },
  {
    id: 'evt_2',
    object: 'v2.core.event',
    type: 'v1.billing.meter.error_report_triggered',
    created: '2026-11-30T11:59:59.000Z',
    livemode: false,
    context: null,
  },
  {
    id: 'evt_3',
    object: 'event',
    type: 'x',
    created: 0,
    livemode: true,
    account: 'acct_1',
    data: { object: {} },
  },
].map((event) => JSON.stringify(event));
const sign = (body: string, time: number | string) =>
  createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
const take = (body: string, signature: string | undefined) =>
  readWebhook({ body: Buffer.from(body), signature }, { secrets: ['whsec_other', secret], live: false, now });

test(`a webhook that Stripe signed: ${inputs()} bodies: it is an event of this account and mode, or refused`, () => {
  fc.assert(
    fc.property(around(bodies), (body) => {
      const found = read(body, () => take(body, `t=${at},v1=${sign(body, at)}`));
      if ('refused' in found) {
        expect(['usage', 'refused']).toContain(found.refused.kind);
        return;
      }
      const { id, livemode } = found.value;
      expect(id).toMatch(/^evt_\w{1,200}$/);
      expect(livemode).toBe(false);
      expect(Number.isNaN(createdOf(found.value).getTime())).toBe(false);
    }),
    { ...runs(), examples: bodies.map((body): [string] => [body]) },
  );
});

test(`a header that nobody signed: ${inputs()} headers: what is taken is signed, and not long ago`, () => {
  const [body] = bodies as [string, ...string[]];
  const seeds = [
    `t=${at},v1=${sign(body, at)}`,
    `t=${at - 301},v1=${sign(body, at - 301)}`,
    `v1=${sign(body, at)},t=${at},v0=x`,
    `t=${at}`,
    `v1=${sign(body, at)}`,
  ];
  fc.assert(
    fc.property(around(seeds), (header) => {
      const found = read(header, () => take(body, header));
      if ('refused' in found) return;
      const times = header.split(',').filter((part) => part.startsWith('t='));
      expect(times).toHaveLength(1);
      const time = times[0]!.slice(2);
      expect(header.split(',')).toContain(`v1=${sign(body, time)}`);
      expect(Math.abs(Number(time) - at)).toBeLessThanOrEqual(300);
    }),
    { ...runs(), examples: seeds.map((header): [string] => [header]) },
  );
});
