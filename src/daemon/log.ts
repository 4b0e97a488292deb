import { type Logger, pino, stdSerializers } from 'pino';
import { oneLine } from '../domain/plain-text.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export interface LogRequest {
  /** where whole lines go: stderr */
  write: (line: string) => void;
  /** JSON lines for machines, or lines for people */
  format: 'json' | 'text';
  level: 'debug' | 'info' | 'warn';
}

/** The daemon's log. Every line has `time`, `level`, `msg` and facts under names of the trade: `task`, `outcome`, `done` … */
export function openLog({ write, format, level }: LogRequest): Log {
  const stream = { write: format === 'json' ? write : (line: string) => write(forPeople(line)) };
  return pino(
    {
      level,
      base: { program: 'subctl', pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err },
    },
    stream,
  );
}

interface Line {
  time: string;
  level: string;
  msg: string;
  err?: { stack?: string };
  [fact: string]: unknown;
}

const known = new Set(['time', 'level', 'msg', 'err', 'program', 'pid']);

/** `18:04:05 check-expired: 3 done  scheduled_for=… ms=12` */
function forPeople(text: string): string {
  const line = JSON.parse(text) as Line;
  const facts = Object.entries(line)
    .filter(([key, value]) => !known.has(key) && value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${oneLine(typeof value === 'string' ? value : JSON.stringify(value))}`);
  const level = line.level === 'info' ? '' : `${line.level}: `;
  const said = [`${line.time.slice(11, 19)}Z ${level}${oneLine(line.msg)}`, ...facts].join('  ');
  return line.err?.stack ? `${said}\n${line.err.stack}\n` : `${said}\n`;
}
