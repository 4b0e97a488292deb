import { listOutbox } from '../../notifications/list-outbox.ts';
import { Failure } from '../../domain/failure.ts';
import { nearest } from '../../domain/nearest.ts';
import { findNotificationKind, notificationKindNames } from '../../notifications/kinds.ts';
import { renderNotification } from '../../notifications/render.ts';
import { readTemplates } from '../../notifications/templates.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { listKinds } from './list-kinds.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl alerts preview', 'which kinds there are, and which of them have words of yours'],
    ['subctl alerts preview limit --html --output limit.html', 'a mail, to open in a browser'],
  ],
  exits: [3],
  rows: true,
})
  .description(
    'With made-up facts, or with those of the latest one of a customer. The words are yours where the ' +
      'folder notice_templates has files such as limit.subject.txt, limit.txt and limit.html, which ' +
      'name fields as {{used}}.',
  )
  .argument('[kind]', 'what it is about: limit, credits, trial_ending, ending, renewal …')
  .option('--customer <customer>', 'with the facts of the latest one of this customer')
  .option('--html', 'the page of the mail in place of its text', false);

/** Shows a notice as it reads, or without one which kinds there are. */
export async function run(
  context: Context,
  kind: string | undefined,
  { customer, html }: Options<typeof command>,
): Promise<Outcome> {
  const templates = readTemplates((await context.settings()).notifications().templates);
  if (kind === undefined) return listKinds(new Set(templates.keys()));
  const about = findNotificationKind(kind);
  if (!about) {
    const near = nearest(kind, notificationKindNames);
    throw new Failure(
      'not_found',
      `There is no kind of notice '${kind}'${near ? `, did you mean ${near}?` : ''}`,
      {
        hint: `Kinds are ${notificationKindNames.join(', ')}`,
      },
    );
  }
  const fields = customer === undefined ? about.fields : await fieldsOf(context, customer, kind);
  const message = renderNotification({ kind, fields }, templates.get(kind));
  const text = html ? message.html : `Subject: ${message.subject}\n\n${message.text}`;
  return { text, json: { kind, ...message, fields } };
}

async function fieldsOf(context: Context, customer: string, kind: string): Promise<Record<string, string>> {
  const [latest] = await listOutbox(await context.database(), { customer, kind, limit: 1 });
  if (latest) return latest.fields;
  throw new Failure('not_found', `${customer} was never to be told of ${kind}`, {
    hint: 'Leave --customer away for one with made-up facts',
  });
}
