import { spawnSync } from 'node:child_process';
import type { Bench } from './run.ts';
import { digits, median } from './results.ts';
import { program } from './server.ts';

/** Start-up next to `node -e 0`, in the environment as it is. */
export function startUp({ server, options, add, note }: Bench): void {
  server.subctl(['plans', 'list', '--json']); // the server runs
  const query = [program, 'plans', 'list', '--json'];
  const cases = {
    node: { args: ['-e', '0'], env: server.env },
    help: { args: [program, '--help'], env: server.env },
    embedded: { args: query, env: server.env },
    url: { args: query, env: { ...server.env, DATABASE_URL: server.url(server.main) } },
  };
  const taken: Record<keyof typeof cases, number[]> = { node: [], help: [], embedded: [], url: [] };
  const turn = (withBundle: NodeJS.ProcessEnv) => {
    for (const [name, { args, env }] of Object.entries(cases)) {
      const from = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { env: { ...env, ...withBundle } });
      if (status !== 0) throw new Error(String(stderr));
      taken[name as keyof typeof cases].push(performance.now() - from);
    }
  };
  for (let count = 0; count < 7 * options.repeat; count++) turn({});
  const node = median(taken.node);
  const say = (what: string, values: number[], ratio: number | undefined) =>
    add({
      section: 'Start-up',
      what,
      measured: `${digits(median(values))} ms`,
      baseline: `node -e 0: ${digits(node)} ms`,
      ratio: median(values) / node,
      ...(ratio === undefined ? {} : { target: { at: 'most', ratio } }),
    });
  say('`--help`', taken.help, 1.25);
  say('`plans list --json`, embedded server', taken.embedded, 1.7);
  say('`plans list --json`, DATABASE_URL', taken.url, 1.7);
  if (!process.env.NODE_EXTRA_CA_CERTS) return;
  for (const values of Object.values(taken)) values.length = 0;
  for (let count = 0; count < 3 * options.repeat; count++) turn({ NODE_EXTRA_CA_CERTS: '' });
  const bare = median(taken.node);
  note(
    `NODE_EXTRA_CA_CERTS is set here, and reading that file is a good part of \`node -e 0\`. Without it: node -e 0 ${digits(bare)} ms, ` +
      `--help ${(median(taken.help) / bare).toFixed(2)}, one query ${(median(taken.embedded) / bare).toFixed(2)} ×.`,
  );
}
