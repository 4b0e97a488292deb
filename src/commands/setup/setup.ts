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
    ['subctl setup', 'a database without plans'],
    ['subctl setup --catalogue sketchmaker', 'with the plans of a shipped catalogue'],
    ['subctl setup --plan > update.sql', 'to read before an update what it would do'],
    ['subctl setup --catalogue mobix --default-plan free --dry-run', 'what would be done'],
  ],
  exits: [3, 4, 8],
  rows: true,
  writes: true,
  needs: 'database',
})
  .description(
    "Without DATABASE_URL a PostgreSQL of subctl's own is made first. Then everything happens in one " +
      'transaction: the schema, room for the events of two years, the timetable of the tasks, and what ' +
      'the options ask for. It may be run any number of times, also at once: what is there already is ' +
      'left as it is.\n\n' +
      'A catalogue is one that comes with subctl, by its name, or a file. Plans that were edited since ' +
      'they were loaded are kept; --update overwrites them. Prices of models come with the catalogue. ' +
      'HUGGINGFACE_INPUT_TOKEN_COST and HUGGINGFACE_OUTPUT_TOKEN_COST, where they are set, become ' +
      'prices that hold from now on.\n\n' +
      'With --roles the roles superadmin, admin, reader, personal and app are made on the server, and ' +
      'each setup after it keeps their rights in step: subctl roles list.\n\n' +
      'Without options, on a terminal, it asks for what the database does not have: a catalogue, a ' +
      'default plan, a time zone.',
  )
  .option('--catalogue <name|file>', 'load these plans, with their meters and prices')
  .option('--preset <name>', 'the one to take of a file with several')
  .option('--update', 'overwrite what the database has otherwise than the catalogue', false)
  .option('--default-plan <plan>', 'the plan of those who have no subscription')
  .option('--timezone <zone>', 'of the timetable, and of customers without one', timezone)
  .option('--plan', 'only show the SQL that would be run on the schema', false)
  .option('--roles', 'make the roles of PostgreSQL, and grant them just what they need', false)
  .option('--role-prefix <prefix>', 'what their names begin with (subctl)');

type Input = Options<typeof command>;

/** Sets up what the options say; without any, on a terminal, it asks for what the database does not have. */
export async function run(context: Context, input: Input): Promise<Outcome> {
  if (input.plan) return (await import('./plan.ts')).planSetUp(context);
  const isBare = Object.values(input).every((value) => value === undefined || value === false);
  if (!isBare || !mayAsk(context)) return setUpPlace(context, input);
  const { askSetUp } = await import('./ask.ts');
  const answered = await askSetUp(context, input);
  return answered ? agree(context, answered, setUpPlace) : setUpPlace(context, input);
}

/** Finds or makes the database, sets it up, and says line by line what was done and what was there. */
async function setUpPlace(context: Context, input: Input): Promise<Outcome> {
  const { catalogue: name, preset, update, defaultPlan, timezone } = input;
  const rolePrefix = readRolePrefix(input);
  // before anything is made: a catalogue that cannot be read
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
