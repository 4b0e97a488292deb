import type { Routes } from './server.ts';

/** One thing that must be right; `says` is a sentence where it is not, or what there is to say of it. */
export interface Check {
  ok: boolean;
  says?: string | undefined;
}

export interface HealthSource {
  /** whether the process does its work; asked without touching anything else */
  alive(): Check;
  /** what must be right for the work to be done, by name: the database, its schema, the tasks */
  ready(): Promise<Record<string, Check>>;
}

/**
 * `/healthz` says whether the process is alive (restart it when it is not), `/readyz` whether everything it needs is there. Both answer
 * 200 for yes and 503 for no, with JSON: `{"ok","checks":{"database":{"ok","says"},…}}`.
 */
export function healthRoutes({ alive, ready }: HealthSource): Routes {
  return (app) => {
    app.get('/healthz', (context) => {
      const { ok, says = null } = alive();
      return context.json({ ok, says }, ok ? 200 : 503, noStore);
    });
    app.get('/readyz', async (context) => {
      const checks = await ready();
      const ok = Object.values(checks).every((check) => check.ok);
      return context.json({ ok, checks }, ok ? 200 : 503, noStore);
    });
  };
}

const noStore = { 'Cache-Control': 'no-store' };
