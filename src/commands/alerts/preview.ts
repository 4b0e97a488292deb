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
    ['subctl alerts preview', 'list the kinds, and which have a custom template'],
    ['subctl alerts preview limit --html --output limit.html', 'an email, to open in a browser'],
  ],
  exits: [3],
  rows: true,
})
  .description(
    "Renders sample data, or the data of a customer's latest notification. Custom templates are " +
      'files in the folder notice_templates: limit.subject.txt, limit.txt and limit.html. They name ' +
      'fields as {{used}}.',
  )
  .argument('[kind]', 'notification kind: limit, credits, trial_ending, ending, renewal …')
  .option('--customer <customer>', "use the data of this customer's latest notification")
  .option('--html', 'print the HTML of the email instead of its text', false);

/** Renders a notification, or lists the kinds when none is given. */
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
      `There is no notification kind '${kind}'${near ? `, did you mean ${near}?` : ''}`,
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
  throw new Failure('not_found', `${customer} has no notification of kind ${kind}`, {
    hint: 'Omit --customer to use sample data',
  });
}
