import * as z from 'zod';
import type { Caller } from '../../api-tokens/find-caller.ts';
import type { Scope } from '../../api-tokens/scopes.ts';
import type { Change } from '../../database/change.ts';
import type { Connection, Db } from '../../database/connect.ts';
import type { OpenKeyRing } from '../../keys/open-key-ring.ts';
import type { Gateway } from '../../payments/gateway.ts';
import type { StripeAccount } from '../../payments/stripe-account.ts';
import type { NeededRight } from '../../roles/lacks-right.ts';

/** What operations work with. */
export interface ApiServices {
  connection: Connection;
  /** the business's now where somebody said one; else the functions take the database's clock */
  asOf: Date | undefined;
  /** the business's now, asked of the database */
  now(): Promise<Date>;
  /** the machine's, for how long to wait and how old a memory is */
  clock(): Date;
  /** one transaction under a change of its own, by whoever calls */
  write<T>(
    request: { action: string; actor: string; asked: Record<string, unknown> },
    work: (tx: Db, change: Change) => Promise<T>,
  ): Promise<T>;
  stripe(): Promise<StripeAccount>;
  gateway(): Promise<Gateway>;
  /** the master keys of the provider keys */
  keyRing: OpenKeyRing;
  returnUrl: string | undefined;
}

/** The parameters of an operation that takes none. */
export const nothing = z.strictObject({});

/** What an operation answers: the body, and what is not as usual. */
export interface ApiAnswer {
  body: unknown;
  /** 200 unless said */
  status?: number;
  headers?: Record<string, string>;
}

interface Shape {
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodType | undefined;
}

export interface ApiInput<S extends Shape> {
  params: z.output<S['params']>;
  query: z.output<S['query']>;
  body: S['body'] extends z.ZodType ? z.output<S['body']> : undefined;
}

/** One thing that can be asked. Requests are read by its schemas, and the document is made from them: there is no other list. */
export interface Operation<S extends Shape = Shape> {
  /** its name in the document, and for generated clients */
  id: string;
  tag: string;
  method: 'get' | 'post';
  /** `/v1/customers/{customer}/usage` */
  path: string;
  summary: string;
  description: string;
  scope: Scope;
  /** what a role must have for it: the rights that its SQL needs of an account of the database */
  needs: readonly NeededRight[];
  shape: S;
  answer: z.ZodType;
  /** statuses beside 200 and the usual ones (400, 401, 403, 503), each with what it means here */
  statuses?: Record<number, string>;
  /** the header Idempotency-Key is the body's key */
  keyed?: boolean;
  /** of whom it speaks: the token is asked whether it may */
  customers(input: ApiInput<S>): readonly string[];
  run(services: ApiServices, input: ApiInput<S>, caller: Caller): Promise<ApiAnswer>;
  /** of the body, for the page and for tests */
  example?: unknown;
}

/** Gives an operation its exact types. */
export function operation<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType | undefined>(
  one: Operation<{ params: P; query: Q; body: B }>,
): Operation {
  return one as unknown as Operation;
}
