import path from 'node:path';
import { openCatalogue } from '../../catalog/open-catalogue.ts';
import { packageRoot, packageVersion } from '../../config/package-root.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { effectiveTimetable } from '../../scheduler/effective.ts';
import { agree, mayAsk } from '../ask.ts';
import { describeMaking, describeSetUp } from './describe-set-up.ts';
import { readRolePrefix } from './read-role-prefix.ts';
import { openPlace } from './open-place.ts';
import { setUpBriefly } from './set-up-briefly.ts';
import { type Options, verb } from '../verb.ts';
import { timezone } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl setup', 'set up a database without plans'],
    ['subctl setup --catalogue sketchmaker', 'set up with the plans of a shipped catalogue'],
    ['subctl setup --plan > update.sql', 'review the SQL before an update'],
    ['subctl setup --catalogue mobix --default-plan free --dry-run', 'preview all steps'],
  ],
  exits: [3, 4, 8],
  rows: true,
  writes: true,
  needs: 'database',
})
  .description(
    'Without DATABASE_URL an embedded PostgreSQL is created first. Then one transaction creates the ' +
      'schema, event partitions for two years, the timetable of the tasks, and everything that options ' +
      'request. Setup can run any number of times, also concurrently. It does not change what already ' +
      'exists.\n\nA catalogue is a shipped one or a file. Plans that were edited after loading are kept; ' +
      '--update overwrites them. Model prices are loaded with the catalogue. ' +
      'HUGGINGFACE_INPUT_TOKEN_COST and HUGGINGFACE_OUTPUT_TOKEN_COST, if set, become prices from now ' +
      'on.\n\n--roles creates the roles superadmin, admin, reader, personal and app on the server. Later ' +
      'runs keep their rights up to date: subctl roles list.\n\nWithout options, on a terminal, it asks ' +
      'for a catalogue, a default plan and a time zone if they are missing.',
  )
  .option('--catalogue <name|file>', 'catalogue to load: plans, meters and prices')
  .option('--preset <name>', 'catalogue to use from a file with several')
  .option('--update', 'overwrite plans that differ from the catalogue', false)
  .option('--default-plan <plan>', 'plan of customers without a subscription')
  .option('--timezone <zone>', 'time zone of the timetable, and of customers without one', timezone)
  .option('--plan', 'print the SQL for the schema and run nothing', false)
  .option('--roles', 'create the PostgreSQL roles and grant their rights', false)
  .option('--role-prefix <prefix>', 'prefix of the role names (default: subctl)');

type Input = Options<typeof command>;

/** Sets up the database. Without options on a terminal, asks for missing settings. */
export async function run(context: Context, input: Input): Promise<Outcome> {
  if (input.plan) return (await import('./plan.ts')).planSetUp(context);
  const isBare = Object.values(input).every((value) => value === undefined || value === false);
  if (!isBare || !mayAsk(context)) return setUpPlace(context, input);
  const { askSetUp } = await import('./ask.ts');
  const answered = await askSetUp(context, input);
  return answered ? agree(context, answered, setUpPlace) : setUpPlace(context, input);
}

/** Finds or creates the database, sets it up, and reports each step. */
async function setUpPlace(context: Context, input: Input): Promise<Outcome> {
  const { catalogue: name, preset, update, defaultPlan, timezone } = input;
  const rolePrefix = readRolePrefix(input);
  // reject an invalid catalogue before anything is created
  const catalogue = name === undefined ? undefined : await openCatalogue(name, { cwd: context.cwd, preset });
  const { huggingface, timetable } = await context.settings();
  const tasks = effectiveTimetable(timetable);
  const place = await openPlace(context);
  if (place.wouldMake) return describeMaking(place, input);
  const connection = await context.database();
  const asked = {
    catalogue: name,
    preset,
    update: update || undefined,
    default_plan: defaultPlan,
    timezone,
    roles: rolePrefix,
  };
  const [now, actor] = [await context.now(), await context.actor()];
  const change = { now, actor, reason: context.reason, action: 'setup', asked };
  const program = { folder: path.join(packageRoot(), 'drizzle'), program: packageVersion() };
  const request = {
    ...{ program, change, clock: now, catalogue, update },
    ...{ defaultPlan, timezone, huggingface, rolePrefix, tasks },
  };
  const done = await setUpBriefly(connection, request, context.dryRun);
  return describeSetUp({ place, done, dryRun: context.dryRun });
}
