import { fallbackWord, limitWord, moneyWord } from '../../catalog/describe-plan.ts';
import { planJson } from '../../catalog/plan-json.ts';
import { showPlan } from '../../catalog/show-plan.ts';
import type { Outcome, Section } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { termsOf } from './terms.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl plans show pro', 'current and earlier versions'],
    ['subctl plans show pro --version 1 --json', 'one version, as JSON'],
  ],
  exits: [3],
  rows: true,
  parts: ['versions'],
})
  .argument('<plan>', 'id of the plan')
  .option('--version <number>', 'only this version', integer({ min: 1 }));

/** Prints a plan and its versions, newest first. */
export async function run(
  context: Context,
  id: string,
  { version: number }: Options<typeof command>,
): Promise<Outcome> {
  const shown = await showPlan(await context.database(), { id, number });
  const { plan, versions } = shown;
  const sections: Section[] = versions.flatMap((version) => [
    {
      title: `Version ${version.number}${version.isCurrent ? ', current' : ''}: ${version.subscribers} subscribers`,
      entries: [
        ...version.prices.map(
          ({ interval, currency, amount }) =>
            [
              `price per ${interval}`,
              amount === null ? 'complimentary' : `${moneyWord(amount, currency)} ${currency}`,
            ] as const,
        ),
        ...termsOf(version),
      ],
    },
    ...(version.limits.length === 0
      ? []
      : [
          {
            columns: [
              { key: 'meter' },
              { key: 'window' },
              { key: 'scope', optional: true },
              { key: 'limit', align: 'right' as const },
            ],
            rows: version.limits.map((limit) => ({ ...limit, limit: limitWord(limit) })),
          },
        ]),
  ]);
  const head: Section = {
    title: `Plan ${plan.id}`,
    entries: [
      ['name', plan.name],
      ...(plan.description === null ? [] : [['description', plan.description] as const]),
      ['rank', plan.rank ?? 'none'],
      ['active', plan.active ? 'yes' : 'no'],
      ['default', plan.isDefault ? 'yes' : 'no'],
      ['fallback', fallbackWord(plan)],
      ...plan.creditCosts.map(({ kind, amount }) => [`credits for ${kind}`, amount] as const),
    ],
  };
  return { record: planJson(shown), sections: [head, ...sections] };
}
