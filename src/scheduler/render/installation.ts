import { convert } from '../convert.ts';
import type { Expression } from '../expression.ts';

/** This installation, as something that starts it must know it. */
export interface Installation {
  /** absolute paths: the program, or node and the script */
  program: readonly string[];
  /** what is pinned: SUBCTL_DATABASE, and whatever makes it the same database, with the same settings, as now */
  environment: Readonly<Record<string, string>>;
  /** secrets that stand in files of their own, which only the account may read */
  secrets: readonly SecretFile[];
  /** the folder whose .env or subctl.yaml holds the settings */
  folder?: string | undefined;
  /** the folder of the embedded database */
  home?: string | undefined;
  account: string;
  /** `user`: of one account, without root; `system`: of the host */
  scope: 'user' | 'system';
  /** the command that made it, without `subctl`: it is written into what is made, so that it can be made again and compared */
  madeBy: string;
}

/** A secret in a file: what `VARIABLE_FILE` names. */
export interface SecretFile {
  variable: string;
  file: string;
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

/** The line that says what made a file, after the comment sign; `madeByIn` finds it again. */
export const madeByLine = ({ madeBy }: Installation): string => `Written by: subctl ${madeBy}`;

/** What made a file, without `subctl`; undefined for a file that is not ours. */
export function madeByIn(text: string): string | undefined {
  return /^(?:#|rem) Written by: subctl (schedule .*?)\r?$/m.exec(text)?.[1];
}

/** The bytes of a file. */
export function bytesOf({ text, encoding }: Pick<ArtefactFile, 'text' | 'encoding'>): Buffer {
  return encoding === 'utf8' ? Buffer.from(text) : Buffer.from(`\uFEFF${text}`, 'utf16le');
}
