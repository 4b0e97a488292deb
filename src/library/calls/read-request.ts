import type { SeenRequest } from './recognise.ts';

/** What fetch is called with. */
export type FetchInput = Parameters<typeof fetch>[0];
export type FetchInit = Parameters<typeof fetch>[1];

export interface ReadRequest extends SeenRequest {
  /** what to call fetch with, the body still unread; with another JSON body where one is given */
  send(json?: unknown): [FetchInput, FetchInit];
}

/** Looks at a request without using it up. A body that is a stream is left alone: its size says nothing beforehand. */
export async function readRequest(input: FetchInput, init: FetchInit): Promise<ReadRequest> {
  const request = input instanceof Request ? input : undefined;
  const url = new URL(request ? request.url : String(input));
  const method = (init?.method ?? request?.method ?? 'GET').toUpperCase();
  const body = await readBody(init?.body ?? undefined, request);
  return {
    ...{ url, method, body },
    send(json) {
      if (json === undefined) return [input, init];
      const headers = new Headers(init?.headers ?? request?.headers);
      headers.delete('content-length');
      return [input, { ...init, headers, body: JSON.stringify(json) }];
    },
  };
}

async function readBody(body: unknown, request: Request | undefined): Promise<unknown> {
  if (body instanceof FormData) return body;
  if (body instanceof URLSearchParams) return Object.fromEntries(body);
  if (typeof body === 'string') return parse(body);
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body))
    return parse(new TextDecoder().decode(body as ArrayBuffer));
  if (body instanceof Blob) return parse(await body.text());
  if (body !== undefined || !request?.body) return undefined;
  const type = request.headers.get('content-type') ?? '';
  if (type.includes('multipart/form-data')) return request.clone().formData();
  return type.includes('json') ? parse(await request.clone().text()) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
