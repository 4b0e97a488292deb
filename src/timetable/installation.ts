import { convert } from './convert.ts';
import type { Expression } from './expression.ts';

/** This installation, as something that starts it must know it. */
export interface Installation {
  /** absolute paths: the program, or node and the script */
  program: readonly string[];
  /** what is pinned: SUBCTL_DATABASE, and whatever makes it the same database as now */
  environment: Readonly<Record<string, string>>;
  /** the folder whose .env or subctl.yaml holds the settings */
  folder?: string | undefined;
  /** the URL was given by the environment, so whoever starts the program must give it too */
  needsUrl: boolean;
  /** the folder of the embedded database */
  home?: string | undefined;
  account: string;
}

/** A task at its time in the zone of the timetable. */
export interface Scheduled {
  task: string;
  cron: string;
  timezone: string;
  summary: string;
}

/** An entry of an artefact: what is started when, in the artefact's zone. */
export interface ArtefactEntry extends Scheduled {
  expression: Expression;
}

/** A file of an artefact. */
export interface ArtefactFile {
  name: string;
  text: string;
  /** Windows reads task files in UTF-16 with a byte order mark */
  encoding: 'utf8' | 'utf16le';
}

/** Every minute, whatever is due: right in every zone. */
export const runDueEntry: Scheduled = {
  task: 'run-due',
  cron: '* * * * *',
  timezone: 'UTC',
  summary: 'Run whatever the timetable says is due',
};

/** The entries in the zone `to`, for the year from `at`. @throws Failure refused when one has no exact time there */
export function entriesIn(scheduled: readonly Scheduled[], to: string, at: Date): ArtefactEntry[] {
  return scheduled.map((entry) => ({
    ...entry,
    expression: convert(entry.cron, { from: entry.timezone, to, at }),
  }));
}

/** The bytes of a file. */
export function bytesOf({ text, encoding }: ArtefactFile): Buffer {
  return encoding === 'utf8' ? Buffer.from(text) : Buffer.from(`\uFEFF${text}`, 'utf16le');
}
