import { type EventReader, readJsonLines, readServerEvents } from './events.ts';
import { gather, type Gathered, nothingYet } from './usage.ts';

/** How a response ended: whole, or cut off by either side. */
export interface Watched {
  gathered: Gathered;
  isWhole: boolean;
  isStream: boolean;
}

export interface WatchOptions {
  /** leave out the event that says the usage: the application has not asked for it */
  hidesUsage: boolean;
  /** after so long a stream that nobody reads is over */
  patienceMs: number;
  /** with which the application may give the call up */
  signal: AbortSignal | undefined;
  /** does work that nobody waits for */
  inBackground(work: () => Promise<unknown>): void;
  /** has `end` called when the process ends; gives the way to forget it */
  atLast(end: () => void): () => void;
  /** called once, when the response has ended, however it ends */
  onEnd(watched: Watched): void;
}

/** Bodies beyond this are passed on and not read: no usage is that long. */
const mostBytes = 32 * 2 ** 20;

/** For a stream, what splits it into events; undefined for all that comes in one piece. */
function streamReaderOf(type: string): EventReader | undefined {
  if (type.includes('event-stream')) return readServerEvents();
  return /ndjson|json-?lines|stream\+json/.test(type) ? readJsonLines() : undefined;
}

/**
 * The response with a body that is looked at on its way: a stream piece by piece as the application takes it, a plain body aside of it. Nothing is
 * held back, changed or waited for, but for the event that nobody asked for.
 */
export function watchResponse(response: Response, options: WatchOptions): Response {
  const type = (response.headers.get('content-type') ?? '').toLowerCase();
  const reader = streamReaderOf(type);
  if (!response.body || (!reader && !type.includes('json'))) {
    options.onEnd({ gathered: nothingYet(), isWhole: true, isStream: false });
    return response;
  }
  if (reader) return like(response, watchStream(response.body, reader, options));
  const [ours, theirs] = response.body.tee();
  options.inBackground(async () => options.onEnd(await readWhole(ours, options)));
  return like(response, theirs);
}

function watchStream(body: ReadableStream<Uint8Array>, reader: EventReader, options: WatchOptions) {
  let gathered = nothingYet();
  let isOver = false;
  const end = (isWhole: boolean) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', cut);
    forget();
    options.onEnd({ gathered, isWhole, isStream: true });
  };
  const timer = setTimeout(() => end(false), options.patienceMs);
  timer.unref?.();
  const cut = () => end(false); // whether or not anybody reads on
  const forget = options.atLast(cut);
  options.signal?.addEventListener('abort', cut, { once: true });
  const source = body.getReader();
  const pass = (
    controller: ReadableStreamDefaultController<Uint8Array>,
    events: ReturnType<EventReader['push']>,
  ) => {
    for (const { bytes, data } of events) {
      gathered = gather(gathered, data);
      if (options.hidesUsage && !saysOnlyUsage(data)) controller.enqueue(bytes);
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { done, value } = await source.read().catch((error: unknown) => {
            end(false);
            throw error;
          });
          if (done) {
            pass(controller, reader.rest());
            end(true);
            return controller.close();
          }
          const events = reader.push(value);
          pass(controller, events);
          if (!options.hidesUsage) controller.enqueue(value);
          if (!options.hidesUsage || events.some(({ data }) => !saysOnlyUsage(data))) return;
        }
      },
      async cancel(reason) {
        end(false);
        await source.cancel(reason);
      },
    },
    { highWaterMark: 0 }, // as fast as the application reads, and no faster
  );
}

/** The last chunk of a stream of chat completions: no choices, and the usage of all of it. */
function saysOnlyUsage(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { choices, usage } = data as { choices?: unknown; usage?: unknown };
  return Array.isArray(choices) && choices.length === 0 && typeof usage === 'object' && usage !== null;
}

async function readWhole(body: ReadableStream<Uint8Array>, { atLast }: WatchOptions): Promise<Watched> {
  const unread = { gathered: nothingYet(), isStream: false };
  const reader = body.getReader();
  const forget = atLast(() => void reader.cancel());
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      bytes += next.value.length;
      if (bytes > mostBytes) {
        void reader.cancel();
        return { ...unread, isWhole: true };
      }
      pieces.push(next.value);
    }
    const said = JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown;
    return { gathered: gather(nothingYet(), said), isWhole: true, isStream: false };
  } catch {
    return { ...unread, isWhole: false };
  } finally {
    forget();
  }
}

/** A response with the same head; what its maker says of it beside that stays, too. */
function like(response: Response, body: ReadableStream<Uint8Array>): Response {
  const { status, statusText, headers, url, redirected, type } = response;
  const made = new Response(body, { status, statusText, headers });
  for (const [name, value] of Object.entries({ url, redirected, type }))
    Object.defineProperty(made, name, { value });
  return made;
}
