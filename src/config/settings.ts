import os from 'node:os';
import path from 'node:path';

/** What the program was told by flags, environment and files. */
export interface Settings {
  database: { url?: string | undefined; pin?: 'external' | 'embedded' | undefined; home: string };
}

export interface Sources {
  env: Record<string, string | undefined>;
  cwd: string;
  config?: string | undefined;
}

export async function readSettings({ env }: Sources): Promise<Settings> {
  const pin = env.SUBCTL_DATABASE as 'external' | 'embedded' | undefined;
  const home = env.SUBCTL_HOME ?? path.join(os.homedir(), '.local/share/subctl');
  return { database: { url: env.DATABASE_URL, pin, home } };
}
