/**
 * One message to one customer: a limit is near, a trial ends, a payment failed. `kinds.ts` has its content, a template its form, a channel
 * its transport. Notifications wait in the outbox (the table `notifications`) and are sent once per channel by `notifications/deliver.ts`.
 */
export interface Notification {
  /** unchanged when it is sent again, so that receivers can recognize it */
  id: string;
  customer: string;
  kind: string;
  /** when it arose */
  at: Date;
  /** the fields that the template may use; amounts and instants are already text */
  fields: Readonly<Record<string, string>>;
}

/** A rendered notification. */
export interface Message {
  subject: string;
  text: string;
  html: string;
}

/** The addresses of a notification; empty where none is known. */
export interface Recipient {
  emails: readonly string[];
}

/** A channel that delivers notifications. */
export interface Channel {
  readonly name: 'email' | 'webhook';
  /**
   * Delivers the notification.
   * @throws Failure unavailable when another try may succeed, refused when none will
   */
  send(notification: Notification, message: Message, to: Recipient): Promise<void>;
  close(): Promise<void>;
}
