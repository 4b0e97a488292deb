import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkParams } from './check-params.ts';
import type { Fault, Faults } from './faults.ts';
import { list, type Params, parseForm } from './form.ts';
import { expand } from './pages.ts';
import { routes } from './routes.ts';
import { ApiError, invalid, type World } from './world.ts';

export interface RunningServer {
  url: string;
  /** every request that came, `POST /v1/refunds`, with what became of it */
  readonly requests: { line: string; status: number; key: string | undefined; auth: string }[];
  /** Stripe keeps idempotency keys for a day or so */
  forgetKeys(): void;
  close(): Promise<void>;
}

interface Kept {
  line: string;
  body: string;
  status: number;
  answer: string;
}

/** Serves a world on loopback as https://api.stripe.com would: forms in, JSON out, idempotency keys, errors, faults on demand. */
export async function serve(
  world: World,
  faults: Faults,
  { key = 'sk_test_subctl' } = {},
): Promise<RunningServer> {
  const kept = new Map<string, Kept>();
  const requests: RunningServer['requests'] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => handle(request, response, body));
  });
  const handle = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const line = `${request.method} ${request.url?.split('?')[0]}`;
    const idempotency = request.headers['idempotency-key'] as string | undefined;
    const fault = faults.take(line);
    const note = (status: number) =>
      requests.push({ line, status, key: idempotency, auth: request.headers.authorization ?? '' });
    if (fault && fault.kind !== 'lost') {
      note(statusOf(fault));
      if (fault.kind === 'cut') return void request.socket.destroy();
      return send(response, statusOf(fault), JSON.stringify({ error: bodyOf(fault) }), fault.headers);
    }
    const { status, answer } = answerTo(world, kept, { request, line, body, idempotency, key });
    note(status);
    // the work is done, and nobody hears of it
    if (fault) return void setTimeout(() => request.socket.destroy(), fault.afterMs ?? 0);
    const reply = () => send(response, status, answer);
    if (faults.latencyMs) setTimeout(reply, faults.latencyMs);
    else reply();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    forgetKeys: () => kept.clear(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Call {
  request: IncomingMessage;
  line: string;
  body: string;
  idempotency: string | undefined;
  key: string;
}

function answerTo(world: World, kept: Map<string, Kept>, call: Call): { status: number; answer: string } {
  const { request, line, body, idempotency } = call;
  if (request.headers.authorization !== `Bearer ${call.key}`)
    return failed(new ApiError(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' }));
  const before = idempotency ? kept.get(idempotency) : undefined;
  if (before && (before.line !== line || before.body !== body))
    return failed(
      new ApiError(400, {
        type: 'idempotency_error',
        message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${idempotency}' if you meant to execute a different request.`,
      }),
    );
  if (before) return before;
  const done = act(world, call);
  if (idempotency && done.status !== 429) kept.set(idempotency, { line, body, ...done });
  return done;
}

function act(world: World, { request, body }: Call): { status: number; answer: string } {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const params: Params = parseForm(request.method === 'POST' ? body : query);
  try {
    const found = findRoute(request.method ?? '', path);
    checkParams(found.pattern, params);
    const answer = expand(world, found.handler(world, params, found.id), list(params['expand']));
    return { status: 200, answer: JSON.stringify(answer) };
  } catch (error) {
    if (error instanceof ApiError) return failed(error);
    throw error;
  }
}

function findRoute(method: string, path: string) {
  for (const [pattern, handler] of Object.entries(routes)) {
    const form = new RegExp(`^${pattern.replace(':id', '([^/]+)')}$`);
    const found = form.exec(`${method} ${path}`);
    if (found) return { pattern, handler, id: decodeURIComponent(found[1] ?? '') };
  }
  throw invalid(`Unrecognized request URL (${method}: ${path}).`);
}

const failed = ({ status, body }: ApiError) => ({ status, answer: JSON.stringify({ error: body }) });

const statuses: Partial<Record<Fault['kind'], number>> = { busy: 429, broken: 500, refused: 400 };
const statusOf = ({ kind }: Fault): number => statuses[kind] ?? 0;

const bodies: Partial<Record<Fault['kind'], object>> = {
  busy: {
    type: 'rate_limit_error',
    code: 'rate_limit',
    message: 'Too many requests hit the API too quickly.',
  },
  refused: { type: 'invalid_request_error', message: 'This cannot be done.' },
};
const bodyOf = ({ kind }: Fault) =>
  bodies[kind] ?? { type: 'api_error', message: 'An unknown error occurred' };

function send(
  response: ServerResponse,
  status: number,
  answer: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_T', ...headers })
    .end(answer);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
