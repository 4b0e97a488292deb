import { Failure } from '../domain/failure.ts';
import { nearest, slipsBetween } from '../domain/nearest.ts';
import type { Program, Verb } from './program-types.ts';
import { findFacts } from './facts.ts';

/** Common synonyms, each with the command that it stands for: the words after `subctl`. */
export const synonyms: Readonly<Record<string, string>> = {
  backup: 'db backup',
  billing: 'invoices',
  budget: 'limits',
  cancel: 'subscriptions cancel',
  charge: 'invoices charge',
  cost: 'usage-report costs',
  costs: 'usage-report costs',
  coupon: 'discounts',
  coupons: 'discounts',
  cron: 'schedule',
  dashboard: 'usage-report dashboard',
  downgrade: 'assign',
  erase: 'customers erase',
  events: 'usage events',
  export: 'customers export',
  gdpr: 'customers export',
  health: 'doctor',
  history: 'audit list',
  init: 'setup',
  install: 'setup',
  log: 'audit list',
  migrate: 'setup',
  mrr: 'usage-report revenue',
  notifications: 'alerts',
  pause: 'subscriptions pause',
  promo: 'discounts',
  quota: 'limits',
  record: 'usage record',
  refund: 'invoices refund',
  renew: 'handle-renewals',
  report: 'usage-report',
  reports: 'usage-report',
  reserve: 'usage reserve',
  restore: 'db restore',
  revenue: 'usage-report revenue',
  status: 'doctor',
  subs: 'subscriptions',
  subscription: 'subscriptions',
  upgrade: 'assign',
  users: 'customers',
  webhook: 'stripe webhook',
};

/** The failure for an unknown command: suggests the command of a synonym, or the nearest one. */
export async function unknownCommand(argv: readonly string[], program: Program): Promise<Failure> {
  const words = argv.filter((word) => !word.startsWith('-'));
  const noun = words.find((word) => word in program);
  const verbs = noun === undefined ? undefined : program[noun];
  const [at, word] =
    verbs && 'verbs' in verbs
      ? [noun, words[words.indexOf(noun!) + 1] ?? '']
      : [undefined, words.find((one) => !(one in program)) ?? ''];
  const page = ['subctl', at, '--help'].filter(Boolean).join(' ');
  const meant = at === undefined ? synonyms[word.toLowerCase()] : undefined;
  const known: Readonly<Record<string, Verb | object>> = verbs && 'verbs' in verbs ? verbs.verbs : program;
  const near = meant === undefined ? await nearestThatIsSafe(word, known) : undefined;
  const nearest = near && `Did you mean: subctl ${[at, near].filter(Boolean).join(' ')}`;
  const hint = meant ? `See: subctl ${meant} --help` : (nearest ?? `See: ${page}`);
  return new Failure('usage', `Unknown command '${[at, word].filter(Boolean).join(' ')}'`, { hint });
}

/** The nearest name. A command that writes is suggested only at an edit distance of 1. */
async function nearestThatIsSafe(
  word: string,
  known: Readonly<Record<string, Verb | object>>,
): Promise<string | undefined> {
  const near = nearest(word, Object.keys(known));
  if (near === undefined || slipsBetween(word.toLowerCase(), near) <= 1) return near;
  const verb = known[near]!;
  return 'load' in verb && findFacts((await verb.load()).command).writes ? undefined : near;
}
