import { readSettings } from '../../src/config/settings.ts';
import { openServices } from '../../src/tasks/services.ts';

/** What tasks reach beside the database, when nothing is set but `env`. Its folder has no settings file. */
export function servicesOf(env: Record<string, string> = {}, clock = () => new Date(0)) {
  return openServices(() => readSettings({ env, cwd: '/nonexistent' }), clock);
}
