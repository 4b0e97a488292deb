import Big from 'big.js';
import { expect } from 'vitest';
import { readFeatureWord } from '../../src/catalog/features.ts';
import { readPlanId } from '../../src/catalog/create-plan.ts';
import { parseListen } from '../../src/commands/daemon/listen-address.ts';
import { faultOfId } from '../../src/customers/customer-id.ts';
import { makeCode, plainCode } from '../../src/customers/invitation-code.ts';
import { parseAmount } from '../../src/domain/amounts.ts';
import { readCurrencyCode } from '../../src/domain/currency.ts';
import { formatDuration, parseDuration } from '../../src/domain/durations.ts';
import { parseInstant } from '../../src/domain/instants.ts';
import { parseInteger } from '../../src/domain/integers.ts';
import { formatInterval, parseInterval } from '../../src/domain/intervals.ts';
import { parseKeptJson } from '../../src/domain/kept.ts';
import { hasInvisible, oneLine } from '../../src/domain/plain-text.ts';
import { parseTimezone } from '../../src/domain/timezones.ts';
import { checkUuid } from '../../src/domain/uuids.ts';
import { formatWindow, parseWindow } from '../../src/domain/windows.ts';
import { readExactJson } from '../../src/http/api/exact-json.ts';
import { readValue } from '../../src/keys/key-value.ts';
import { readKeyRing } from '../../src/keys/master-key.ts';
import { readName, readProvider } from '../../src/keys/names.ts';
import { readBaseUrl } from '../../src/keys/set-key.ts';
import { parseTiers } from '../../src/pricing/parse-tiers.ts';
import { checkPrefix, parseRole } from '../../src/roles/role-names.ts';
import { parseFields } from '../../src/terminal/print.ts';
import { calendars } from '../../src/scheduler/render/calendars.ts';
import { parseExpression } from '../../src/scheduler/expression.ts';
import { read } from './refusal.ts';

/** One reader of a text: what to try it with, and what holds of what it accepts. */
export interface Parser {
  /** texts that are right, or nearly */
  seeds: readonly string[];
  parse(text: string): unknown;
  /** what holds of what was accepted: mostly that the value as it is written is read as the same value */
  holds?(value: never, text: string): void;
  share?: number;
}

/** A value that is written and read again is the same value. */
const again =
  (parse: (text: string) => unknown, write: (value: never) => string = String) =>
  (value: never) =>
    expect(parse(write(value))).toEqual(value);

const secret = 'sk-proj-0123456789abcdefghij0123456789';
const masterKey = `smk_${Buffer.from(Array.from({ length: 32 }, (_, n) => n * 7)).toString('base64url')}`;

