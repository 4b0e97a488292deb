import type { UsageGuard } from './usage-guard.ts';
import { toResponse } from './refusal.ts';
import { guardRoute, type RouteOptions } from './route.ts';

/** What Node gives to a server, and Express and Connect to a middleware, as far as it is looked at. */
export interface NodeRequest {
  method?: string | undefined;
  url?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
}

export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(text?: string): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export type NodeMiddleware<Request extends NodeRequest> = (
  request: Request,
  response: NodeResponse,
  next: (error?: unknown) => void,
) => void;

/** A middleware for Node's own form: it lets the request go on to `next`, or answers it. */
export function nodeMiddleware<Request extends NodeRequest>(
  guard: UsageGuard,
  options: RouteOptions<Request, NodeResponse>,
): NodeMiddleware<Request> {
  return (request, response, next) => {
    const endpoint = pathOf(request.url ?? '/');
    guardRoute(guard, options, { request, endpoint }).then((result) => {
      if ('refused' in result) {
        const { status, headers, body } = result.refused;
        response.statusCode = status;
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body));
        return;
      }
      // the end of it, whether the client has waited for all of it or has gone
      response.once('close', () =>
        result.onItsWay.over(response.headersSent ? response.statusCode : 0, response),
      );
      next();
    }, next);
  };
}

/** Meters a request of the Fetch API: calls `handle` for its answer, or answers in its place. */
export type FetchMeter = (
  request: Request,
  handle: (request: Request) => Response | Promise<Response>,
) => Promise<Response>;

export function fetchMeter(guard: UsageGuard, options: RouteOptions<Request, Response>): FetchMeter {
  return async (request, handle) => {
    const result = await guardRoute(guard, options, { request, endpoint: new URL(request.url).pathname });
    if ('refused' in result) return toResponse(result.refused);
    const { over } = result.onItsWay;
    try {
      const response = await handle(request);
      over(response.status, options.happened ? response.clone() : response);
      return response;
    } catch (error) {
      over(0, undefined);
      throw error;
    }
  };
}

function pathOf(url: string): string {
  return url.split('?')[0]!;
}
