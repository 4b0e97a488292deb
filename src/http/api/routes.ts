import type { Context, Hono } from 'hono';
import { checkCustomer, checkScope } from '../../api-tokens/find-caller.ts';
import { withCurrencyDigits } from '../../domain/currency-digits.ts';
import { Failure } from '../../domain/failure.ts';
import { HttpFailure } from '../http-failure.ts';
import type { Routes } from '../server.ts';
import { openApiDocument } from './document.ts';
import { openAuthenticator } from './authenticator.ts';
import type { ApiAnswer, ApiServices, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { checkRole } from './check-role.ts';
import { docsPage } from './page.ts';
import { readRequest } from './read-request.ts';

export interface ApiSource extends ApiServices {
  version: string;
  /** the address of the caller is the last that X-Forwarded-For names, for a server of ours adds it */
  behindProxy: boolean;
  /** how long a request may take */
  timeoutMs: number;
  /** gives a pool up whose database has not answered in time */
  renew(silent: ApiServices['connection']): void;
}

/** The JSON API: every operation at its path, its document at /openapi.json, a page to read at /docs. */
export function apiRoutes(source: ApiSource): Routes {
  return (app) => {
    const authenticator = openAuthenticator({
      db: () => source.connection,
      asOf: source.asOf,
      clock: source.clock,
    });
    for (const one of operations)
      app.on(one.method.toUpperCase(), honoPath(one.path), async (context) => {
        const { connection } = source;
        const late = () => source.renew(connection);
        const { body, status = 200, headers } = await inTime(answer(context, one), source.timeoutMs, late);
        return context.json(withCurrencyDigits(body as object), status as 200, { ...noStore, ...headers });
      });
    serveDocument(app, source.version);
    refuseOtherMethods(app);

    async function answer(context: Context, one: Operation): Promise<ApiAnswer> {
      const address = addressOf(context, source.behindProxy);
      const caller = await authenticator.authenticate(context.req.header('authorization'), address);
      context.set('caller' as never, caller.name as never);
      checkRole(caller, one.needs);
      checkScope(caller, one.scope);
      const input = await readRequest(context, one);
      for (const customer of one.customers(input)) checkCustomer(caller, customer);
      return one.run(source, input, caller);
    }
  };
}

const noStore = { 'Cache-Control': 'no-store' };

function serveDocument(app: Hono, version: string): void {
  app.get('/openapi.json', (context) => context.json(openApiDocument(version)));
  app.get('/docs', async (context) => {
    const policy = "default-src 'none'; style-src 'unsafe-inline'";
    return context.html(await docsPage(openApiDocument(version)), 200, { 'Content-Security-Policy': policy });
  });
}

function refuseOtherMethods(app: Hono): void {
  const paths = new Map<string, string[]>();
  for (const { path, method } of operations as readonly Operation[])
    paths.set(path, [...(paths.get(path) ?? []), method.toUpperCase()]);
  for (const path of ['/openapi.json', '/docs']) paths.set(path, ['GET']);
  for (const [path, methods] of paths)
    app.all(honoPath(path), (context) => {
      const Allow = methods.includes('GET') ? [...methods, 'HEAD'].join(', ') : methods.join(', ');
      throw new HttpFailure('method_not_allowed', `${context.req.method} is not for ${path}`, {
        hint: `Use ${methods.join(' or ')}`,
        headers: { Allow },
      });
    });
}

function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function addressOf(context: Context, behindProxy: boolean): string {
  const forwarded = context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  if (behindProxy && forwarded) return forwarded.slice(0, 100);
  const { incoming } = context.env as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? '';
}

/** What takes too long is answered so; it may have been done all the same. */
function inTime<T>(work: Promise<T>, ms: number, isLate: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const hint = 'it may have been done: send it again with the same key';
      reject(new Failure('unavailable', `The answer took more than ${ms / 1000} seconds`, { hint }));
      isLate();
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
