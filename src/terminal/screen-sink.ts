import { withoutControls } from '../domain/plain-text.ts';
import { type JqFilter, jqLines } from './jq.ts';
import { type Sink, stdoutSink } from './sink.ts';
import type { Terminal } from './terminal.ts';

/** Keeps the JSON until it is whole, and writes what the filter makes of it. */
export function filteredSink(target: Sink, filter: JqFilter): Sink {
  let json = '';
  return {
    ...target,
    write: async (text) => void (json += text),
    get closed() {
      return target.closed;
    },
    async commit() {
      await target.write(jqLines(filter, JSON.parse(json)));
      await target.commit();
    },
  };
}

/** Stdout; a table on the screen of this process goes through the pager, which needs the screen itself. */
export async function screenSink(
  terminal: Terminal,
  { format, pager }: { format: string; pager?: string | undefined },
): Promise<Sink> {
  const isScreen = terminal.outIsTerminal && terminal.streams.stdout === process.stdout;
  if (!isScreen || pager === undefined || format !== 'table') return cleanSink(terminal, format);
  return (await import('./pager.ts')).pagedSink(terminal, pager, process.env);
}

/** Data that goes to a screen in another form than a table loses its control characters; tables have done so cell by cell. */
function cleanSink(terminal: Terminal, format: string): Sink {
  const sink = stdoutSink(terminal);
  if (!terminal.outIsTerminal || format === 'table') return sink;
  return {
    ...sink,
    write: (text) => sink.write(withoutControls(text)),
    get closed() {
      return sink.closed;
    },
  };
}
