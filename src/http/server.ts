import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Hono, MiddlewareHandler } from 'hono';
import { Failure } from '../domain/failure.ts';
import { answerFailure } from './answer-failure.ts';
import { answerNoRequest, answerUnreadable, checkHost } from './malformed.ts';
import { type RequestFacts, tellOf } from './request-facts.ts';

/** Adds routes to the server: health and metrics, a webhook, an API. A Failure that a handler throws becomes its status and JSON. */
export type Routes = (app: Hono) => void;

export interface ServerRequest {
  /** loopback unless somebody says otherwise: nothing here asks who calls */
  host: string;
  /** 0 takes a free one */
  port: number;
  routes: readonly Routes[];
  /** told of errors that no handler expected; the caller sees status 500 and no detail */
  onBug?: (error: unknown, path: string) => void;
  /** told of each request when it is answered; `clock` is the machine's */
  log?: { clock: () => Date; onRequest: (facts: RequestFacts) => void } | undefined;
  /** how long requests under way may take when the server is told to stop; a second unless said */
  graceMs?: number | undefined;
}

export interface RunningServer {
  /** where it answers, without a slash at the end */
  url: string;
  /** Takes no new request, gives those under way their time, and closes. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server with these routes. Unknown paths are answered 404, failures with the status of their kind, all as
 * `{"error":{"code","message","hint"}}`.
 * @throws Failure unavailable when the port is taken, config when the address is not this machine's or may not be used
 */
export async function startServer({
  host,
  port,
  routes,
  onBug = () => undefined,
  log,
  graceMs = 1_000,
}: ServerRequest): Promise<RunningServer> {
  const { Hono } = await import('hono');
  const { getRequestListener } = await import('@hono/node-server');
  const { requestId } = await import('hono/request-id');
  const held = { isClosing: false };
  const app = new Hono();
  app.use(requestId(), async (context, next) => {
    context.header('X-Content-Type-Options', 'nosniff');
    await next();
    if (held.isClosing) context.header('Connection', 'close');
  });
  if (log) app.use(await tellOf(log));
  app.use(checkHost as MiddlewareHandler);
  for (const add of routes) add(app);
  app.notFound((context) => {
    const message = `There is nothing at ${context.req.path}`;
    return context.json({ error: { code: 'not_found', message, hint: null } }, 404);
  });
  app.onError((error, context) => {
    const { status, headers, body, isOurs } = answerFailure(error);
    if (isOurs) onBug(error, context.req.path);
    return context.json(body, status as 500, headers);
  });
  const serverOptions = {
    ...{ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 75_000 },
    requireHostHeader: false, // or Node refuses by itself, without a body
  };
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    hostname: 'localhost', // of requests without a Host, which checkHost refuses or lets pass
    errorHandler: answerUnreadable,
  });
  const server = createServer(serverOptions, listener);
  server.on('clientError', answerNoRequest);
  await listen(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () => close(server, held, graceMs),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(notListening(error, `${host}:${port}`)));
    server.listen(port, host, resolve);
  });
}

function notListening(error: NodeJS.ErrnoException, address: string): Error {
  const hint = 'give another address with --listen';
  const { code } = error;
  if (code === 'EADDRINUSE')
    return new Failure('unavailable', `Another program listens at ${address} already`, { hint });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Failure('config', `It is not possible to listen at ${address}: ${error.message}`, { hint });
  return error;
}

function close(server: Server, held: { isClosing: boolean }, graceMs: number): Promise<void> {
  held.isClosing = true;
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