/** Every reader of a text that people or programs give, by what it reads. */
export const parsers: Record<string, Parser> = {
  amount: {
    seeds: ['12', '-3', '0.0000125', '1.50', '99999999999999999999.999999999999999999', '007', '-0'],
    parse: (text) => parseAmount(text),
    holds: (value: string, text) => {
      again(parseAmount)(value as never);
      expect(new Big(value).eq(text.trim())).toBe(true);
    },
  },
  'whole number': {
    seeds: ['12', '0', '2147483647', '-1', '0012'],
    parse: (text) => parseInteger(text, { min: -5, max: 2 ** 40 }),
    holds: (value: number, text) => {
      expect(Number.isInteger(value) && value >= -5 && value <= 2 ** 40).toBe(true);
      expect(BigInt(value)).toBe(
        BigInt(text.trim().replace('-', '')) * (text.trim().startsWith('-') ? -1n : 1n),
      );
    },
  },
  duration: {
    seeds: ['45s', '90m', '36h', '7d', '2w', '3660d', '000000001s'],
    parse: (text) => parseDuration(text),
    holds: again(parseDuration, formatDuration),
  },
  interval: {
    seeds: ['30d', '2w', '1mo', '1y', '1200mo', '100y', '000030d'],
    parse: (text) => parseInterval(text),
    holds: again(parseInterval, formatInterval),
  },
  window: {
    seeds: [
      'month',
      'week_sunday',
      'period',
      'every_7d',
      'every_1mo',
      'rolling_24h',
      'rolling_31d',
      'session',
      'each',
    ],
    parse: (text) => parseWindow(text),
    holds: again(parseWindow, formatWindow),
  },
  instant: {
    seeds: [
      '2026-01-31',
      '2026-01-31T12:00Z',
      '2026-01-31T12:00:00.123+02:00',
      '2024-02-29 23:59:59',
      '0001-01-01',
      '9999-12-31T23:59:59-14:00',
    ],
    parse: (text) => parseInstant(text),
    holds: (value: Date, text) => {
      expect(parseInstant(value.toISOString())).toEqual(value);
      // a reader that we have not written says the same of what both take
      const whole = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
      if (whole.test(text)) expect(value.getTime()).toBe(Date.parse(text));
    },
  },
  'time zone': {
    seeds: [
      'Europe/Berlin',
      'america/new_york',
      'UTC',
      'Asia/Kolkata',
      'America/Argentina/Buenos_Aires',
      'Etc/UTC',
      '+02:00',
      'CET',
    ],
    parse: (text) => parseTimezone(text),
    holds: (value: string) => {
      expect(parseTimezone(value)).toBe(value);
      expect(() => new Intl.DateTimeFormat('en', { timeZone: value })).not.toThrow();
    },
    share: 0.2,
  },
  currency: { seeds: ['USD', 'EUR', 'jpy', 'US'], parse: (text) => readCurrencyCode(text, 'currency') },
  'cron expression': {
    seeds: [
      '0 2 * * *',
      '*/5 * * * *',
      '30 6 * * 1-5',
      '@daily',
      '0 0 1 JAN ?',
      '5,35 8-18/2 L * *',
      '0 0 15W * *',
      '0 9 * * MON#2',
      '0 9 * * 5L',
      '0 0 29 2 *',
    ],
    parse: (text) => parseExpression(text),
    holds: (value: ReturnType<typeof parseExpression>) => {
      expect(parseExpression(value.text)).toEqual(value);
      for (const calendar of 'value' in read(value.text, () => calendars(value)) ? calendars(value) : [])
        expect(calendar).not.toMatch(/undefined|NaN/);
    },
    share: 0.2,
  },
  UUID: {
    seeds: ['019b76da-a800-7000-8000-000000000001'],
    parse: (text) => checkUuid(text, 'event'),
    holds: again((text) => checkUuid(text, 'event')),
  },
  'id of a customer': {
    seeds: ['ann', 'acme:1', 'Jürgen Müller', '日本', 'a@b', 'x'.repeat(200), 'नमस्ते'],
    parse: (text) => faultOfId(text, { emailAllowed: true }) ?? { accepted: text },
    holds: (value: { accepted?: string }) => {
      if (value.accepted === undefined) return;
      expect(hasInvisible(value.accepted)).toBe(false);
      expect(value.accepted).toBe(oneLine(value.accepted).trim());
      expect(value.accepted.length).toBeGreaterThan(0);
    },
  },
  'invitation code': {
    seeds: [makeCode(), makeCode().toLowerCase(), 'oOlI-1234'],
    parse: (text) => plainCode(text),
    holds: (value: string) => expect(plainCode(value)).toBe(value),
  },
  'id of a plan': { seeds: ['pro', 'pro-2025', 'a_b', '9'], parse: readPlanId, holds: again(readPlanId) },
  feature: {
    seeds: ['sso', 'projects=10', 'projects=unlimited', 'support=email', 'x=1e3', 'a.b:c=true'],
    parse: readFeatureWord,
  },
  'price tier': {
    seeds: ['200000=2.50', '1=0', '128000=0.5'],
    parse: (text) => parseTiers([text, '1000=1'], '1000000'),
  },
  'list of fields': {
    seeds: ['id', 'id,email', ' id , name '],
    parse: parseFields,
    holds: again(parseFields, (fields: string[]) => fields.join()),
  },
  'address to listen at': {
    seeds: ['127.0.0.1:9464', '9464', '[::1]:80', 'localhost:0', 'none'],
    parse: parseListen,
  },
  role: { seeds: ['admin', 'reader', 'app'], parse: parseRole },
  'prefix of roles': { seeds: ['subctl', 'a_1', 'pg_x'], parse: checkPrefix },
  'name of a key': { seeds: ['openai', 'openai-batch', 'a.b', secret], parse: readName },
  'provider of a key': {
    seeds: ['openai', 'anthropic', 'fal', 'other'],
    parse: (text) => readProvider('x', text),
  },
  'value of a key': {
    seeds: [secret, `  ${secret}\n`, '{"type":"service_account"}', 'OPENAI=x'],
    parse: readValue,
    holds: again(readValue),
  },
  'master key': {
    seeds: [masterKey, `${masterKey}, ${'ab'.repeat(32)}`, `${masterKey}\n${masterKey}`],
    parse: (text) => readKeyRing(text, 'the test').first.id,
  },
  'base URL of a provider': {
    seeds: ['https://api.openai.com/v1', 'http://127.0.0.1:1234/', 'https://u:p@x.example'],
    parse: readBaseUrl,
    holds: again(readBaseUrl),
  },
  'JSON that is kept': {
    seeds: [
      '{"team":"red"}',
      '{"a":[1,2.5,{"b":null}]}',
      '{"n":123456789012345678}',
      '{"a":"\\u0000"}',
      '{"a":"\\ud83d\\ude00"}',
    ],
    parse: (text) => parseKeptJson(text, 'metadata'),
    holds: (value: unknown, text) => expect(value).toEqual(JSON.parse(text)),
  },
  'JSON body': {
    seeds: [
      '{"customer":"ann","kind":"llm","quantity":1.50}',
      '{"a":[1e3,-0,0.1]}',
      '{"a":{"b":{"c":[]}}}',
      '{"x":1,"x":2}',
      '[]',
      '"\\ud83d\\ude00"',
    ],
    parse: readExactJson,
    // what we take is JSON to the reader that JavaScript has
    holds: (_: unknown, text) => expect(() => JSON.parse(text) as unknown).not.toThrow(),
  },
};
