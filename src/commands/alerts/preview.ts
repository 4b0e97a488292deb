import { listOutbox } from '../../alerts/list-outbox.ts';
import { Failure } from '../../domain/failure.ts';
import { nearest } from '../../domain/nearest.ts';
import { findNoticeKind, noticeKindNames } from '../../notices/kinds.ts';
import { renderNotice } from '../../notices/render.ts';
import { readTemplates } from '../../notices/templates.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { listKinds } from './list-kinds.ts';
import type { OutboxSpecs } from './outbox-spec.ts';

/** Shows a notice as it reads, or without one which kinds there are. */
export async function run(
  context: Context,
  { kind, customer, html }: InputOf<OutboxSpecs['preview']>,
): Promise<Outcome> {
  const templates = readTemplates((await context.settings()).notices().templates);
  if (kind === undefined) return listKinds(new Set(templates.keys()));
  const about = findNoticeKind(kind);
  if (!about) {
    const near = nearest(kind, noticeKindNames);
    throw new Failure(
      'not_found',
      `There is no kind of notice '${kind}'${near ? `, did you mean ${near}?` : ''}`,
      {
        hint: `Kinds are ${noticeKindNames.join(', ')}`,
      },
    );
  }
  const fields = customer === undefined ? about.fields : await fieldsOf(context, customer, kind);
  const message = renderNotice({ kind, fields }, templates.get(kind));
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
