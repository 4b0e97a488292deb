import type { MiddlewareHandler } from 'hono';

/** What is told of a request: nothing of whom it was about, nor of what was sent. */
export interface RequestFacts {
  id: string;
  method: string;
  /** the path as it is declared, with `:customer` in place of one; null where there is nothing */
  route: string | null;
  status: number;
  ms: number;
  /** the name of the token, where one was shown that is known */
  token: string | null;
}

/** Tells of each request when it is answered. */
export async function tellOf({
  clock,
  onRequest,
}: {
  clock: () => Date;
  onRequest: (facts: RequestFacts) => void;
}): Promise<MiddlewareHandler> {
  const { routePath } = await import('hono/route');
  return async (context, next) => {
    const from = clock().getTime();
    await next();
    const route = routePath(context, -1);
    onRequest({
      id: context.get('requestId' as never),
      method: context.req.method,
      route: route === '/*' || route === '*' ? null : route,
      status: context.res.status,
      ms: clock().getTime() - from,
      token: (context.get('caller' as never) as string | undefined) ?? null,
    });
  };
}
