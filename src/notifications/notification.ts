/**
 * A notification is one thing that one customer is told: a limit that is near, a trial that ends, a payment that failed. What it says stands in
 * `kinds.ts`, how it reads in a template, how it travels in a channel. Notices wait in the outbox (the table `notifications`) and are told
 * once per channel; whoever delivers them is `notifications/deliver.ts`.
 */
export interface Notification {
  /** stays the same when it is sent again: receivers may know it by this */
  id: string;
  customer: string;
  kind: string;
  /** when it came up */
  at: Date;
  /** what the template may name; amounts and instants are texts already */
  fields: Readonly<Record<string, string>>;
}

/** A notification as it is read. */
export interface Message {
  subject: string;
  text: string;
  html: string;
}

/** Where a notification goes; empty where nobody is known. */
export interface Recipient {
  emails: readonly string[];
}

/** A way for notifications to travel. */
export interface Channel {
  readonly name: 'email' | 'webhook';
  /**
   * Hands the notification over.
   * @throws Failure unavailable when another try may succeed, refused when none will
   */
  send(notification: Notification, message: Message, to: Recipient): Promise<void>;
  close(): Promise<void>;
}
