import { Failure } from '../../domain/failure.ts';
import type { Channel } from '../../notifications/notification.ts';
import { renderNotification } from '../../notifications/render.ts';
import { uuid7 } from '../../database/uuid7.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl alerts test --to you@example.com', 'an email and a webhook call'],
    ['subctl alerts test --to you@example.com --json', 'as JSON'],
  ],
  rows: true,
}).option('--to <address>', 'recipient of the email');

/** Sends a test through every channel and prints the results. */
export async function run(context: Context, { to }: Options<typeof command>): Promise<Outcome> {
  const { channels, templates } = await (await context.services()).outbox();
  if (channels.length === 0)
    throw new Failure('config', 'Neither a mail server nor a webhook is configured', {
      hint: 'Set SMTP_HOST and SMTP_FROM, or SUBCTL_NOTICE_WEBHOOK_URL and SUBCTL_NOTICE_WEBHOOK_SECRET',
    });
  if (channels.some(({ name }) => name === 'email') && !to?.includes('@'))
    throw new Failure('usage', to ? `'${to}' is not an email address` : 'The email has no recipient', {
      hint: 'Give --to you@example.com',
    });
  const at = await context.now();
  const fields = { customer: 'test', at: at.toISOString() };
  const notification = { id: uuid7(at), customer: 'test', kind: 'test', at, fields };
  const message = renderNotification(notification, templates.get('test'));
  const send = async (channel: Channel) => {
    const error = await channel
      .send(notification, message, { emails: to ? [to] : [] })
      .then(() => null, messageOf);
    return { channel: channel.name, sent: error === null, error };
  };
  const rows = await Promise.all(channels.map(send));
  const failed = rows.some(({ sent }) => !sent);
  return {
    columns: [{ key: 'channel' }, { key: 'sent' }, { key: 'error', optional: true }],
    rows,
    ...(failed && { exit: 'unavailable' as const }),
  };
}

function messageOf(error: unknown): string {
  if (error instanceof Failure) return error.message;
  throw error;
}
