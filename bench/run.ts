// npm run bench -- [--only start-up,tasks] [--rows 1000000] [--customers N] [--seconds N] [--repeat N] [--output FILE]
import path from 'node:path';
import { parseArgs } from 'node:util';
import { batches } from './batches.ts';
import { churn } from './churn.ts';
import { fromNode } from './from-node.ts';
import { growth } from './growth.ts';
import { http } from './http.ts';
import { imports } from './imports.ts';
import { instructions } from './instructions.ts';
import { library } from './library.ts';
import { recording } from './recording.ts';
import { type Figure, line, type Options, writeResults, writeTargets } from './results.ts';
import { root, type Server, startServer } from './server.ts';
import { startUp } from './start-up.ts';
import { tasks } from './tasks.ts';
import { windows } from './windows.ts';

/** What each part of the bench is given. */
export interface Bench {
  server: Server;
  options: Options;
  add(...figures: Figure[]): void;
  note(sentence: string): void;
}

// batches and http go on with the customers of recording
const parts = {
  'start-up': startUp,
  windows,
  instructions,
  recording,
  'from-node': fromNode,
  batches,
  http,
  imports,
  tasks,
  library,
  growth,
  churn,
};

const results = path.join(root, 'bench/results.md');
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(parts).join(',') },
    rows: { type: 'string', default: '100000' },
    customers: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '2' },
    repeat: { type: 'string', default: '3' },
    output: { type: 'string', default: results },
  },
});
const [rows, customers, seconds, repeat] = [values.rows, values.customers, values.seconds, values.repeat].map(
  Number,
);
const options: Options = { rows: rows!, customers: customers!, seconds: seconds!, repeat: repeat! };

const figures: Figure[] = [];
const notes: string[] = [];
const server = await startServer();
const postgres = await versionOf(server);
// figures of another server stand beside those of the embedded one
const beside = server.embedded ? '' : `, ${/^PostgreSQL \d+/.exec(postgres)![0]}`;
process.once('SIGINT', () => void server.stop().finally(() => process.exit(130)));
try {
  for (const name of values.only.split(',')) {
    const part = parts[name as keyof typeof parts];
    if (!part) throw new Error(`There is no part '${name}': ${Object.keys(parts).join(', ')}`);
    await part({
      server,
      options,
      add(...added) {
        figures.push(...added.map((figure) => ({ ...figure, section: figure.section + beside })));
        for (const figure of added) console.log(line(figure));
      },
      note(sentence) {
        notes.push(sentence);
        console.log(sentence);
      },
    });
  }
} finally {
  await server.stop();
}
writeResults(values.output, figures, notes, { options, postgres });
if (values.output === results) writeTargets(results, path.join(root, 'docs/performance.md'));

async function versionOf(server: Server): Promise<string> {
  const sql = server.connect(server.main, 1);
  const [row] = await sql<[{ version: string }]>`select current_setting('server_version') as version`;
  await sql.end();
  return `PostgreSQL ${row.version.split(' ')[0]!}${server.embedded ? ', embedded' : ''}`;
}
