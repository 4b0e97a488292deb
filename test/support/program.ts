import { type CliResult, subctl } from './cli.ts';

export interface Program {
  /** runs a line without quotes: `plans list --all` */
  say(line: string): Promise<CliResult>;
  /** what the line prints with --json */
  json<T>(line: string): Promise<T>;
}

/** The program as one user of one database runs it. */
export function programOn(env: Record<string, string>, cwd = '/'): Program {
  const say = (line: string) => subctl(line.split(' '), { env, cwd });
  return {
    say,
    async json<T>(line: string): Promise<T> {
      const { stdout, stderr } = await say(`${line} --json`);
      if (stdout === '') throw new Error(`subctl ${line} printed nothing: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
  };
}
