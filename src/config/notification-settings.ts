import { Failure } from '../domain/failure.ts';
import { parseInteger } from '../domain/integers.ts';

/** How notices leave: by mail, by webhook, by both or not at all, and the folder of an operator's own words. */
export interface NotificationSettings {
  mail:
    | { host: string; port: number; user: string | undefined; password: string | undefined; from: string }
    | undefined;
  webhook: { url: string; secret: string } | undefined;
  templates: string | undefined;
  /** who is told about the installation itself */
  operators: string[];
}

/**
 * Reads them from the settings' texts.
 * @throws Failure config for half a setting: a server without a sender, an address without a secret
 */
export function readNotificationSettings(value: Values): NotificationSettings {
  return {
    mail: readMail(value),
    webhook: readWebhook(value),
    templates: value('notice_templates'),
    operators: readOperators(value),
  };
}

type Values = (
  key:
    | 'smtp_host'
    | 'smtp_port'
    | 'smtp_user'
    | 'smtp_password'
    | 'smtp_from'
    | 'notice_webhook_url'
    | 'notice_webhook_secret'
    | 'notice_templates'
    | 'operator_email',
) => string | undefined;

function readMail(value: Values): NotificationSettings['mail'] {
  const host = value('smtp_host');
  if (!host) return undefined;
  const user = value('smtp_user');
  const from = value('smtp_from') ?? user;
  if (!from?.includes('@'))
    throw new Failure(
      'config',
      `SMTP_HOST is set and nobody is the sender of the mail${from ? `: '${from}' is no address` : ''}`,
      {
        hint: 'Set SMTP_FROM, such as: Billing <billing@example.com>',
      },
    );
  const port = value('smtp_port') ?? '587';
  return {
    ...{ host, user, from, password: value('smtp_password') },
    port: parseInteger(port, { name: 'SMTP_PORT', min: 1, max: 65_535 }),
  };
}

function readOperators(value: Values): string[] {
  const addresses = (value('operator_email') ?? '').split(/[\s,]+/).filter(Boolean);
  const wrong = addresses.find((address) => !/^[^\s@]+@[^\s@]+$/.test(address));
  if (wrong === undefined) return addresses;
  throw new Failure('config', `SUBCTL_OPERATOR_EMAIL has '${wrong}', which is not an e-mail address`, {
    hint: 'Give one such as ops@example.com, or several with commas',
  });
}

function readWebhook(value: Values): NotificationSettings['webhook'] {
  const url = value('notice_webhook_url');
  if (!url) return undefined;
  const secret = value('notice_webhook_secret');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Failure('config', 'SUBCTL_NOTICE_WEBHOOK_URL is no address of a web server', {
      hint: 'Give the whole address: https://example.com/hooks/subctl',
    });
  if (!secret || secret.length < 16)
    throw new Failure(
      'config',
      `The webhook for notices has ${secret ? 'a secret shorter than 16 letters' : 'no secret'}`,
      {
        hint: 'Set SUBCTL_NOTICE_WEBHOOK_SECRET, 16 letters or more: it signs what is sent',
      },
    );
  return { url, secret };
}
