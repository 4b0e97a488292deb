import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';
import { readWebhook } from '../../src/payments/stripe-webhook.ts';

const secret = 'whsec_test';
const now = new Date('2026-11-30T12:00:00Z');
const seconds = now.getTime() / 1000;
const old = seconds - 30 * 86_400;
const event = {
  ...{ id: 'evt_h3', object: 'event', type: 'customer.updated', created: 1_764_547_200, livemode: false },
  data: { object: { id: 'cus_1', object: 'customer' } },
};
const text = JSON.stringify(event);
const sign = (time: string | number, body = text, key = secret) =>
  createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
const read = (signature: string, body = text) =>
  readWebhook({ body: Buffer.from(body), signature }, { secrets: ['whsec_other', secret], live: false, now });
const refusal = (signature: string, body = text): string => {
  try {
    return `accepted ${read(signature, body).id}`;
  } catch (error) {
    if (error instanceof Failure) return error.kind;
    throw error;
  }
};
const signed = (body: object) =>
  refusal(`t=${seconds},v1=${sign(seconds, JSON.stringify(body))}`, JSON.stringify(body));

describe('H3: the time that is checked for its age is the time that was signed', () => {
  it('H3: an old delivery stays refused with a second time before or behind its own', () => {
    expect(refusal(`t=${old},v1=${sign(old)}`)).toBe('refused');
    expect(refusal(`t=${seconds},t=${old},v1=${sign(old)}`)).toBe('refused');
    expect(refusal(`t=${old},v1=${sign(old)},t=${seconds}`)).toBe('refused');
    expect(refusal(`t=${seconds},v1=${sign(old)}`)).toBe('refused');
    expect(refusal(`t=${seconds},v1=${sign(seconds)}`)).toBe('accepted evt_h3');
    expect(refusal(`v1=${sign(seconds)},v0=x,t=${seconds},v1=${sign(seconds, 'other')}`)).toBe(
      'accepted evt_h3',
    );
  });

  it('H3: whatever stands in the header, what is accepted has one time, which is young and signed', () => {
    const time = fc.constantFrom(
      seconds,
      old,
      seconds - 300,
      seconds - 301,
      seconds + 301,
      ` ${seconds}`,
      '',
      `+${seconds}`,
      `0${seconds}`,
    );
    const part = fc.oneof(
      time.map((at) => `t=${at}`),
      time.map((at) => `v1=${sign(at)}`),
      time.map((at) => `v1= ${sign(at)}`),
      fc.constantFrom(
        'v1=',
        'v1',
        't',
        '',
        'v0=abc',
        `v1=${sign(seconds).toUpperCase()}`,
        `T=${seconds}`,
        't=1=2',
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom(',', ', ', ',,'), (parts, comma) => {
        const header = parts.join(comma);
        if (refusal(header) !== 'accepted evt_h3') return;
        const times = header.split(',').filter((each) => each.startsWith('t='));
        expect(times).toHaveLength(1);
        const at = times[0]!.slice(2);
        expect(Math.abs(Number(at) - seconds)).toBeLessThanOrEqual(300);
        expect(header.split(',')).toContain(`v1=${sign(at)}`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('H5, H20: what is no signature and no event is refused, and is no bug', () => {
  it('H5: a signature that is empty, of a wrong length or of other signs is refused', () => {
    for (const v1 of ['', 'ab', 'zz'.repeat(32), sign(seconds).slice(1), `${sign(seconds)}0`, 'é'.repeat(64)])
      expect(refusal(`t=${seconds},v1=${v1}`), v1).toBe('refused');
  });

  it.each([9007199254740991, -9007199254740991, -1, 253_402_300_800, 1.5, '2026', null])(
    'H5: an event of the time %s is no event',
    (created) => expect(signed({ ...event, created })).toBe('usage'),
  );

  it.each([
    ['an id in a list', { id: ['evt_h20'] }],
    ['a type in a list', { type: ['customer.updated'] }],
    ['no object', { data: { object: null } }],
    ['an object that is text', { data: { object: 'x' } }],
    ['no data', { data: null }],
    ['a mode that is text', { livemode: 'false' }],
  ])('H20: %s is no event', (_what, change) => expect(signed({ ...event, ...change })).toBe('usage'));

  it('H20: an account that is no text is another account', () =>
    expect(signed({ ...event, account: ['acct_1'] })).toBe('refused'));

  it('S8: a thin event is an event, of this account alone', () => {
    const thin = {
      ...{
        id: 'evt_test_65R',
        object: 'v2.core.event',
        livemode: false,
        created: '2026-11-30T11:59:00.134Z',
      },
      type: 'v1.billing.meter.error_report_triggered',
    };
    expect(signed({ ...thin, context: null })).toBe('accepted evt_test_65R');
    expect(signed({ ...thin, context: 'acct_2' })).toBe('refused');
    expect(signed({ ...thin, created: 'yesterday' })).toBe('usage');
  });
});
