import { SMTPServer } from 'smtp-server';

export interface CaughtMail {
  to: string[];
  /** the whole message as it came */
  text: string;
}

export interface MailServer {
  port: number;
  mails: CaughtMail[];
  /** how the next mails are answered: `take` until told otherwise */
  answer: (to: string) => 'take' | 'later' | 'never';
  close(): Promise<void>;
}

/** A real SMTP server on loopback that keeps what it takes. */
export async function startMailServer(): Promise<MailServer> {
  const held: MailServer = { port: 0, mails: [], answer: () => 'take', close: () => Promise.resolve() };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _, done) {
      const answer = held.answer(address);
      if (answer === 'never') return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
      if (answer === 'later') return done(Object.assign(new Error('try later'), { responseCode: 451 }));
      done();
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        held.mails.push({ to, text: Buffer.concat(parts).toString('utf8') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  held.port = (server.server.address() as { port: number }).port;
  held.close = () => new Promise((resolve) => server.close(() => resolve()));
  return held;
}
