import { expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';
import { inParameters, variablesOf, withoutNotes } from './sql-text.ts';

/** Files that do not keep all rules yet. Take a file out when it does: the test fails until the list says what is so. */
const notYet: readonly string[] = [];

/** Called with named arguments by applications and operators: docs/usage.md. */
const calledByName = new Set([
  'check_usage',
  'create_customer',
  'explain_use',
  'preflight_usage',
  'record_usage',
  'record_usage_json',
  'reserve_usage',
  'reverse_usage',
  'settle_usage',
  'suggest_plan',
]);

/** Have more parameters than six, all named, and no composite type that says them yet. */
const manyParameters = new Set([
  'anchored_window',
  'burn_credits',
  'customer_audit_entry',
  'cycle_around',
  'end_subscriptions',
  'explain_limit',
  'grant_credits',
  'issue_invoices',
  'limit_json',
  'limit_window',
  'live_reservations',
  'move_usage',
  'pay_invoice',
  'price_usage',
  'priced_usage_content',
  'reopen_window',
  'rerate_usage',
  'reservations_free_at',
  'reserved_usage',
  'rolling_frees',
  'rolling_fullest',
  'rolling_room_at',
  'settle_charge',
  'start_refund',
  'start_subscriptions',
]);

const unplain =
  /\b(nobody|whoever|anew|ought to|keeps quiet|says it all|let go of|falls to|none of its own)\b/i;

const breaks: Record<string, (text: string, name: string) => boolean> = {
  'at most 150 lines': (text) => text.trimEnd().split('\n').length > 150,
  'at most 120 columns': (text) => text.split('\n').some((line) => line.length > 120),
  'no #variable_conflict': (text) => text.includes('#variable_conflict'),
  'no $n above 3': (text) => [...withoutNotes(text).matchAll(/\$(\d+)/g)].some(([, n]) => Number(n) > 3),
  'no one-letter variable': (text) =>
    [...inParameters(text), ...variablesOf(text)].some((variable) => variable.length === 1),
  'at most 6 parameters': (text, name) =>
    inParameters(text).length > 6 && !calledByName.has(name) && !manyParameters.has(name),
  'a header in plain words': (text) => {
    const header = /^(--.*\n)+/.exec(text)?.[0] ?? '';
    return header.length < 20 || unplain.test(header.replace(/\n-- ?/g, ' '));
  },
};

const files = filesIn('drizzle/engine', '.sql').map((file) => ({
  name: /([^/]+)\.sql$/.exec(file)![1]!,
  text: textOf(file),
}));

const broken = files.map(({ name, text }) => ({
  name,
  rules: Object.keys(breaks).filter((rule) => breaks[rule]!(text, name)),
}));

it('the SQL of drizzle/engine keeps the rules of style', () => {
  const found = broken.filter(({ name, rules }) => rules.length > 0 && !notYet.includes(name));
  expect(found.map(({ name, rules }) => `${name}: ${rules.join(', ')}`)).toEqual([]);
});

it('no file is on the list of those that do not that keeps them all', () => {
  const mended = notYet.filter((name) => !broken.some((file) => file.name === name && file.rules.length > 0));
  const few = files.filter(({ name, text }) => manyParameters.has(name) && inParameters(text).length <= 6);
  expect([...mended, ...few.map(({ name }) => name)], 'Take these off the list').toEqual([]);
});
