import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { MiddlewareHandler } from 'hono';
import { Failure } from '../domain/failure.ts';
import { answerFailure } from './answer-failure.ts';

/** What health checks of load balancers ask in HTTP/1.0, which needs no Host. */
const needNoHost = new Set(['/healthz', '/readyz']);

/** Refuses requests without a Host, but for health checks in HTTP/1.0, and requests with several. */
export const checkHost: MiddlewareHandler<{ Bindings: { incoming: IncomingMessage } }> = async (
  { req, env },
  next,
) => {
  const { headers, headersDistinct, httpVersion, url = '' } = env.incoming;
  const isOld = httpVersion === '1.0' && (url.startsWith('http') || needNoHost.has(req.path));
  if (!headers.host && !isOld) throw new Failure('usage', 'The request has no Host header');
  if ((headersDistinct['host'] ?? []).length > 1)
    throw new Failure('usage', 'The request has more than one Host header');
  await next();
};

/** Answers a request that could not be given to the routes: its target or Host cannot be read. */
export function answerUnreadable(error: unknown): Response {
  const isTheirs = (error as Error).name === 'RequestError';
  const { status, body } = answerFailure(
    isTheirs
      ? new Failure('usage', 'The target or the Host header of the request cannot be read', { cause: error })
      : error,
  );
  return Response.json(body, { status, headers: { 'X-Content-Type-Options': 'nosniff' } });
}

/** Answers bytes that are no HTTP request, as other refusals are answered, and closes the connection. */
export function answerNoRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  const isAnswered = (socket as { _httpMessage?: { headersSent: boolean } })._httpMessage?.headersSent;
  if (!socket.writable || isAnswered || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, message } = refusals[error.code ?? ''] ?? {
    status: '400 Bad Request',
    message: 'The request is no HTTP that can be read',
  };
  const body = JSON.stringify(answerFailure(new Failure('usage', message)).body);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const refusals: Readonly<Partial<Record<string, { status: string; message: string }>>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'The headers of the request are larger than 16 KiB',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '413 Payload Too Large',
    message: 'The chunk extensions of the request are larger than 16 KiB',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    message: 'The request did not come in time',
  },
};
