import { createTransport } from 'nodemailer';
import { Failure } from '../domain/failure.ts';
import type { Channel } from './notification.ts';

export interface MailServer {
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  /** the sender's address */
  from: string;
}

/**
 * Sends email through an SMTP server: TLS from the start on port 465, else STARTTLS where the server offers it, and always before a
 * password. Each notification keeps its Message-ID, so that a mailbox can recognize a duplicate. When the program dies between the
 * server's acceptance and the commit, the email is sent twice; SMTP offers no way to prevent that.
 */
export function openEmail({ host, port, user, password, from }: MailServer): Channel {
  const transport = createTransport({
    ...{ host, port, secure: port === 465, requireTLS: port !== 465 && user !== undefined },
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    ...{
      pool: true,
      maxConnections: 2,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  return {
    name: 'email',
    async send({ id, kind, customer }, { subject, text, html }, { emails }) {
      if (emails.length === 0) throw new Failure('refused', `${customer} has no email address`);
      try {
        await transport.sendMail({
          ...{ from, to: emails.map((address) => ({ name: '', address })), subject, text, html },
          messageId: `<${id}@subctl.${domainOf(from)}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Subctl-Notice': kind },
        });
      } catch (error) {
        throw failureOf(error, host);
      }
    },
    close: () => Promise.resolve(transport.close()),
  };
}

function domainOf(address: string): string {
  return /@([a-z0-9.-]+)>?\s*$/i.exec(address)?.[1] ?? 'localhost';
}

/** A permanent refusal (5xx at RCPT or DATA) will be repeated; any other failure is worth another try. */
function failureOf(error: unknown, host: string): Failure {
  const {
    responseCode = 0,
    command = '',
    message,
    code,
  } = error as Error & {
    responseCode?: number;
    command?: string;
    code?: string;
  };
  const forGood = responseCode >= 500 && /^(RCPT TO|DATA|MAIL FROM)$/.test(command);
  const what = code === 'EAUTH' ? `The mail server ${host} does not accept the user and password` : message;
  return new Failure(forGood ? 'refused' : 'unavailable', what, { cause: error });
}
